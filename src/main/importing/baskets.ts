import type { Refusal } from '../../shared/datasets'
import { delimiterName } from '../../shared/reading'
import { headOf } from './plain-text'

/** How much of a file is examined. */
const examinedBytes = 256 * 1024
/** Fewer lines show nothing. */
const fewestLines = 8
/** In lists, lines have different lengths; in tables, nearly all have the same. */
const mostOfOneLength = 0.8
/** The share of the values in each of the first places of a line that also occur in others. */
const leastShared = 0.6

/** Whether lines are lists of the same kind of items: of different lengths, and with the same values in every place. */
function areLists(lines: readonly (readonly string[])[]): boolean {
  const long = lines.filter((cells) => cells.length > 1)
  if (3 * long.length < 2 * lines.length && long.length < fewestLines) return false
  const lengths = new Map<number, number>()
  for (const { length } of lines) lengths.set(length, (lengths.get(length) ?? 0) + 1)
  if (lengths.size < 3 || Math.max(...lengths.values()) > mostOfOneLength * lines.length) return false
  // Nobody buys the same item twice in a row of a list.
  if (long.filter((cells) => new Set(cells).size < cells.length).length > 0.1 * long.length) return false
  const placesOf = new Map<string, Set<number>>()
  for (const cells of lines)
    for (const [at, cell] of cells.entries()) placesOf.set(cell, (placesOf.get(cell) ?? new Set()).add(at))
  return [0, 1].every((place) => {
    const cells = lines.flatMap((line) => line[place] ?? [])
    const shared = cells.filter((cell) => (placesOf.get(cell)?.size ?? 0) > 1).length
    return shared >= leastShared * cells.length
  })
}

/**
 * The refusal of a text that has only baskets: each line lists items, and none says whose they are. Null if it is something else.
 * @param path UTF-8 text
 */
export function onlyBaskets(path: string, file: string): Refusal | null {
  const head = headOf(path, examinedBytes).toString('utf8')
  const lines = head.split(/\r\n|\r|\n/)
  // The last line may be cut off.
  if (head.length >= examinedBytes) lines.pop()
  const filled = lines.filter((line) => line.trim() !== '')
  if (filled.length < fewestLines) return null
  for (const sign of ['\t', ';', ',', '|', ' ']) {
    const cells = filled.map((line) =>
      line
        .trim()
        .split(sign)
        .map((cell) => cell.trim())
        .filter((cell) => cell !== ''),
    )
    if (!areLists(cells)) continue
    return {
      message: `${file} seems to have only baskets: each line lists items, with a ${delimiterName(sign)} between them, and nothing says whose they are.`,
      next: `To take each basket for a user, write its number and its items into two columns, as “basket;items” and below it “1;milk|bread”, or a row for each item, as “1;milk”. If some column has the users, choose it (--user COLUMN; in the app: User).`,
    }
  }
  return null
}
