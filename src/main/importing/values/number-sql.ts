import { text } from '../duckdb'
import { withFractions } from './fractions'
import { minusSigns, type NumberForm, type UnusualSign } from './number-shapes'

/** The text after the number of a value with a scale. */
const scalePattern = String.raw`\s*(?:/|out of|of|von|sur|de|su|ze?|van|av)\s*\d+(?:[.,]0)?\s*`

/** SQL: a value in the notation of `SeenShape`. */
export const shapeOf = (column: string): string => {
  const scale = `regexp_extract(${column}, ${text(`${scalePattern}\\D*$`)}, 0)`
  // After a leading zero, no thousands follow.
  const masked = (sql: string): string =>
    `replace(translate(regexp_replace(${sql}, '^([^0-9]*)0', '\\1\x01'), '0123456789', '9999999999'), '\x01', '0')`
  return `CASE WHEN ${column} LIKE '%/%' OR regexp_matches(${column}, '[a-z] *[0-9]') THEN
    CASE WHEN ${scale} <> '' THEN (${masked(`left(${column}, length(${column}) - length(${scale}))`)}) || ${scale} ELSE ${masked(column)} END
    ELSE ${masked(column)} END`
}

/** How each sign is written as programs write it, by a pattern of a number without its affixes. */
const usualSigns: Readonly<Record<UnusualSign, readonly [pattern: string, usual: string]>> = {
  around: [String.raw`^\(\s*([^+-].*?)\s*\)$`, String.raw`-\1`],
  'minus after': [String.raw`^([^+-].*?)\s*-$`, String.raw`-\1`],
  'plus after': [String.raw`^([^+-].*?)\s*\+$`, String.raw`\1`],
  before: [String.raw`^-\s+`, '-'],
}

/** SQL of a text as a number; NULL if it has another notation. @param type FLOAT or DOUBLE */
export function numberSql(column: string, form: NumberForm, type: string): string {
  const digits = digitsSql(column, form, type)
  if (form.words.size === 0) return digits
  const cases = [...form.words].map(([word, value]) => `WHEN ${text(word)} THEN ${value}::${type}`)
  return `CASE lower(trim(${column})) ${cases.join(' ')} ELSE ${digits} END`
}

function digitsSql(column: string, form: NumberForm, type: string): string {
  const { fractions } = form
  return fractions === null
    ? wholeSql(column, form, type)
    : withFractions(column, fractions, type, (sql) => wholeSql(sql, form, type))
}

function wholeSql(
  column: string,
  { decimal, groups, either, affixes, scale, stars, signs }: NumberForm,
  type: string,
): string {
  const isPlain =
    decimal !== ',' && groups === '' && affixes.length === 0 && scale === null && !stars && signs.length === 0
  if (isPlain && decimal === '.') return `TRY_CAST(${column} AS ${type})`
  let bare = scale === null ? column : `regexp_replace(${column}, ${text(`${scalePattern}(\\D*)$`)}, '\\1')`
  for (const affix of affixes) bare = `replace(${bare}, ${text(affix)}, '')`
  bare = `translate(trim(${bare}, ' \t\u00a0\u202f\u2009'), '${minusSigns}', '----')`
  for (const [sign, [pattern, usual]] of Object.entries(usualSigns))
    if (signs.some((one) => one === sign)) bare = `regexp_replace(${bare}, ${text(pattern)}, '${usual}')`
  const escaped = (signs: string): string => Array.from(signs, (sign) => (sign === '.' ? '\\.' : sign)).join('')
  const mark = decimal === '.,' ? '[.,]' : `[${escaped(decimal)}]`
  const whole =
    groups === ''
      ? String.raw`\d+`
      : String.raw`(?:\d{1,3}(?:[${escaped(groups)}]\d{2,3})*[${escaped(groups)}]\d{3}|\d+)`
  const pattern = String.raw`[+-]?(?:${whole}(?:${mark}\d*)?|${mark}\d+)(?:[eE][+-]?\d+)?`
  let digits = bare
  for (const sign of groups) digits = `replace(${digits}, ${text(sign)}, '')`
  const number = `TRY_CAST(replace(${digits}, ',', '.') AS ${type})`
  // NaN and the like stay unchanged.
  const decimals = either
    ? `WHEN regexp_full_match(${bare}, '[+-]?\\d*[.,]\\d*') THEN TRY_CAST(replace(${bare}, ',', '.') AS ${type})`
    : ''
  const guarded = `CASE WHEN regexp_full_match(${bare}, ${text(pattern)}) THEN ${number} ${decimals}
    WHEN NOT regexp_matches(${column}, '[0-9]') THEN TRY_CAST(${column} AS ${type}) END`
  if (!stars) return guarded
  const filled = `length(regexp_replace(${column}, '[^★⭐✩*]', '', 'g')) + CASE WHEN contains(${column}, '½') THEN 0.5 ELSE 0 END`
  return `CASE WHEN regexp_full_match(${column}, '[★☆⭐✩*½ ]+') THEN (${filled})::${type} ELSE ${guarded} END`
}
