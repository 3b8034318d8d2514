import type { Certainty } from '../../shared/certainty'

/** A number that means "not rated". */
export interface NotRated {
  readonly number: number
  readonly certainty: Certainty
  /** A sentence. */
  readonly evidence: string
}

/** Codes of surveys and statistical programs for no answer that no usual scale has. */
export const codesBeyondScales: ReadonlySet<number> = new Set([
  77, 88, 97, 98, 99, 997, 998, 999, 9999, -9, -77, -88, -99, -999,
])
/** The same with those that some scales have as ratings. */
const usualCodes: ReadonlySet<number> = new Set([...codesBeyondScales, 7, 8, 9, -1, -2, -8])
const mostCodes = 3
/** With fewer ratings of each value, a value of the scale may be missing by chance. */
const fewestOfEach = 3

/**
 * The numbers that mean "not rated": those beyond a gap that is wider than the whole scale (99 with −10 … 10), a usual code beyond a
 * smaller gap (9 with 1 … 5) or below zero, or a zero that most cells contain while the ratings begin above it.
 * @param counts how often each number occurs
 */
export function notRatedNumbers(counts: ReadonlyMap<number, number>): NotRated[] {
  const total = [...counts.values()].reduce((sum, times) => sum + times, 0)
  const all = [...counts.keys()].sort((a, b) => a - b)
  const above = codesAbove(all).filter((number) => usualCodes.has(number) || (counts.get(number) ?? 0) > 1)
  const below = codesAbove(all.map((number) => -number).reverse())
    .map((number) => -number)
    .filter((number) => number < 0 && usualCodes.has(number))
  const values = all.filter((number) => !above.includes(number) && !below.includes(number))
  const far = [...below, ...above].map((number): NotRated => ({
    number,
    certainty: usualCodes.has(number) ? 'likely' : 'guess',
    evidence: `${number} is far outside the scale from ${values[0]} to ${values.at(-1)}.`,
  }))
  const guess = (number: number, evidence: (rest: string) => string): NotRated[] => {
    const rest = values.filter((value) => value !== number)
    return [...far, { number, certainty: 'guess', evidence: evidence(`${rest[0]} to ${rest.at(-1)}`) }]
  }
  const [first, second] = values
  const [last, before] = [values.at(-1), values.at(-2)]
  if (first === undefined || second === undefined || last === undefined || before === undefined) return far
  if ((first === 0 || first === -1) && second > 0 && 2 * (counts.get(first) ?? 0) >= total)
    return guess(first, (rest) => `Most cells contain ${first}, and the other ratings range from ${rest}.`)
  if (isPile(values, counts, total))
    return guess(first, (rest) => `It is the most frequent number, and the other ratings range from ${rest}.`)
  if (first === -1 && second >= 0 && values.length > 4)
    return guess(first, (rest) => `It is the only negative number; the others range from ${rest}.`)
  const scale = values.slice(0, -1)
  const step = stepOf(scale)
  const often = scale.every((value) => (counts.get(value) ?? 0) >= fewestOfEach)
  if (step !== null && usualCodes.has(last) && last - before >= (often ? 2 : 3) * step)
    return guess(last, (rest) => `No number lies between it and the others, which range from ${rest} without a gap.`)
  return far
}

/** Minimum share of zeros that may be empty cells rather than the lowest rating. */
const fewestZeros = 0.25

/** Whether there are as many zeros as there would be of empty cells. @param values ascending */
function isPile(
  [first, second = 0, ...others]: readonly number[],
  counts: ReadonlyMap<number, number>,
  total: number,
): boolean {
  const zeros = counts.get(0) ?? 0
  if (first !== 0 || second <= 0 || others.length < 2) return false
  const isMost = [second, ...others].every((number) => (counts.get(number) ?? 0) < zeros)
  return isMost && (zeros >= fewestZeros * total || (zeros > 3 * (counts.get(second) ?? 0) && 10 * zeros >= total))
}

/** The largest numbers beyond a gap that is wider than the scale below it: one of any kind, or several usual codes. @param values ascending */
function codesAbove(values: readonly number[]): readonly number[] {
  const [first = 0] = values
  for (let at = Math.max(2, values.length - mostCodes); at < values.length; at++) {
    const codes = values.slice(at)
    const before = values[at - 1] ?? 0
    const isAlone = codes.length === 1
    if (
      (codes[0] ?? 0) - before > before - first + 1 &&
      (isAlone || codes.every((code) => usualCodes.has(Math.abs(code))))
    )
      return codes
  }
  return []
}

/** The distance of neighbours in a scale of whole or half points; null if they differ or are few. */
function stepOf(values: readonly number[]): number | null {
  const [step, ...others] = values.slice(1).map((value, at) => value - (values[at] ?? 0))
  return step !== undefined && step <= 1 && others.length >= 2 && others.every((other) => other === step) ? step : null
}
