import { text } from '../duckdb'

/** The value of each character for a fraction. */
const glyphs: Readonly<Record<string, number>> = {
  '½': 1 / 2,
  '¼': 1 / 4,
  '¾': 3 / 4,
  '⅓': 1 / 3,
  '⅔': 2 / 3,
  '⅕': 1 / 5,
  '⅖': 2 / 5,
  '⅗': 3 / 5,
  '⅘': 4 / 5,
  '⅛': 1 / 8,
  '⅜': 3 / 8,
  '⅝': 5 / 8,
  '⅞': 7 / 8,
}
const signs = Object.keys(glyphs).join('')
/** A fraction in digits after a whole number, and one alone, which is a fraction only beside others after whole numbers: otherwise 4/5 has a scale. */
const mixed = String.raw`^(\s*\d+)\s+(\d)/(\d)(\D|$)`
const alone = String.raw`^(\s*)(\d)/([2348])(\D|$)`

/** How the fractions of a column are written: with a character such as ½, or in digits such as 1/2. */
export type Fractions = 'characters' | 'digits' | null

const inShape = new RegExp(mixed.replaceAll(String.raw`\d`, '[09]').replace('/([09])', String.raw`/(\d)`), 'u')
const aloneInShape = /^\s*[09]\/[2348](?=\D|$)/
const sign = new RegExp(`\\s*[${signs}]`, 'u')

/** The fraction that the notation of a number has; null if it has none. */
export const fractionOf = (shape: string): Fractions =>
  sign.test(shape) ? 'characters' : inShape.test(shape) ? 'digits' : null

/** A notation of a number without its fraction. @param beside whether the column has fractions in digits, so that 1/2 is one, too */
export function withoutFraction(shape: string, beside = false): string {
  // A fraction without a whole number before it is a number of its own.
  if (sign.test(shape)) return shape.replace(sign, /[09]\s*$/.test(shape.slice(0, shape.search(sign))) ? '' : '9')
  return beside ? shape.replace(aloneInShape, '9').replace(inShape, '$1$4') : shape.replace(inShape, '$1$4')
}

/** SQL of a number with a fraction: the value of the fraction and that of the rest. @param number SQL of a text without fractions as a number */
export function withFractions(
  column: string,
  fractions: NonNullable<Fractions>,
  type: string,
  number: (sql: string) => string,
): string {
  if (fractions === 'characters') {
    const cases = Object.entries(glyphs).map(([glyph, value]) => `WHEN contains(${column}, '${glyph}') THEN ${value}`)
    const rest = `CASE WHEN regexp_matches(${column}, '\\d\\s*[${signs}]') THEN regexp_replace(${column}, '\\s*[${signs}]', '') ELSE regexp_replace(${column}, '[${signs}]', '0') END`
    return `CASE WHEN regexp_matches(${column}, '^[^-★☆⭐✩*]*[${signs}][^${signs}]*$') THEN (${number(`(${rest})`)} + CASE ${cases.join(' ')} END)::${type} ELSE ${number(column)} END`
  }
  const value = (pattern: string): string =>
    `(TRY_CAST(regexp_extract(${column}, ${text(pattern)}, 2) AS DOUBLE) / nullif(TRY_CAST(regexp_extract(${column}, ${text(pattern)}, 3) AS DOUBLE), 0))`
  const rest = (pattern: string, whole: string): string =>
    `(regexp_replace(${column}, ${text(pattern)}, '${whole}\\4'))`
  return `CASE WHEN regexp_matches(${column}, ${text(mixed)}) THEN (${number(rest(mixed, '\\1'))} + ${value(mixed)})::${type}
    WHEN regexp_matches(${column}, ${text(alone)}) THEN (${number(rest(alone, '0'))} + ${value(alone)})::${type} ELSE ${number(column)} END`
}
