import type { ColumnMapping } from '../../shared/datasets'
import { columnOf } from './dialect'
import type { Source } from './load-table'
import { type DateOrder, secondsOf } from './time-forms'

/** Why a row is no interaction; [0] is for good rows. */
export const interactionProblems = [
  '',
  'no user id',
  'no item id',
  'no rating',
  'rating is not a number',
  'rating is NaN',
  'rating is not finite',
  'no time',
  'time is not a time',
  'time is before 1970',
] as const

const isMissing = (text: string): string => `(${text} IS NULL OR trim(${text}) = '')`

/**
 * SQL that casts one file's columns: ids stay text exactly as written, leading zeros and all.
 * @param order of day and month in dates that are not ISO 8601
 */
export function interactionColumns(
  source: Source,
  mapping: ColumnMapping,
  order: DateOrder,
): { columns: Readonly<Record<string, string>>; problem: string } {
  const column = (name: string): string => columnOf(source.dialect, name, source.name)
  const user = column(mapping.user)
  const item = column(mapping.item)
  const rating = mapping.rating === null ? null : column(mapping.rating)
  const time = mapping.time === null ? null : column(mapping.time)
  // A comma inside a number is a decimal comma where it is not what separates the columns.
  const ratingText = rating && (source.dialect.delimiter === ',' ? rating : `replace(${rating}, ',', '.')`)
  const number = ratingText && `TRY_CAST(${ratingText} AS FLOAT)`
  const seconds = time && secondsOf(time, order)
  const checks: (readonly [(typeof interactionProblems)[number], string])[] = [
    ['no user id', isMissing(user)],
    ['no item id', isMissing(item)],
  ]
  if (rating && number)
    checks.push(
      ['no rating', isMissing(rating)],
      ['rating is not a number', `${number} IS NULL`],
      ['rating is NaN', `isnan(${number})`],
      ['rating is not finite', `isinf(${number})`],
    )
  if (time && seconds)
    checks.push(
      ['no time', isMissing(time)],
      ['time is not a time', `(${seconds}) IS NULL OR NOT isfinite(${seconds})`],
      ['time is before 1970', `(${seconds}) < 0`],
    )
  const cases = checks.map(([reason, sql]) => `WHEN ${sql} THEN ${interactionProblems.indexOf(reason)}`)
  return {
    columns: { user, item, rating: number ?? 'NULL::FLOAT', time: seconds ?? 'NULL::DOUBLE' },
    problem: `CASE ${cases.join(' ')} ELSE 0 END`,
  }
}
