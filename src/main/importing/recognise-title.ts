import type { RecognisedColumn } from './column-content'
import { nameMatches, saysId, saysItemName, saysMaker } from './column-names'
import { wordsOf } from './name-words'
import { formatCounted } from '../../shared/format'

/** The table of interactions that is searched for a column of titles. */
export interface TitledTable {
  readonly item: RecognisedColumn
  readonly user: RecognisedColumn | null
  /** The number of distinct pairs of values of two columns in rows that have both. */
  readonly filledPairs: (one: string, other: string) => Promise<number>
}

/** Maximum share of the items with more than one title, because they were renamed. */
const renamed = 0.2
/** With fewer distinct titles per item, a column contains a property of several items, such as the brand. */
const fewestTitles = 0.5
/** Longer values are descriptions or reviews. */
const longestTitle = 150

/**
 * The column with the items' titles: it has a matching name, and nearly every item has exactly one value, its own. Null
 * if there is none.
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

/**
 * The column whose texts identify the items as their ids do, whatever its name: each item has one text in all of its rows, and hardly any two have
 * the same. Of several, the one with the longest texts. Null if there is none, or if the items' own values are as long as titles.
 */
export async function titleByContent(
  columns: readonly RecognisedColumn[],
  { item, user, filledPairs, rows }: TitledTable & { readonly rows: number },
): Promise<{ readonly column: RecognisedColumn; readonly evidence: string } | null> {
  const items = item.statistics?.distinct ?? 0
  // Each item must occur several times; otherwise any column that never repeats would fit.
  if (items < fewestItems || rows < 2 * items) return null
  const candidates = columns
    .filter((column) => isWorded(column) && !saysMaker(column.name) && !saysId(column.name))
    .filter((column) => holdsTitles(column, items) && (column.statistics?.distinct ?? 0) >= ownTitles * items)
    .filter((column) => lengthOf(column) > lengthOf(item))
    .sort((a, b) => lengthOf(b) - lengthOf(a))
  for (const column of candidates) {
    if ((await filledPairs(item.name, column.name)) !== items || (await isOfUsers(column, { item, user, filledPairs })))
      continue
    const titles = column.statistics?.distinct ?? 0
    return {
      column,
      evidence: `No name says title, but every item of “${item.name}” has one text of this column in all of its rows: ${formatCounted(titles, 'different text')} for ${formatCounted(items, 'item')}.`,
    }
  }
  return null
}

/** Fewer items than this may have texts of their own by chance. */
const fewestItems = 5
/** Share of the items that must have a text of their own. */
const ownTitles = 0.9

/** Whether most texts are words, and not codes, addresses or numbers. */
export const isWorded = ({ samples }: RecognisedColumn): boolean =>
  2 * samples.filter(saysWords).length > samples.length

const saysWords = (sample: string): boolean =>
  /\p{L}{2}/u.test(sample) && (/\s/.test(sample.trim()) || !/\d/.test(sample)) && !/:\/\/|@/.test(sample)

/** The mean length of a column's texts. */
const lengthOf = ({ samples }: RecognisedColumn): number =>
  samples.reduce((sum, sample) => sum + sample.length, 0) / Math.max(1, samples.length)

/** The rank of a name for the titles of the column `item`, 0 is best; null if it does not qualify. */
function strengthOf(name: string, item: string): number | null {
  const match = nameMatches(name).find(({ role }) => role === 'title')
  if (match?.id === true || (!match && !saysItemName(name))) return null
  const ofItem = new Set(wordsOf(item))
  const words = wordsOf(name)
  const usual = (nameMatches(item).find(({ role }) => role === 'item')?.rank ?? 0) === 0
  if (!words.every((word) => ofItem.has(word) || mayBeInTitle(word, usual))) return null
  if (words.some((word) => ofItem.has(word))) return 0
  // A title or a name takes precedence over "description".
  return (match?.whole === true ? 1 : 2) + (words.some((word) => word.startsWith('desc')) ? 2 : 0)
}

/** Whether a word may occur in the name of a title column: not one for a review, an author or, for songs, an artist. @param usual whether it is a usual word for items */
function mayBeInTitle(word: string, usual: boolean): boolean {
  const matches = nameMatches(word)
  return (
    matches.length === 0 ||
    saysItemName(word) ||
    matches.some(({ role, rank }) => role === 'title' || (role === 'item' && (rank === 0 || !usual)))
  )
}

/** Whether a column is just called "name", which could be an item's or a user's. */
const saysNoMoreThanName = (name: string): boolean =>
  wordsOf(name).every((word) => saysItemName(word) && nameMatches(word).some(({ role }) => role === 'other'))

function holdsTitles(column: RecognisedColumn, items: number): boolean {
  const { statistics } = column
  if (statistics?.kind !== 'text' || statistics.mostly !== undefined) return false
  return (
    lengthOf(column) <= longestTitle &&
    statistics.distinct >= fewestTitles * items &&
    statistics.distinct <= (1 + renamed) * items
  )
}

/** Whether each user also has only one value of a column. */
async function isOfUsers({ name }: RecognisedColumn, { user, filledPairs }: TitledTable): Promise<boolean> {
  const users = user?.statistics?.distinct
  return user !== null && users !== undefined && (await filledPairs(user.name, name)) <= users
}
