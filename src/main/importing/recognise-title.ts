import type { RecognisedColumn } from './recognise-columns'
import { nameMatches, saysItemName, wordsOf } from './column-names'
import { formatCounted } from '../../shared/format'

/** The table of interactions in which a column of titles is looked for. */
export interface TitledTable {
  readonly item: RecognisedColumn
  readonly user: RecognisedColumn | null
  /** How many different pairs of values two columns have in rows that have both. */
  readonly filledPairs: (one: string, other: string) => Promise<number>
}

/** Share of the items that may have more than one title, as where they were renamed. */
const renamed = 0.2
/** Different titles for each item below which a column rather says what several items have in common, as a brand. */
const fewestTitles = 0.5
/** Characters of a value from which on it is rather a description or a review. */
const longestTitle = 150

/**
 * The column that says beside the item's id what the item is called: its name says so, and nearly every item has one value of it, of its own. Null
 * where none does.
 */
export async function titleColumn(
  columns: readonly RecognisedColumn[],
  table: TitledTable,
): Promise<{ readonly column: RecognisedColumn; readonly evidence: string } | null> {
  const { item } = table
  const items = item.statistics?.distinct ?? 0
  if (items === 0) return null
  const candidates = columns
    .flatMap((column) => {
      const strength = strengthOf(column.name, item.name)
      return strength === null || !holdsTitles(column, items) ? [] : [{ column, strength }]
    })
    .sort((a, b) => a.strength - b.strength)
  for (const { column } of candidates) {
    const pairs = await table.filledPairs(item.name, column.name)
    if (pairs > (1 + renamed) * items || pairs < fewestTitles * items) continue
    if (saysNoMoreThanName(column.name) && (await isOfUsers(column, table))) continue
    const titles = column.statistics?.distinct ?? 0
    return {
      column,
      evidence: `Its name says title; ${formatCounted(titles, 'different text')} for ${formatCounted(items, 'item')} of “${item.name}”, ${pairs <= items ? 'one for each' : 'nearly always one for each'}.`,
    }
  }
  return null
}

/** How well a name says what the item of the column `item` is called, 0 best; null where it says something else. */
function strengthOf(name: string, item: string): number | null {
  const match = nameMatches(name).find(({ role }) => role === 'title')
  if (match?.id === true || (!match && !saysItemName(name))) return null
  const ofItem = new Set(wordsOf(item))
  const words = wordsOf(name)
  const usual = (nameMatches(item).find(({ role }) => role === 'item')?.rank ?? 0) === 0
  if (!words.every((word) => ofItem.has(word) || mayBeInTitle(word, usual))) return null
  if (words.some((word) => ofItem.has(word))) return 0
  // “Description” gives way to a title or a name.
  return (match?.whole === true ? 1 : 2) + (words.some((word) => word.startsWith('desc')) ? 2 : 0)
}

/** Whether a word may stand in the name of a column of titles: none of a review, an author or, where the items are songs, an artist. @param usual whether items are called so */
function mayBeInTitle(word: string, usual: boolean): boolean {
  const matches = nameMatches(word)
  return (
    matches.length === 0 ||
    saysItemName(word) ||
    matches.some(({ role, rank }) => role === 'title' || (role === 'item' && (rank === 0 || !usual)))
  )
}

/** Whether a name says nothing but that it is a name, of an item or of a user. */
const saysNoMoreThanName = (name: string): boolean =>
  wordsOf(name).every((word) => saysItemName(word) && nameMatches(word).some(({ role }) => role === 'other'))

function holdsTitles({ statistics, samples }: RecognisedColumn, items: number): boolean {
  if (statistics?.kind !== 'text' || statistics.mostly !== undefined) return false
  const length = samples.reduce((sum, sample) => sum + sample.length, 0) / Math.max(1, samples.length)
  return (
    length <= longestTitle &&
    statistics.distinct >= fewestTitles * items &&
    statistics.distinct <= (1 + renamed) * items
  )
}

/** Whether each user has one value of a column, too. */
async function isOfUsers({ name }: RecognisedColumn, { user, filledPairs }: TitledTable): Promise<boolean> {
  const users = user?.statistics?.distinct
  return user !== null && users !== undefined && (await filledPairs(user.name, name)) <= users
}
