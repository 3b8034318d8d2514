import { isNumeric, quoted, type RecognisedColumn, sampleWords } from './column-content'
import type { Findings } from './column-findings'
import {
  roleOfName,
  saysAmount,
  saysBirth,
  saysDuration,
  saysHowMany,
  saysId,
  saysMeasure,
  speaksAgainstRating,
} from './column-names'
import { namesNumber } from './identifying-numbers'

/** Fewer different numbers than this are times by chance. */
const fewest = 3
/** 2000 and 2036 as days since 1900: whole numbers outside may be anything. */
const [firstDay, lastDay] = [36_526, 49_675]
/** 1954 and 2119 as days since 1900, with a time of day behind the point. */
const [firstSerial, lastSerial] = [20_000, 80_000]

const isMonth = (sample: string): boolean => /^(?:19[789]|20\d)\d(?:0[1-9]|1[0-2])$/.test(sample)

/** Whether six digits are an existing day with a year of two digits. */
function isShortDay(sample: string): boolean {
  const [, year, month, day] = /^(\d{2})(\d{2})(\d{2})$/.exec(sample)?.map(Number) ?? []
  if (year === undefined || month === undefined || day === undefined || month < 1 || month > 12) return false
  return day >= 1 && day <= new Date(Date.UTC(2000 + year, month, 0)).getUTCDate()
}

/** What numbers would be as times, if all of them may be. */
interface Times {
  readonly words: string
  /** Whether there are amounts of the same look. */
  readonly mayBeAmounts: boolean
}

function timesThatMayBe({ statistics, samples }: RecognisedColumn): Times | null {
  if (!statistics || !isNumeric(statistics) || statistics.distinct < fewest || samples.length === 0) return null
  if (statistics.rowNumber === true) return null
  const [min, max] = [Number(statistics.min), Number(statistics.max)]
  const all = (test: (sample: string) => boolean): boolean => samples.every((sample) => test(sample.trim()))
  if (statistics.kind === 'integer') {
    const kinds = [
      ...(all(isShortDay) && max < 1e6 ? ['days as YYMMDD'] : []),
      ...(all(isMonth) && min >= 197_001 && max <= 209_912 ? ['months as YYYYMM'] : []),
    ]
    if (kinds.length > 0) return { words: kinds.join(' or '), mayBeAmounts: false }
    return min >= firstDay && max < lastDay ? { words: 'days as spreadsheets count them', mayBeAmounts: true } : null
  }
  // Prices have two decimals, the times of day of a spreadsheet more.
  const fine = samples.filter((sample) => /[.,]\d{3,}\s*$/.test(sample))
  return min >= firstSerial && max < lastSerial && 2 * fine.length > samples.length
    ? { words: 'days and times of day as spreadsheets count them', mayBeAmounts: false }
    : null
}

const namesForOthers = [
  namesNumber,
  saysAmount,
  saysMeasure,
  saysDuration,
  saysHowMany,
  saysId,
  saysBirth,
  speaksAgainstRating,
]

/**
 * Adds a guess that a column is left out although its numbers may be the times of interactions, which have none: their order is lost. A column whose name is for
 * something else, or that describes users or items, is none. Returns whether it was added.
 * @param amounts whether numbers that may also be amounts count
 */
export async function sayUnnamedTime(findings: Findings, column: RecognisedColumn, amounts: boolean): Promise<boolean> {
  const { named, rows } = findings.table
  if (!findings.open('time') || findings.open('user') || findings.open('item')) return false
  const times = timesThatMayBe(column)
  if (times === null || (times.mayBeAmounts && !amounts)) return false
  const { name } = column
  if (named && (roleOfName(name) !== null || namesForOthers.some((says) => says(name)))) return false
  // The day on which a user came, or an item came out, says nothing about the order of interactions.
  for (const role of ['user', 'item'] as const) {
    const side = findings.found.get(role)
    const distinct = side?.statistics?.distinct ?? rows
    if (side && rows >= 2 * distinct && (await findings.hasOneValue(side, column))) return false
  }
  findings.say(
    column,
    'left out',
    'guess',
    `${named ? 'Its name does not say so, but its' : 'Its'} values, as ${sampleWords(column)}, may be ${times.words}; interactions are in the order of the file.`,
    true,
    'Time',
    `--time ${quoted(name)}, or --time none`,
  )
  return true
}
