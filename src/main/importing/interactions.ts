import type { ColumnMapping, DuplicatePolicy } from '../../shared/datasets'
import type { DateOrder } from '../../shared/reading'
import { columnOf } from './dialect'
import { interactionValue, leftOutProblem, valueProblems } from './interaction-value'
import { isBlank } from './duckdb'
import type { Casting, Source } from './load-table'
import { secondsOf } from './time-forms'

/** Why a row is no interaction; [0] is for good rows. */
export const interactionProblems = [
  '',
  'no user id',
  'no item id',
  ...valueProblems,
  'no time',
  'time is not a time',
  'time is before 1970',
] as const

/** How the columns of one file are to be read. */
export interface ColumnForms {
  /** Of day and month in dates that are not ISO 8601. */
  readonly order: DateOrder
  /** See `numberText`. */
  readonly decimalComma: boolean | undefined
  readonly policy: DuplicatePolicy
}

/** SQL that casts one file's columns: ids stay text exactly as written, leading zeros and all. `rating` is the interaction's value. */
export function interactionColumns(
  source: Source,
  mapping: ColumnMapping,
  { order, decimalComma, policy }: ColumnForms,
): Casting {
  const column = (name: string): string => columnOf(source.dialect, name, source.name)
  const form = { delimiter: source.dialect.delimiter, decimalComma }
  const { texts, numbers, value, leftOut, checks: valueChecks } = interactionValue(mapping, column, form, policy)
  const time = mapping.time === null ? null : column(mapping.time)
  const checks: (readonly [(typeof interactionProblems)[number], string])[] = [
    ['no user id', isBlank('user')],
    ['no item id', isBlank('item')],
    ...valueChecks,
  ]
  if (time)
    checks.push(
      ['no time', `time IS NULL AND ${isBlank('time_text')}`],
      ['time is not a time', 'time IS NULL OR NOT isfinite(time)'],
      ['time is before 1970', 'time < 0'],
    )
  const cases = checks.map(([reason, sql]) => `WHEN ${sql} THEN ${interactionProblems.indexOf(reason)}`)
  // Before everything else: a view that does not count need not have a price that can be read.
  if (leftOut) cases.unshift(`WHEN ${leftOut} THEN ${leftOutProblem}`)
  return {
    steps: [
      { user: column(mapping.user), item: column(mapping.item), time_text: time ?? 'NULL::VARCHAR', ...texts },
      { time_number: 'TRY_CAST(time_text AS DOUBLE)', ...numbers },
      { rating: value, time: time ? secondsOf('time_text', 'time_number', order) : 'NULL::DOUBLE' },
    ],
    columns: ['user', 'item', 'rating', 'time'],
    problem: `CASE ${cases.join(' ')} ELSE 0 END`,
  }
}
