import { badInput } from '../../../shared/errors'
import { nameInteractions } from '../suggest-mapping'

interface Part {
  readonly name: string
  readonly columns: readonly string[]
}

/**
 * The table or sheet to read: the one that was named, else the first with a user and an item column, else the first.
 * @throws StudioError BAD_INPUT where there is none, or none of that name.
 */
export function likeliest<T extends Part>(
  parts: readonly T[],
  wanted: string | null,
  file: string,
  what: 'table' | 'sheet',
): T {
  const [first] = parts
  if (!first) throw badInput(`${file} holds no ${what} with rows.`, 'Choose another file.')
  if (wanted !== null) {
    const named = parts.find(({ name }) => name === wanted)
    if (named) return named
    throw badInput(
      `${file} has no ${what} “${wanted}”.`,
      `Choose one of these: ${parts
        .map(({ name }) => name)
        .slice(0, 20)
        .join(', ')}.`,
    )
  }
  return parts.find(({ columns }) => nameInteractions(columns)) ?? first
}
