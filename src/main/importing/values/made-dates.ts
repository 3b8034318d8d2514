import { months, plainWord } from './date-words'

/** A day with the name of a month, in either order: “02. Mai”, “5-Mar”, “Mar 5”. */
const dayOfMonth = /^\s*(\d{1,2})\.?[-\s/.]*(\p{L}{3,})\.?\s*$/u
const monthAndDay = /^\s*(\p{L}{3,})\.?[-\s/.]*(\d{1,2}|\d{4})\s*$/u
/** A whole day, as a workbook has it. */
const wholeDay = /^\s*(?:\d{4}-\d{2}-\d{2}(?:[T ]00:00(?::00(?:\.0+)?)?)?|\d{1,2}[./]\d{1,2}[./]\d{4})\s*$/

/** The parts of a value that a spreadsheet made a date of; null if it is none. */
function partsOf(value: string): { day: number; month: number } | 'whole' | null {
  if (wholeDay.test(value)) return 'whole'
  const [, day, name] = dayOfMonth.exec(value) ?? []
  const [, word, after] = monthAndDay.exec(value) ?? []
  const month = months.get(plainWord(name ?? word ?? ''))
  return month === undefined || Number.isNaN(month) ? null : { day: Number(day ?? after), month }
}

/** Whether a value is a date that a spreadsheet makes of a number such as 2.5 or 3/5 when it opens a text. */
export const isMadeDate = (value: string): boolean => partsOf(value) !== null

/** The numbers that a date may have been: 2.5 for “02. Mai”, where the day is written first; null if that is not known. */
export function numberBefore(value: string): string | null {
  const parts = partsOf(value)
  return parts === null || parts === 'whole' || !/^\s*\d+\.\s*\p{L}/u.test(value) ? null : `${parts.day}.${parts.month}`
}
