import { wasChosen } from '../../../shared/certainty'
import { badInput } from '../../../shared/errors'
import type { Choice } from '../../../shared/reading'
import { nameInteractions, nameItems } from '../suggest-mapping'
import type { Conversion } from './format'

interface Part {
  readonly name: string
  readonly columns: readonly string[]
}

type IsWanted = (columns: readonly string[]) => boolean
/** By the names of its columns, what a table is wanted for, the better ones first. */
const wantedColumns: Readonly<Record<Conversion['holds'], readonly IsWanted[]>> = {
  interactions: [nameInteractions],
  items: [(columns) => nameItems(columns) && !nameInteractions(columns), (columns) => !nameInteractions(columns)],
}

/**
 * The table or sheet to read: the one that was named, else the first whose columns are those of interactions, or of items; else the first.
 * @throws StudioError BAD_INPUT where there is none, or none of that name.
 */
export function likeliest<T extends Part>(
  parts: readonly T[],
  { part: wanted, holds }: Pick<Conversion, 'part' | 'holds'>,
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
  for (const isWanted of wantedColumns[holds]) {
    const found = parts.find(({ columns }) => isWanted(columns))
    if (found) return found
  }
  return first
}

/** Which of several tables or sheets is read; nothing where a file has one. */
export function partChoice(
  file: string,
  { name, others, what, said }: { name: string; others: readonly string[]; what: 'table' | 'sheet'; said: boolean },
): Choice[] {
  if (others.length === 0) return []
  const listed = `${others.slice(0, 5).join(', ')}${others.length > 5 ? ', …' : ''}`
  return [
    {
      about: 'part',
      file,
      column: null,
      value: `${what} “${name}”`,
      certainty: said ? 'certain' : 'likely',
      evidence: said ? wasChosen : `The file has ${others.length + 1} ${what}s with rows; the others are ${listed}.`,
      affectsData: true,
      control: what === 'sheet' ? 'Sheet' : 'Table',
      option: '--table NAME',
    },
  ]
}
