import type { ColumnMapping, DuplicatePolicy } from '../../shared/datasets'
import type { ReadingOverrides } from '../../shared/reading'
import { columnOf } from './dialect'
import { isDropped } from './dropped-users'
import { interactionValue, leftOutProblem, valueProblems } from './interaction-value'
import { isBlank, isNone, text, whereNull } from './duckdb'
import type { TypeConversion, Source } from './load-table'
import { isPlaceholder, timeFormOf, timeSteps } from './values/time-form'
import type { ValueForms } from './values/value-forms'

/** Why a row is not an interaction; [0] is for good rows. */
export const interactionProblems = [
  '',
  'no user id',
  'no item id',
  ...valueProblems,
  'no time',
  'time is not a time',
  'time is before 1970',
  'time stands for no time at all',
  'the names of the columns again',
] as const

/** Whether a problem may result from values that are read in the wrong format. */
export const isValueProblem = (problem: number): boolean =>
  /is not a number|is not a time|before 1970|no time at all/.test(interactionProblems[problem] ?? '')

/** SQL: whether user and item are the names of their columns, as in concatenated files with headers. */
const isHeader = ({ user, item }: ColumnMapping): string =>
  user === item ? 'false' : `"user" = ${text(user)} AND "item" = ${text(item)}`

/** SQL that casts one file's columns. Ids stay text exactly as written, including leading zeros; `numberIds` cleans them. `rating` is the interaction's value. */
export function interactionColumns(
  source: Source,
  mapping: ColumnMapping,
  forms: ValueForms,
  policy: DuplicatePolicy,
  { missingTimes = 'reject', dropUsers = [], notRated }: ReadingOverrides = {},
): TypeConversion {
  const column = (name: string): string => columnOf(source.dialect, name, source.name)
  const written = interactionValue(mapping, column, forms, policy, notRated)
  const { texts, numbers, value, leftOut, unrated, checks: valueChecks } = written
  const time = mapping.time === null ? null : column(mapping.time)
  const timeForm = forms.time && timeFormOf(forms.time, source)
  const checks: (readonly [(typeof interactionProblems)[number], string])[] = [
    ['no user id', isBlank('user')],
    ['no item id', isBlank('item')],
    ...(source.dialect.named ? ([['the names of the columns again', isHeader(mapping)]] as const) : []),
    ...valueChecks,
  ]
  let undated: string | null = null
  if (time && timeForm) {
    const none = whereNull('time', isNone('time_text'))
    const placeholder = isPlaceholder(timeForm)
    undated = missingTimes === 'oldest' ? `(time IS NULL OR NOT isfinite(time) OR ${placeholder})` : null
    const dated = (sql: string): string => (undated === null ? sql : `NOT ${undated} AND (${sql})`)
    if (undated === null) checks.push(['no time', none], ['time stands for no time at all', placeholder])
    // A sequence counts from another moment than 1970, which some of its numbers may precede. Whoever keeps rows without a time keeps early ones, too.
    const isSequence = timeForm.numbers.includes('sequence')
    if (!isSequence && undated === null)
      checks.push(['time is before 1970', 'time < 0 OR (time IS NULL AND time_number < 0)'])
    checks.push(['time is not a time', dated('time IS NULL OR NOT isfinite(time)')])
  }
  const cases = checks.map(([reason, sql]) => `WHEN ${sql} THEN ${interactionProblems.indexOf(reason)}`)
  // These come first: an event that does not count may have unreadable values.
  if (unrated) cases.unshift(`WHEN ${unrated} THEN ${leftOutProblem}`)
  if (leftOut) cases.unshift(`WHEN ${leftOut} THEN ${leftOutProblem}`)
  if (dropUsers.length > 0) cases.unshift(`WHEN ${isDropped('"user"', dropUsers)} THEN ${leftOutProblem}`)
  const [firstTime = {}, ...laterTimes] = time && timeForm ? timeSteps(timeForm) : [{ time: 'NULL::DOUBLE' }]
  return {
    steps: [
      { user: column(mapping.user), item: column(mapping.item), time_text: time ?? 'NULL::VARCHAR', ...texts },
      { ...firstTime, ...numbers },
      ...laterTimes,
      { rating: value },
    ],
    columns: ['user', 'item', 'rating', 'time', ...(timeForm?.fine ? ['fine'] : [])],
    // Rows without a time get one when the earliest time is known.
    ...(undated === null ? {} : { finally: { time: `CASE WHEN ${undated} THEN NULL ELSE time END` } }),
    problem: `CASE ${cases.join(' ')} ELSE 0 END`,
  }
}
