import type { ColumnMapping, DuplicatePolicy } from '../../shared/datasets'
import { badInput } from '../../shared/errors'
import { hasValue, weighted } from '../../shared/interaction-value'
import { text } from './duckdb'

/** Number of the problem of a row whose event type does not count: neither an interaction nor a rejected row. */
export const leftOutProblem = 255

/** How numbers with commas are read: decimal comma, thousands, or as the file's separator suggests. */
export interface NumberForm {
  readonly delimiter: string
  readonly decimalComma: boolean | undefined
}

/**
 * SQL of a text as a number that can be cast. A comma stands before decimals where somebody says so (points group thousands then),
 * and, where nothing is said, wherever it does not separate the columns.
 */
export function numberText(column: string, { delimiter, decimalComma }: NumberForm): string {
  const comma = `replace(${column}, ',', '.')`
  if (decimalComma === undefined) return delimiter === ',' ? column : comma
  if (!decimalComma) return `replace(${column}, ',', '')`
  return `CASE WHEN contains(${column}, ',') THEN replace(replace(${column}, '.', ''), ',', '.') ELSE ${column} END`
}

/** Whether interactions of this import are stored with a value; a count of duplicates is one. */
export const storesValue = (mapping: ColumnMapping, policy: DuplicatePolicy): boolean =>
  hasValue(mapping) || policy === 'count'

interface InteractionValue {
  /** SQL of the value as FLOAT; NULL where an interaction has none. */
  readonly value: string
  /** SQL that is true of rows whose event type does not count; null where all do. */
  readonly leftOut: string | null
  readonly checks: readonly (readonly [ValueProblem, string])[]
}
export type ValueProblem = (typeof valueProblems)[number]
export const valueProblems = [
  'no event type',
  'no rating',
  'rating is not a number',
  'rating is NaN',
  'rating is not finite',
  'no count',
  'count is not a number',
  'count is not above zero',
] as const

/**
 * SQL of what a row's columns say of its interaction beside who, what and when. The value is the rating, or the count times the weight of the
 * event's type; where duplicates are counted, a rating gives way to a one for each row, while counts and weights add up.
 * @param column SQL of a column by name, as text
 * @throws StudioError BAD_INPUT where a rating is to be weighed or counted beside its own value
 */
export function interactionValue(
  mapping: ColumnMapping,
  column: (name: string) => string,
  form: NumberForm,
  policy: DuplicatePolicy,
): InteractionValue {
  const { rating } = mapping
  const [count, event] = [mapping.count ?? null, mapping.event ?? null]
  if (rating !== null && (count !== null || weighted(mapping)))
    throw badInput(
      `A rating and ${count === null ? 'weights of event types' : 'a count'} cannot both be the value of an interaction.`,
      'Choose one of the two; the other columns can stay.',
    )
  const checks: (readonly [ValueProblem, string])[] = []
  const missing = (sql: string): string => `(${sql} IS NULL OR trim(${sql}) = '')`
  const floatOf = (sql: string): string => `TRY_CAST(${numberText(sql, form)} AS FLOAT)`
  const type = event && `trim(${column(event.column)})`
  if (event?.counted && type) checks.push(['no event type', missing(column(event.column))])
  if (rating !== null) {
    const number = floatOf(column(rating))
    checks.push(
      ['no rating', missing(column(rating))],
      ['rating is not a number', `${number} IS NULL`],
      ['rating is NaN', `isnan(${number})`],
      ['rating is not finite', `isinf(${number})`],
    )
  }
  if (count !== null) {
    const number = floatOf(column(count))
    checks.push(
      ['no count', missing(column(count))],
      ['count is not a number', `${number} IS NULL OR isnan(${number}) OR isinf(${number})`],
      ['count is not above zero', `${number} <= 0`],
    )
  }
  const weights = weighted(mapping)
    ? `CASE ${type} ${(event?.counted ?? []).map(({ type: name, weight }) => `WHEN ${text(name)} THEN ${weight}`).join(' ')} END`
    : null
  const factors = [count === null ? null : floatOf(column(count)), weights].filter((sql) => sql !== null)
  const own = rating === null ? factors.map((sql) => `(${sql})`).join(' * ') : floatOf(column(rating))
  const value = policy === 'count' && factors.length === 0 ? '1' : own
  return {
    value: value === '' ? 'NULL::FLOAT' : `(${value})::FLOAT`,
    leftOut:
      event?.counted && type
        ? `${type} NOT IN (${event.counted.map(({ type: name }) => text(name)).join(', ')})`
        : null,
    checks,
  }
}
