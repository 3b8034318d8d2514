const whole = new Intl.NumberFormat('en-US')

/** 1234567 → "1,234,567". */
export const formatCount = (n: number): string => whole.format(Math.round(n))

const short = new Intl.NumberFormat('en-US', { maximumFractionDigits: 4 })

/** Ratings, counts and the like as people write them: 4.5 → "4.5", 3400 → "3,400". */
export const formatValue = (value: number): string => short.format(value).replace('-', '−')

/** A share as a percentage of the same digits: 0.805 → "80.5 %"; `0.57 * 100` is not 57. */
export function exactPercent(share: number): string {
  const [digits = '', exponent = '0'] = String(share).split('e')
  return `${Number(`${digits}e${Number(exponent) + 2}`)} %`
}

/** A number with its noun: (1, "row") → "1 row", (2, "row") → "2 rows"; an irregular plural is passed in. */
export const formatCounted = (n: number, one: string, many = `${one}s`): string =>
  `${formatCount(n)} ${Math.round(n) === 1 ? one : many}`

/** 0.34567 → "0.346". */
export const formatMetric = (value: number, digits = 3): string => value.toFixed(digits)

/** A standard error in the format of a metric; `–` if there is none. */
export const formatError = (se: number | null, digits = 3): string => (se === null ? '–' : formatMetric(se, digits))

/** Bytes in powers of 1024: 1536 → "1.5 KiB". */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power] ?? 'B'}`
}

/** Seconds for people: 0.42 → "0.4 s", 75 → "1 min 15 s", 3700 → "1 h 2 min". */
export function formatDuration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const s = Math.round(seconds)
  if (s < 60) return `${s} s`
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`
}

/** Local date and time, short: "2026-11-24 09:30". */
export function formatTime(iso: string): string {
  const d = new Date(iso)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}`
}

/** A moment of the data, which are in UTC: 964982703 → "2000-07-30 18:45:03"; fractions of a second only if there are any. */
export function formatMoment(seconds: number): string {
  const date = new Date(seconds * 1000)
  // Dates end at 8.64e15 ms: larger stored values are shown as numbers.
  if (Number.isNaN(date.getTime())) return String(seconds)
  return date
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, '')
}

const minus = '−'

/** Scores of any model: 0.83124 → "0.8312", 12.3456 → "12.35", 3201 → "3,201", 0.0000231 → "2.31e−5". */
export function formatScore(value: number): string {
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size < 0.001) return value.toExponential(2).replaceAll('-', minus)
  if (size >= 1000) return formatCount(value)
  const digits = size < 10 ? 4 : size < 100 ? 2 : 1
  return value.toFixed(digits).replace('-', minus)
}

/** With its sign, for contributions: 0.5 → "+0.500", −0.5 → "−0.500". */
export function formatSigned(value: number, digits = 3): string {
  const text = Math.abs(value).toFixed(digits)
  return value < 0 && Number(text) !== 0 ? minus + text : `+${text}`
}

/** Shares: 0.0123 → "1.23 %", 0.5 → "50.0 %". */
export function formatShare(share: number): string {
  const percent = share * 100
  return `${percent.toFixed(Math.abs(percent) < 10 ? 2 : 1).replace('-', minus)} %`
}

/** `a`, `a and b`, `a, b and c`. */
export const enumerated = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** A p value with its sign: `p = 0.042`, `p < 0.001`. */
export const formatP = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`)
