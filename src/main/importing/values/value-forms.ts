import type { DuckDBConnection } from '@duckdb/node-api'
import type { ColumnMapping } from '../../../shared/datasets'
import { formatCount } from '../../../shared/format'
import type { Choice, ReadingOverrides } from '../../../shared/reading'
import { identifier, isBlank } from '../duckdb'
import type { LoadedFile, Source } from '../load-table'
import { requireColumns } from '../required-columns'
import { type CountForm, countEvidence, hasNegatives } from './count-evidence'
import { arePlain, plainNumbers, wishOf } from './number-evidence'
import type { NumberForm } from './number-shapes'
import { ratingEvidence } from './rating-evidence'
import { forgetColumns, seeColumns } from './seen-columns'
import { timeEvidence, zoneInName } from './time-evidence'
import { isoPattern, type TimeForm } from './time-form'

/** The notations of a table's values, the same for all files. */
export interface ValueForms {
  readonly time: TimeForm | null
  readonly rating: NumberForm
  readonly count: CountForm
}

/** Notations with their evidence; `supposed`: from the first rows, to be confirmed by all rows once they are loaded. */
export interface ReadForms {
  readonly forms: ValueForms
  readonly choices: readonly Choice[]
  readonly supposed: Supposed | null
}
interface Supposed {
  readonly time: 'seconds' | 'milliseconds' | 'iso' | null
  /** Whether a column of numbers had no decimals in its first rows. */
  readonly wholes: boolean
}

/** The number of rows that are examined before all are loaded. */
const firstRows = 20_000

const valueColumns = ({ rating, count, time }: ColumnMapping): string[] =>
  [rating, count ?? null, time].filter((column) => column !== null)

/**
 * The notations of the files' values. If the first rows are completely plain, the same is supposed of all rows and checked by `confirmed`:
 * a second pass over all rows would take as long again as reading them. Otherwise all rows are examined now.
 * @param thorough whether to examine all rows anyway, because nothing will be loaded that could confirm the notation
 * @throws StudioError BAD_INPUT with two values if they cannot be read in one way, and if a file lacks a column
 */
export async function valueForms(
  connection: DuckDBConnection,
  sources: readonly Source[],
  mapping: ColumnMapping,
  overrides: ReadingOverrides,
  { thorough = false } = {},
): Promise<ReadForms> {
  requireColumns(sources, mapping)
  wishOf(overrides)
  const supposed = thorough ? null : await suppose(connection, sources, mapping, overrides)
  if (!supposed) return lookAtAll(connection, sources, mapping, overrides)
  return {
    forms: {
      time: mapping.time === null ? null : supposedTime(supposed.time),
      rating: plainNumbers,
      count: plainNumbers,
    },
    choices: [],
    supposed,
  }
}

const supposedTime = (time: Supposed['time']): TimeForm => ({
  numbers: time === 'iso' || time === null ? [] : [time],
  said: false,
  texts: time === 'iso' ? 'iso' : null,
  placeholders: [],
  epochIsNone: false,
  fine: false,
  pointedMonths: false,
})

/** The notations in the first rows of all files; null if they are not plain. */
async function suppose(
  connection: DuckDBConnection,
  sources: readonly Source[],
  mapping: ColumnMapping,
  { dateOrder, times, decimalComma, thousands, ratingValues, missingTimes }: ReadingOverrides,
): Promise<Supposed | null> {
  if ([dateOrder, times, decimalComma, thousands, ratingValues].some((said) => said !== undefined)) return null
  // Rows whose time cannot be read are not rejected then, so that nothing would show later rows with another notation.
  if (missingTimes === 'oldest' && mapping.time !== null) return null
  // What is plain would not be compared with it.
  if (mapping.time !== null && zoneInName(mapping.time) !== null) return null
  const columns = valueColumns(mapping)
  if (columns.length === 0) return { time: null, wholes: true }
  const seen = await seeColumns(connection, sources, columns, firstRows)
  try {
    const kinds = new Set<Supposed['time']>()
    let wholes = true
    for (const { table } of seen.tables) {
      for (const column of [mapping.rating, mapping.count ?? null]) {
        if (column === null) continue
        const numbers = await arePlain(connection, table, column)
        if (!numbers.plain || (column === mapping.count && (await hasNegatives(connection, table, column)))) return null
        wholes &&= numbers.wholes
      }
      if (mapping.time === null) continue
      const value = identifier(mapping.time)
      const result = await connection.runAndReadAll(
        `SELECT DISTINCT ${value} FROM ${table} WHERE NOT ${isBlank(value)}`,
      )
      for (const [text] of result.getRows()) kinds.add(kindOfTime(String(text)))
    }
    const [time = null, ...others] = kinds
    if (mapping.time !== null && (time === null || others.length > 0)) return null
    return { time, wholes }
  } finally {
    await forgetColumns(connection, seen)
  }
}

/** Seconds from 1994, because earlier ones may be counted from 2001, up to 2033, because later ones may be hours such as 2033123123. */
const plainSeconds = { from: 7.6e8, until: 1.99e9 }

function kindOfTime(text: string): Supposed['time'] {
  if (isoPattern.test(text)) return 'iso'
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  const { from, until } = plainSeconds
  if (number >= from && number < until) return 'seconds'
  return number >= from * 1000 && number < until * 1000 ? 'milliseconds' : null
}

async function lookAtAll(
  connection: DuckDBConnection,
  sources: readonly Source[],
  mapping: ColumnMapping,
  overrides: ReadingOverrides,
): Promise<ReadForms> {
  const seen = await seeColumns(connection, sources, valueColumns(mapping))
  try {
    const none = { form: plainNumbers, choices: [] }
    const rating = mapping.rating === null ? none : await ratingEvidence(connection, seen, mapping.rating, overrides)
    const count = mapping.count == null ? none : await countEvidence(connection, seen, mapping.count, overrides)
    const time = mapping.time === null ? null : await timeEvidence(connection, seen, mapping.time, overrides)
    return {
      forms: {
        rating: rating.form,
        count: count.form,
        time: time?.form ?? null,
      },
      choices: [...rating.choices, ...count.choices, ...(time?.choices ?? [])],
      supposed: null,
    }
  } finally {
    await forgetColumns(connection, seen)
  }
}

/** Names of problems that concern values, see `interactionProblems`. */
export type IsValueProblem = (problem: number) => boolean

/**
 * The choices about all loaded rows if these have the supposed notations; null if they do not, and all have to be examined.
 * @param files loaded with the supposed notations
 */
export async function confirmed(
  connection: DuckDBConnection,
  files: readonly LoadedFile[],
  { time, rating, count }: ColumnMapping,
  supposed: Supposed,
  isValueProblem: IsValueProblem,
): Promise<readonly Choice[] | null> {
  let [rows, first, last] = [0, Infinity, -Infinity]
  const hasNumbers = rating !== null || count != null
  for (const { table, problems } of files) {
    if (problems > 0) {
      const found = await connection.runAndReadAll(`SELECT DISTINCT problem FROM ${table}`)
      if (found.getRows().some(([problem]) => isValueProblem(Number(problem)))) return null
    }
    const result = await connection.runAndReadAll(
      `SELECT count(*), min(time), max(time), coalesce(bool_or(rating <> trunc(rating)), false) FROM ${table} WHERE problem = 0`,
    )
    const [[good, min, max, fractions] = []] = result.getRows()
    if (Number(good) === 0) continue
    rows += Number(good)
    if (supposed.wholes && hasNumbers && fractions === true) return null
    if (time === null) continue
    first = Math.min(first, Number(min))
    last = Math.max(last, Number(max))
  }
  const choices: Choice[] = []
  if (time !== null && rows > 0) {
    const { from, until } = supposed.time === 'iso' ? { from: 1, until: latestPlain } : plainSeconds
    if (first < from || last >= until) return null
    const day = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10)
    choices.push({
      about: 'times',
      file: null,
      column: time,
      value: supposed.time === 'iso' ? 'ISO 8601, UTC where no offset is given' : `${supposed.time ?? ''} since 1970`,
      certainty: 'certain',
      evidence: `All ${formatCount(rows)} lie between ${day(first)} and ${day(last)}.`,
      affectsData: true,
      control: 'Times',
      option: '--times',
    })
  }
  return choices
}

/** 2100: later times are unknown ones. */
const latestPlain = 4.102e9
