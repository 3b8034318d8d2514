import { formatCount, formatCounted } from '../../shared/format'
import {
  nameMatches,
  saysGroupOfItems,
  saysId,
  saysItemName,
  saysKey,
  saysMaker,
  saysMeasure,
  saysOneTransaction,
  saysVisit,
} from './column-names'
import { hasIdLength, holdsTimes, quoted, type RecognisedColumn } from './column-content'
import type { Findings } from './column-findings'
import type { IdColumns } from './id-columns'

/** Ids of which several share a title, as the editions of a book do. */
export interface FinerIds {
  readonly column: RecognisedColumn
  /** Whether it is certain from all rows that these are the items. */
  readonly isProven: boolean
}

/** Each id of items has so many rows on average. */
const fewestRows = 1.5
/** Each id of items has so many different users on average. */
const fewestUsers = 1.5

/** Whether a column is called a title or a name of items, and not their id. */
const saysTitle = ({ name, statistics }: RecognisedColumn): boolean =>
  statistics?.kind === 'text' &&
  !saysKey(name) &&
  (nameMatches(name).some(({ role }) => role === 'title') || saysItemName(name))

/** Whether all values are addresses of pages. */
const holdsLinks = ({ samples }: RecognisedColumn): boolean =>
  samples.length > 0 && samples.every((sample) => /^https?:\/\/\S+$/i.test(sample.trim()))

/** Whether these have nothing behind the page, such as where its visitor came from, by which one page has several addresses. */
const holdsPlainLinks = (column: RecognisedColumn): boolean =>
  holdsLinks(column) && !column.samples.some((sample) => /[?#;]/.test(sample))

/** Whether a column has ids by its name, or codes or addresses of pages. */
function mayHaveIds(column: RecognisedColumn): boolean {
  const { name, samples, statistics } = column
  if (saysMaker(name) || saysGroupOfItems(name) || saysMeasure(name)) return false
  if (saysOneTransaction(name) || saysVisit(name)) return false
  if (saysId(name) || holdsLinks(column)) return true
  if (statistics?.kind === 'integer') return hasIdLength(column)
  return (
    statistics?.kind === 'text' && samples.length > 0 && samples.every((sample) => /^(?=.*\d)\S{2,40}$/u.test(sample))
  )
}

/**
 * The column of ids that tells more items apart than their titles do: each of its values has one title in all rows, and several users share a value, so that
 * it numbers neither rows nor orders. Null if there is none, or no user was found yet.
 */
export async function finerIdsOf(
  findings: Findings,
  ids: IdColumns,
  title: RecognisedColumn,
): Promise<FinerIds | null> {
  const { table } = findings
  const user = findings.found.get('user')
  const titles = title.statistics?.distinct ?? 0
  if (!user || titles < 2 || !saysTitle(title)) return null
  const times = table.columns.filter((column) => holdsTimes(column))
  for (const column of findings.free()) {
    const distinct = column.statistics?.distinct ?? 0
    if (column === title || distinct <= titles || (column.statistics?.empty ?? 0) > 0 || !mayHaveIds(column)) continue
    if (!(ids.mayIdentify(column) || holdsLinks(column)) || table.rows < fewestRows * distinct) continue
    if (!(await findings.hasOneValue(column, title)) || (await findings.hasOneValue(user, column))) continue
    const users = await table.pairs(column.name, user.name)
    if (users < fewestUsers * distinct) continue
    // What has one time, such as a showing of a film, happens once.
    let happensOnce = false
    for (const time of times) happensOnce ||= await findings.hasOneValue(column, time)
    return { column, isProven: table.whole && !happensOnce && (saysId(column.name) || holdsPlainLinks(column)) }
  }
  return null
}

/** What the values of finer ids have in common with titles, in a few words. */
export const finerThan = ({ column }: FinerIds, title: RecognisedColumn): string =>
  `each of its ${formatCounted(column.statistics?.distinct ?? 0, 'different value')} has one “${title.name}” and may have several users, while there are only ${formatCount(title.statistics?.distinct ?? 0)} of these`

/** Warns that titles are taken for the items although a column beside them may tell more items apart. */
export async function doubtTitles(findings: Findings, ids: IdColumns): Promise<void> {
  const title = findings.found.get('item')
  if (!title || findings.chosen.item !== undefined) return
  const finer = await finerIdsOf(findings, ids, title)
  if (finer)
    findings.doubt(
      title,
      `Yet “${finer.column.name}” may be the items: ${finerThan(finer, title)}.`,
      `--item ${quoted(finer.column.name)}`,
    )
}
