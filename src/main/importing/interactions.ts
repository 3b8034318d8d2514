import type { ColumnMapping, DuplicatePolicy } from '../../shared/datasets'
import type { DateOrder } from '../../shared/reading'
import { columnOf } from './dialect'
import { interactionValue, leftOutProblem, valueProblems } from './interaction-value'
import type { Source } from './load-table'
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

const isMissing = (text: string): string => `(${text} IS NULL OR trim(${text}) = '')`

/** SQL that casts one file's columns: ids stay text exactly as written, leading zeros and all. `rating` is the interaction's value. */
export function interactionColumns(
  source: Source,
  mapping: ColumnMapping,
  { order, decimalComma, policy }: ColumnForms,
): { columns: Readonly<Record<string, string>>; problem: string } {
  const column = (name: string): string => columnOf(source.dialect, name, source.name)
  const user = column(mapping.user)
  const item = column(mapping.item)
  const form = { delimiter: source.dialect.delimiter, decimalComma }
  const { value, leftOut, checks: valueChecks } = interactionValue(mapping, column, form, policy)
  const time = mapping.time === null ? null : column(mapping.time)
  const seconds = time && secondsOf(time, order)
  const checks: (readonly [(typeof interactionProblems)[number], string])[] = [
    ['no user id', isMissing(user)],
    ['no item id', isMissing(item)],
    ...valueChecks,
  ]
  if (time && seconds)
    checks.push(
      ['no time', isMissing(time)],
      ['time is not a time', `(${seconds}) IS NULL OR NOT isfinite(${seconds})`],
      ['time is before 1970', `(${seconds}) < 0`],
    )
  const cases = checks.map(([reason, sql]) => `WHEN ${sql} THEN ${interactionProblems.indexOf(reason)}`)
  // Before everything else: a view that does not count need not have a price that can be read.
  if (leftOut) cases.unshift(`WHEN ${leftOut} THEN ${leftOutProblem}`)
  return {
    columns: { user, item, rating: value, time: seconds ?? 'NULL::DOUBLE' },
    problem: `CASE ${cases.join(' ')} ELSE 0 END`,
  }
}
