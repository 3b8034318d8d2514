import type { Refusal } from '../../shared/datasets'
import { onePersonExport } from '../../shared/known-exports'
import { nameMatches, roleOfName, saysMaker } from './column-names'
import { wordsOf } from './name-words'
import type { RecognisedColumn } from './column-content'
import type { Findings } from './column-findings'

/** Fewer items may all differ by chance. */
const fewestItems = 20
/** The share of items of which each may have several users, and of rows that may have an item again, such as a film that was seen twice. */
const exceptions = 0.1

/** Words for the person who exported a list, beside a word for what that person did: “My Rating”, “Your Rating”. */
const ownWords = new Set(
  'my your mein meine dein deine ihre mon ma votre mi tu mio mia tuo tua meu minha seu sua moje muj vase moja mijn min mitt din moj мой моя ваша'.split(
    ' ',
  ),
)

/** Whether a name is for a user, not only for the maker of an item. @param wholly whether all of the name has to be */
function saysUser(name: string, wholly: boolean): boolean {
  const match = nameMatches(name).find(({ role }) => role === 'user')
  return match !== undefined && !saysMaker(name) && (match.whole || (!wholly && match.rank < 3))
}

/** Whether a name is for something of the person who exported a list: “My Rating”. */
export const saysOwn = (name: string): boolean => {
  const [first, ...others] = wordsOf(name)
  return first !== undefined && others.length > 0 && ownWords.has(first)
}

/** Whether the names of a table are those of the list of one person: the export of a service that is known, or one with “My Rating”, without users. */
export function saysListOfOnePerson({ table: { columns, named }, chosen }: Findings): boolean {
  if (!named || chosen.user !== undefined) return false
  const known = onePersonExport(columns.map(({ name }) => name))
  if (columns.some(({ name }) => saysUser(name, known !== null))) return false
  return known !== null || columns.some(({ name }) => saysOwn(name))
}

/**
 * The refusal of a table that looks like the list of one person, such as an export of Goodreads: no name says user, and the only columns that could be users
 * say something about the item, so that no item has two of them. Null if the table may have the interactions of several people.
 */
export async function listOfOnePerson(findings: Findings): Promise<Refusal | null> {
  const { table, chosen } = findings
  const { columns, file, named } = table
  if (!named || chosen.user !== undefined) return null
  const known = onePersonExport(columns.map(({ name }) => name))
  // “ISBN/UID” is no user in the export of a service that is known.
  if (columns.some(({ name }) => saysUser(name, known !== null))) return null
  if (known === null && !(await isOfOne(findings))) return null
  return {
    message: `No column says whose rows these are: ${file} looks like the list of one person${known === null ? '' : `, as ${known} exports it`}.`,
    next: 'To train, put the exports of several people together: in one file with a column that says whose row it is, or in a file for each person, called by that person, with the files’ names as the users (--user file; in the app: User). Otherwise name the column of users (--user COLUMN).',
  }
}

/** Whether the column that was found for the users says something about the items, or none was found for a list of them. */
async function isOfOne({ table, found }: Findings): Promise<boolean> {
  const { columns, rows } = table
  const user = found.get('user') ?? null
  const item = found.get('item') ?? user
  if (!item?.statistics || item.statistics.distinct < fewestItems) return false
  const { distinct, empty } = item.statistics
  const isList = distinct >= (1 - exceptions) * (rows - empty)
  if (user === null || user === item) return isList
  if ((await table.filledPairs(user.name, item.name)) > (1 + exceptions) * distinct) return false
  // Where items repeat, each with one value of the column, it is theirs; where they do not, people may have items of their own.
  return !isList || isOfItem(user, rows) || columns.some(({ name }) => saysOwn(name))
}

/** Whether a column is different in nearly every row, or its name is for something else than users. */
function isOfItem({ name, statistics }: RecognisedColumn, rows: number): boolean {
  const role = roleOfName(name)?.role
  if (saysMaker(name) || (role !== undefined && role !== 'user')) return true
  return statistics != null && statistics.distinct >= (1 - exceptions) * (rows - statistics.empty)
}
