import type { ColumnMapping, DuplicatePolicy } from '../../shared/datasets'
import { badInput } from '../../shared/errors'
import { hasValue, weighted } from '../../shared/interaction-value'
import { isBlank, isNone, isOneOf, text, whereNull } from './duckdb'
import { numberSql } from './values/number-sql'
import type { ValueForms } from './values/value-forms'

/** The problem number of a row whose event type does not count, whose user is left out, or whose value means that there is no rating: neither an interaction nor a rejected row. */
export const leftOutProblem = 255

/** The number that is meant by a text; NaN for a word. */
export const unratedNumber = (value: string): number =>
  value.trim() === '' ? Number.NaN : Number(value.replace(',', '.'))

/** SQL: whether a rating is one of the numbers and words that mean that there is none. @param number SQL of the rating as a number */
export function isUnrated(written: string, number: string, notRated: readonly string[]): string {
  const numbers = notRated.map(unratedNumber).filter(Number.isFinite)
  const words = notRated.map((word) => text(word.trim().toLowerCase()))
  const isWord = `coalesce(${isOneOf(`lower(trim(${written}))`, words)}, false)`
  return numbers.length === 0
    ? isWord
    : `(${isWord} OR coalesce(${isOneOf(
        `(${number})::DOUBLE`,
        numbers.map((one) => `${one}::DOUBLE`),
      )}, false))`
}

/** Whether this import stores a value with its interactions; a count of duplicates is also one. */
export const storesValue = (mapping: ColumnMapping, policy: DuplicatePolicy): boolean =>
  hasValue(mapping) || policy === 'count'

interface InteractionValue {
  /** SQL by column name, from the file's columns, for use below. */
  readonly texts: Readonly<Record<string, string>>
  /** SQL by column name, from the texts: cast once per row for all uses below. */
  readonly numbers: Readonly<Record<string, string>>
  /** SQL of the value as FLOAT; NULL if an interaction has none. */
  readonly value: string
  /** SQL condition for rows whose event type does not count; null if all count. */
  readonly leftOut: string | null
  /** SQL condition for rows whose value means that there is no rating; null if no value does. */
  readonly unrated: string | null
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
  'count is 0',
  'count is below zero',
] as const

/**
 * SQL of an interaction's value. The value is the rating, or the count times the weight of the
 * event type; if duplicates are counted, each row counts 1 instead of its rating, while counts and weights are added up.
 * @param column SQL of a column by name, as text
 * @param notRated numbers and words that mean that there is no rating
 * @throws StudioError BAD_INPUT if a rating is combined with weights or counts
 */
export function interactionValue(
  mapping: ColumnMapping,
  column: (name: string) => string,
  forms: Pick<ValueForms, 'rating' | 'count'>,
  policy: DuplicatePolicy,
  notRated: readonly string[] = [],
): InteractionValue {
  const { rating } = mapping
  const [count, event] = [mapping.count ?? null, mapping.event ?? null]
  if (rating !== null && (count !== null || weighted(mapping)))
    throw badInput(
      `A rating and ${count === null ? 'weights of event types' : 'a count'} cannot both be the value of an interaction.`,
      'Choose one of the two (--rating none or --count none; in the app: Rating, Count, Event); the other columns can stay.',
    )
  const checks: (readonly [ValueProblem, string])[] = []
  const texts: Record<string, string> = {}
  const numbers: Record<string, string> = {}
  if (event) {
    texts.event_text = column(event.column)
    numbers.event_type = 'trim(event_text)'
    if (event.counted) checks.push(['no event type', isBlank('event_text')])
  }
  if (rating !== null) {
    texts.rating_text = column(rating)
    numbers.rating_number = numberSql('rating_text', forms.rating, 'FLOAT')
    checks.push(
      ['no rating', whereNull('rating_number', isNone('rating_text'))],
      ['rating is not a number', 'rating_number IS NULL'],
      ['rating is NaN', 'isnan(rating_number)'],
      ['rating is not finite', 'isinf(rating_number)'],
    )
  }
  if (count !== null) {
    texts.count_text = column(count)
    const number = numberSql('count_text', forms.count, 'FLOAT')
    numbers.count_number = forms.count.turned === true ? `-(${number})` : number
    checks.push(
      ['no count', whereNull('count_number', isNone('count_text'))],
      ['count is not a number', 'count_number IS NULL OR NOT isfinite(count_number)'],
      ['count is 0', 'count_number = 0'],
      ['count is below zero', 'count_number < 0'],
    )
  }
  const weights = weighted(mapping)
    ? `CASE event_type ${(event?.counted ?? []).map(({ type: name, weight }) => `WHEN ${text(name)} THEN ${weight}`).join(' ')} END`
    : null
  const factors = [count === null ? null : 'count_number', weights].filter((sql) => sql !== null)
  const own = rating === null ? factors.map((sql) => `(${sql})`).join(' * ') : 'rating_number'
  const value = policy === 'count' && factors.length === 0 ? '1' : own
  return {
    texts,
    numbers,
    value: value === '' ? 'NULL::FLOAT' : `(${value})::FLOAT`,
    leftOut: event?.counted
      ? `event_type NOT IN (${event.counted.map(({ type: name }) => text(name)).join(', ')})`
      : null,
    unrated: rating === null || notRated.length === 0 ? null : isUnrated('rating_text', 'rating_number', notRated),
    checks,
  }
}
