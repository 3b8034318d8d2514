import type { DuckDBConnection } from '@duckdb/node-api'
import { wasChosen } from '../../shared/certainty'
import type { ColumnStatistics } from '../../shared/datasets'
import { formatCounted } from '../../shared/format'
import type { Choice } from '../../shared/reading'
import { unratedOf } from './column-content'
import { identifier, isBlank } from './duckdb'
import { isUnrated, leftOutProblem, unratedNumber } from './interaction-value'
import { count } from './load-table'

/** With more different values, the ratings are no stars. */
const mostValues = 40

/**
 * The choices of a preview about ratings that may mean that there is none.
 * @param table of texts
 * @param ids the columns of users and items: rows without one are rejected, whatever their rating is
 */
export async function unratedTexts(
  connection: DuckDBConnection,
  table: string,
  column: string | null,
  statistics: ColumnStatistics | null,
  notRated: readonly string[] | undefined,
  ids: readonly string[],
): Promise<Choice[]> {
  if (column === null) return notRated?.length ? [withoutRatings] : []
  const value = identifier(column)
  const number = `TRY_CAST(replace(${value}, ',', '.') AS DOUBLE)`
  if (notRated === undefined) {
    if (!statistics) return []
    const apart = unratedOf(statistics, await count(connection, `SELECT count(*) FROM ${table}`))
    if (!apart) return []
    const isUsed = ids.map((id) => ` AND NOT ${isBlank(identifier(id))}`).join('')
    const used = await count(
      connection,
      `SELECT count(*) FROM ${table} WHERE ${isUnrated(value, number, [apart.value])}${isUsed}`,
    )
    return used === 0 ? [] : doubtOf(column, { ...apart, rows: used })
  }
  const rowsOf = (said: string): Promise<number> =>
    count(connection, `SELECT count(*) FROM ${table} WHERE ${isUnrated(value, number, [said])}`)
  return saidOf(column, notRated, rowsOf)
}

/** The same of an import, from the rows that it loaded. */
export async function unratedChoices(
  connection: DuckDBConnection,
  tables: readonly string[],
  column: string,
  notRated: readonly string[] | undefined,
): Promise<Choice[]> {
  const rows = (problem: number): string =>
    tables.map((table) => `SELECT rating FROM ${table} WHERE problem = ${problem}`).join(' UNION ALL ')
  if (notRated !== undefined)
    return saidOf(column, notRated, async (said) =>
      Number.isFinite(unratedNumber(said))
        ? await count(
            connection,
            `SELECT count(*) FROM (${rows(leftOutProblem)}) WHERE rating = ${unratedNumber(said)}::FLOAT`,
          )
        : null,
    )
  const result = await connection.runAndReadAll(
    `SELECT rating, count(*) FROM (${rows(0)}) GROUP BY rating LIMIT ${mostValues + 1}`,
  )
  const values = result.getRows().map(([rating, times]) => ({ value: String(rating), rows: Number(times) }))
  if (values.length > mostValues) return []
  const total = values.reduce((sum, one) => sum + one.rows, 0)
  return doubtOf(column, unratedOf({ values }, total))
}

const choiceOf = (column: string, of: Pick<Choice, 'value' | 'certainty' | 'evidence' | 'option'>): Choice => ({
  about: 'values',
  file: null,
  column,
  affectsData: true,
  control: 'Not rated',
  ...of,
})

const withoutRatings: Choice = {
  about: 'values',
  file: null,
  column: null,
  value: 'interactions without ratings, for which --not-rated has no effect',
  certainty: 'guess',
  evidence: 'No column is the rating.',
  affectsData: true,
  control: 'Rating',
  option: '--rating COLUMN',
}

function doubtOf(column: string, apart: ReturnType<typeof unratedOf>): Choice[] {
  if (!apart) return []
  const [have, are] = apart.rows === 1 ? ['has', 'it is'] : ['have', 'they are']
  return [
    choiceOf(column, {
      value: `${apart.value} as a rating`,
      certainty: 'guess',
      evidence: `${formatCounted(apart.rows, 'row')} ${have} ${apart.value}, which may stand for “not rated”: ${are} stored as a rating like the others.`,
      option: `--not-rated ${apart.value}, which leaves out these rows, or --rating none, which keeps all rows without ratings; --not-rated none says that ${apart.value} is a rating`,
    }),
  ]
}

/** The choices about what a person said. @param rowsOf the number of rows with a value; null if that is not known */
async function saidOf(
  column: string,
  notRated: readonly string[],
  rowsOf: (said: string) => Promise<number | null>,
): Promise<Choice[]> {
  const choices: Choice[] = []
  for (const said of notRated) {
    const rows = await rowsOf(said)
    const shown = Number.isFinite(unratedNumber(said)) ? said : `“${said}”`
    choices.push(
      rows === 0
        ? choiceOf(column, {
            value: `no rating is ${shown}, which means not rated`,
            certainty: 'guess',
            evidence: 'No row has exactly this value.',
            option: '--not-rated with the numbers and words exactly as in the files',
          })
        : choiceOf(column, {
            value: `${shown} means not rated`,
            certainty: 'certain',
            evidence: `${wasChosen}${rows === null ? '' : ` ${formatCounted(rows, 'row')} with it ${rows === 1 ? 'is' : 'are'} left out.`}`,
            option: '--not-rated',
          }),
    )
  }
  return choices
}
