import type { Certainty } from '../../../shared/certainty'
import { fractionOf, type Fractions, withoutFraction } from './fractions'
import { earlier, type Spot } from './spot'

/**
 * All values of a column with the same notation: digits as 9, except for a leading zero and the scale after a slash (“9/5”), which are
 * informative.
 */
export interface SeenShape {
  readonly shape: string
  readonly rows: number
  /** The first of them. */
  readonly spot: Spot
}

/** The notation of a column's numbers. */
export interface NumberForm {
  /** The decimal mark; both if no number has thousands, so that neither could mean something else. */
  readonly decimal: '.' | ',' | '.,'
  /** Signs that group thousands. */
  readonly groups: string
  /** Whether a sign that groups thousands is also a decimal mark if it is not followed by three digits, in contradiction to the user's choice. */
  readonly either: boolean
  /** Text before or after the number: “€”, “stars”. */
  readonly affixes: readonly string[]
  /** Text after the number if values have a scale: “/5”. */
  readonly scale: string | null
  /** Whether values are rows of stars. */
  readonly stars: boolean
  /** How fractions such as 3½ are written; null if there are none. */
  readonly fractions: Fractions
  /** How signs are written that no program writes. */
  readonly signs: readonly UnusualSign[]
  /** Words with values, in lower case. */
  readonly words: ReadonlyMap<string, number>
}

/**
 * A minus after the number, as in SAP and COBOL (3,000-), and a plus there; parentheses around it, as in accounting; a minus before a space or a currency, or
 * one that is not a hyphen.
 */
export type UnusualSign = 'minus after' | 'plus after' | 'around' | 'before'

export interface NumberDecision {
  readonly form: NumberForm
  readonly certainty: Certainty
  /** Whether only plain numbers were seen, which are the same in every notation. */
  readonly plain: boolean
  /** A number that proves the decimal mark. */
  readonly proof: Spot | null
  /** A number with another notation. */
  readonly against: Spot | null
  /** A number with two possible meanings. */
  readonly doubtful: Spot | null
  readonly doubtfulRows: number
  /** Why no notation can be assumed; the two spots show it. */
  readonly contradiction: 'decimals' | 'scales' | null
  /** Rows that this notation cannot read. */
  readonly unread: number
  /** Different units, such as two currencies, or percentages beside plain numbers. */
  readonly mixed: Spot | null
  /** The first number with a fraction. */
  readonly fraction: Spot | null
  /** The first number with a minus after it, and the first in parentheses. */
  readonly negatives: ReadonlyMap<UnusualSign, { readonly rows: number; readonly spot: Spot }>
}

/** The chosen rules of the numbers. */
export interface NumberWish {
  readonly decimal: '.' | ',' | null
  /** The sign that groups thousands; empty: none. */
  readonly thousands: string | null
  /** Whether the column may have school grades, of which 2- is none below zero. */
  readonly grades?: boolean
}

/** Characters that people and programs write for a minus, beside the hyphen. */
export const minusSigns = '\u2212\u2013\ufe63\uff0d'
/** The same, and the hyphen, as a class of a pattern; and with the plus. */
const [minus, plusOrMinus] = [`[${minusSigns}-]`, `[+${minusSigns}-]`]
const leadingSign = new RegExp(`^${plusOrMinus}`)
const signAfter = new RegExp(`^(\\s*)(${plusOrMinus})(.*)$`, 'u')
const numberWithin = new RegExp(
  String.raw`^([^09]*?)(${plusOrMinus}?)((?:[09](?:[09.,'’ \u00a0\u202f\u2009]*[09])?[.,]?|[.,]9+)(?:[eE][+-]?9+)?)(\D.*)?$`,
  'u',
)
const minusApart = new RegExp(`^\\s*${minus}|${minus}\\s*$`, 'u')

export const spaces = ' \u00a0\u202f\u2009'
const apostrophes = "'’"
const currencies = [
  '€',
  '$',
  '£',
  '¥',
  '₽',
  '₹',
  '₩',
  'zł',
  'Kč',
  'kr',
  'Ft',
  'CHF',
  'EUR',
  'USD',
  'GBP',
  'CZK',
  'PLN',
  'JPY',
]
const percents = ['%']
const ratingWords =
  'stars star Stars Star Sterne Stern étoiles étoile estrellas estrella stelle stella hvězd hvězdičky hvězdiček gwiazdki sterren ster estrelas estrela points point pts Points Punkte ★ ⭐ 分 点 點 星 颗星 점 별 балл балла баллов бал бали балів звезда звезды звёзд зірка зірки зірок αστέρια αστέρι puan yıldız csillag tähteä stjerner stjärnor stjerne stele zvaigznes bintang sao ดาว คะแนน نجوم نجمة ستاره כוכבים hvězda'.split(
    ' ',
  )
const known = [...currencies, ...percents, ...ratingWords]

type Body = 'plain' | 'broken' | NumberSigns
interface NumberSigns {
  /** Proven to be a decimal mark, or to group thousands. */
  readonly decimal: string | null
  readonly thousands: readonly string[]
  /** Either of the two, which is not known. */
  readonly doubtful: '.' | ',' | null
}

/** The meaning of the signs within the digits of one number. @param body such as 1.999,99 */
export function signsOf(body: string): Body {
  const digits = body.replace(leadingSign, '').replace(/[eE][+-]?9+$/, '')
  if (/^[09]+$/.test(digits)) return 'plain'
  const thousands: string[] = []
  let rest = digits
  // Spaces and apostrophes are never decimal marks.
  const spaced = /^([09]9{0,2})((?:[ \u00a0\u202f\u2009'’]9{3})+)(?![09])/.exec(rest)
  if (spaced?.[2]) {
    thousands.push(...new Set(spaced[2].replaceAll('9', '')))
    rest = spaced[0].replaceAll(/[^09]/g, '') + rest.slice(spaced[0].length)
  }
  if (!/^[09.,]*$/.test(rest)) return 'broken'
  const marks = rest.match(/[.,]/g) ?? []
  const [first] = marks
  if (first === undefined) return { decimal: null, thousands, doubtful: null }
  const last = marks.at(-1) ?? first
  const grouped = (text: string, sign: string): boolean =>
    new RegExp(`^[09]9{0,2}(\\${sign}9{2,3})*\\${sign}9{3}$`).test(text)
  if (new Set(marks).size > 1) {
    const at = rest.lastIndexOf(last)
    const whole = rest.slice(0, at)
    if (marks.filter((sign) => sign === last).length > 1 || !grouped(whole, first) || whole.includes(last))
      return 'broken'
    return { decimal: last, thousands: [...thousands, first], doubtful: null }
  }
  if (marks.length > 1)
    return grouped(rest, first) ? { decimal: null, thousands: [...thousands, first], doubtful: null } : 'broken'
  const parts = /^([09]*)[.,]([09]*)$/.exec(rest)
  const [whole = '', fraction = ''] = parts ? [parts[1], parts[2]] : []
  if (whole === '' && fraction === '') return 'broken'
  const decides =
    fraction.length !== 3 || whole.length > 3 || whole === '' || whole.startsWith('0') || thousands.length > 0
  return decides
    ? { decimal: first, thousands, doubtful: null }
    : { decimal: null, thousands, doubtful: first === ',' ? ',' : '.' }
}

interface Parts {
  readonly body: string
  readonly affixes: readonly string[]
  readonly scale: string | null
  /** Null for none, or one before the digits as programs write it. */
  readonly sign: UnusualSign | null
}

/** A shape's number and the text around it; null if it has no known number. */
export function partsOf(shape: string): Parts | null {
  const found = numberWithin.exec(withoutFraction(shape).trim())
  if (!found) return null
  const [, before = '', lead = '', digits = '', after = ''] = found
  const scale = /^\s*(?:\/|out of|of|von|sur|de|su|ze?|van|av)\s*\d+(?:[.,]0)?(?=\s|$)/.exec(after)?.[0] ?? null
  const signed = signOf(before, after.slice(scale?.length ?? 0))
  if (signed.sign !== null && (lead !== '' || scale !== null)) return null
  const affixes: string[] = []
  for (const side of signed.sides) {
    const affix = side.trim()
    if (affix === '') continue
    if (!known.includes(affix) || (signed.sign !== null && ratingWords.includes(affix))) return null
    affixes.push(affix)
  }
  const sign = signed.sign ?? (lead !== '' && minusSigns.includes(lead) ? 'before' : null)
  return { body: lead + digits, affixes, scale, sign }
}

/** The sign in the texts before and after a number, and these texts without it. */
function signOf(before: string, after: string): { sign: UnusualSign | null; sides: readonly [string, string] } {
  const isAround = /^[^()]*\([^()]*$/.test(before) && /^[^()]*\)[^()]*$/.test(after)
  if (isAround) return { sign: 'around', sides: [before.replace('(', ''), after.replace(')', '')] }
  const [, earlier, afterSign, later = ''] = signAfter.exec(after) ?? []
  if (earlier !== undefined) return { sign: afterSign === '+' ? 'plus after' : 'minus after', sides: [before, later] }
  return minusApart.test(before)
    ? { sign: 'before', sides: [before.replace(minusApart, ''), after] }
    : { sign: null, sides: [before, after] }
}

/** A shape with its number. */
interface ParsedShape extends SeenShape {
  readonly number: Parts
}

/**
 * The unusual signs of a column that mean what they seem to mean. If all numbers are in parentheses, or followed by a hyphen, it is no sign; where some have a
 * minus after them, some a plus and some nothing, and where single digits in a column of grades have a minus, they are school grades.
 */
function signsOfColumn(shapes: readonly ParsedShape[], grades: boolean): Set<UnusualSign> {
  const of = (sign: UnusualSign | null): ParsedShape[] => shapes.filter(({ number }) => number.sign === sign)
  const [minus, plus, around] = [of('minus after'), of('plus after'), of('around')]
  const hasOthers = of(null).length + of('before').length > 0
  const mayBeGrades = grades && minus.every(({ number }) => /^[09]$/.test(number.body))
  const signs = new Set<UnusualSign>(['before'])
  if (minus.length > 0 && !mayBeGrades && hasOthers === (plus.length === 0)) signs.add('minus after').add('plus after')
  if (around.length > 0 && hasOthers) signs.add('around')
  return signs
}

/** The end of the scale in a value, such as 5 in “4.0 out of 5 stars” and “4/5”; null if there is none. */
export const namedScale = (value: string): string | null =>
  partsOf(value.replaceAll(/\d/g, '9'))?.scale == null ? null : (/^\D*[\d.,]+\D+(\d+)/.exec(value)?.[1] ?? null)

/** Whether a value is a row of stars, some of them filled. */
export const isStars = (shape: string): boolean => /^[★☆⭐✩* ]*[★⭐*☆✩][★☆⭐✩*½ ]*$/u.test(shape)

/** The decimal mark that another column of the same files proves. */
export interface ProvenMark {
  readonly decimal: '.' | ','
  readonly column: string
  /** A number in that column that proves it. */
  readonly spot: Spot
}

/**
 * The notation of a column's numbers, from all of them.
 * @param elsewhere the decimal mark of other columns, for numbers that may have thousands or three decimals
 */
export function decideNumbers(
  shapes: readonly SeenShape[],
  wish: NumberWish,
  elsewhere: ProvenMark | null = null,
): NumberDecision {
  const decimals = new Map<string, Spot>()
  const thousands = new Map<string, Spot>()
  const doubtful = new Map<string, { rows: number; spot: Spot }>()
  const affixes = new Map<string, Spot>()
  const scales = new Map<string, Spot>()
  const note = (into: Map<string, Spot>, sign: string, spot: Spot): void =>
    void into.set(sign, earlier(into.get(sign) ?? null, spot))
  let [unread, bare, large, starRows] = [0, 0, 0, 0]
  let bareSpot: Spot | null = null
  const hasStars = shapes.some(({ shape }) => isStars(shape))
  // Beside rows of stars, a half alone is half a star.
  const isRow = (shape: string): boolean => isStars(shape) || (hasStars && shape.trim() === '½')
  const fractional = shapes.filter(({ shape }) => !isRow(shape) && fractionOf(shape) !== null && partsOf(shape))
  const [firstFraction] = fractional
  const fractions = firstFraction ? fractionOf(firstFraction.shape) : null
  const parsed = shapes.map((seen) => ({
    ...seen,
    parts: isRow(seen.shape) ? null : partsOf(withoutFraction(seen.shape, fractions === 'digits')),
  }))
  const readable = signsOfColumn(
    parsed.flatMap(({ parts, ...seen }) => (parts ? [{ ...seen, number: parts }] : [])),
    wish.grades ?? false,
  )
  const negatives = new Map<UnusualSign, { rows: number; spot: Spot }>()
  for (const { shape, rows, spot, parts } of parsed) {
    if (isRow(shape)) {
      starRows += rows
      continue
    }
    const signs = parts && (parts.sign === null || readable.has(parts.sign)) ? signsOf(parts.body) : null
    if (!parts || !signs || signs === 'broken') {
      unread += rows
      continue
    }
    if (parts.sign !== null) {
      const seen = negatives.get(parts.sign)
      negatives.set(parts.sign, { rows: (seen?.rows ?? 0) + rows, spot: earlier(seen?.spot ?? null, spot) })
    }
    if (parts.affixes.length === 0 && parts.scale === null) {
      bare += rows
      bareSpot = earlier(bareSpot, spot)
    }
    for (const affix of parts.affixes) note(affixes, affix, spot)
    if (parts.scale !== null) note(scales, parts.scale, spot)
    if (signs === 'plain') {
      if (parts.body.length > 2) large += rows
      continue
    }
    if (signs.decimal !== null) note(decimals, signs.decimal, spot)
    for (const sign of signs.thousands) note(thousands, sign, spot)
    if (signs.doubtful !== null) {
      const seen = doubtful.get(signs.doubtful)
      doubtful.set(signs.doubtful, { rows: (seen?.rows ?? 0) + rows, spot: earlier(seen?.spot ?? null, spot) })
    }
  }
  const groupsBySpace = Array.from(spaces + apostrophes)
    .filter((sign) => thousands.has(sign))
    .join('')
  const decided = decideMarks({ decimals, thousands, doubtful, large }, wish, elsewhere)
  const scaleNumbers = new Set([...scales.keys()].map((scale) => Number(/\d+/.exec(scale)?.[0])))
  const kinds = [currencies, percents].map((of) => [...affixes.keys()].filter((affix) => of.includes(affix)))
  const severalKinds = kinds.some((of) => of.length > 1) || kinds.filter((of) => of.length > 0).length > 1
  const percentBesideBare = (kinds[1]?.length ?? 0) > 0 && bare > 0
  const scaleBesideBare = scales.size > 0 && bare > 0
  return {
    ...decided,
    form: {
      decimal: decided.decimal,
      groups: [...new Set(Array.from(decided.groups + groupsBySpace + (wish.thousands ?? '')))].join(''),
      either: decided.either,
      affixes: [...affixes.keys()].toSorted((a, b) => b.length - a.length),
      scale: scales.size > 0 ? [...scales.keys()].join('\n') : null,
      stars: starRows > 0,
      fractions,
      signs: [...negatives.keys()],
      words: new Map(),
    },
    plain:
      decimals.size + thousands.size + doubtful.size + affixes.size + scales.size + starRows + fractional.length === 0,
    fraction: firstFraction?.spot ?? null,
    negatives,
    contradiction: scaleNumbers.size > 1 ? 'scales' : decided.contradiction,
    ...(scaleNumbers.size > 1 ? spotsOfTwo([...scales.values()]) : {}),
    unread,
    mixed: severalKinds
      ? ([...affixes.values()].at(-1) ?? null)
      : percentBesideBare || scaleBesideBare
        ? bareSpot
        : null,
  }
}

const spotsOfTwo = (spots: readonly Spot[]): { proof: Spot | null; against: Spot | null } => ({
  proof: spots[0] ?? null,
  against: spots[1] ?? null,
})

interface Marks {
  readonly decimals: ReadonlyMap<string, Spot>
  readonly thousands: ReadonlyMap<string, Spot>
  readonly doubtful: ReadonlyMap<string, { rows: number; spot: Spot }>
  /** Rows of numbers of three digits and more without any sign. */
  readonly large: number
}
type MarkDecision = Pick<
  NumberDecision,
  'certainty' | 'proof' | 'against' | 'doubtful' | 'doubtfulRows' | 'contradiction'
> & {
  readonly decimal: NumberForm['decimal']
  readonly groups: string
  readonly either: boolean
}

/** The meaning of points and commas. */
function decideMarks(
  { decimals, thousands, doubtful, large }: Marks,
  wish: NumberWish,
  elsewhere: ProvenMark | null,
): MarkDecision {
  const none = {
    proof: null,
    against: null,
    doubtful: null,
    doubtfulRows: 0,
    contradiction: null,
    either: false,
  } as const
  const other = (sign: string): '.' | ',' => (sign === ',' ? '.' : ',')
  const said = wish.decimal ?? (wish.thousands === '.' || wish.thousands === ',' ? other(wish.thousands) : null)
  if (said !== null) {
    const groups = wish.thousands ?? other(said)
    const against = groups.includes(other(said)) ? (decimals.get(other(said)) ?? null) : null
    return {
      ...none,
      decimal: said,
      groups,
      certainty: against ? 'guess' : 'certain',
      against,
      either: against !== null,
    }
  }
  const [point, comma] = [decimals.get('.') ?? null, decimals.get(',') ?? null]
  const [points, commas] = [thousands.get('.') ?? null, thousands.get(',') ?? null]
  // If one sign groups thousands, the other is the decimal mark.
  const [forPoint, forComma] = [point ?? commas, comma ?? points]
  if (forPoint && forComma) {
    const open = [...doubtful.values()][0]?.spot ?? null
    const contradiction = open || points || commas ? 'decimals' : null
    return {
      ...none,
      decimal: '.,',
      groups: '',
      certainty: 'guess',
      proof: forPoint,
      against: forComma,
      doubtful: open,
      contradiction,
    }
  }
  if (forPoint) return { ...none, decimal: '.', groups: ',', certainty: 'certain', proof: forPoint }
  if (forComma) return { ...none, decimal: ',', groups: '.', certainty: 'certain', proof: forComma }
  const [openPoint, openComma] = [doubtful.get('.'), doubtful.get(',')]
  if (openPoint && openComma)
    return {
      ...none,
      decimal: '.',
      groups: ',',
      certainty: 'guess',
      proof: openPoint.spot,
      against: openComma.spot,
      doubtful: openComma.spot,
      contradiction: 'decimals',
    }
  const open = openComma ?? openPoint
  if (open && elsewhere)
    return {
      ...none,
      decimal: elsewhere.decimal,
      groups: other(elsewhere.decimal),
      certainty: 'likely',
      doubtful: open.spot,
      doubtfulRows: open.rows,
    }
  if (openComma)
    return {
      ...none,
      decimal: '.',
      groups: ',',
      certainty: 'guess',
      doubtful: openComma.spot,
      doubtfulRows: openComma.rows,
    }
  if (openPoint) {
    // Numbers with thousands occur together with numbers below a thousand; numbers with three decimals occur alone.
    const grouped = large > 0
    return {
      ...none,
      decimal: grouped ? ',' : '.',
      groups: grouped ? '.' : ',',
      certainty: 'guess',
      doubtful: openPoint.spot,
      doubtfulRows: openPoint.rows,
    }
  }
  return { ...none, decimal: '.', groups: '', certainty: 'certain' }
}
