import { z } from 'zod'
import { formatCount } from './format'

/** Which numbers are allowed; null: no limit on that side. */
export interface NumberRule {
  readonly integer: boolean
  readonly min: number | null
  readonly max: number | null
  /** Excluded limits. */
  readonly above: number | null
  readonly below: number | null
}

const limit = (value: number): string => (Number.isInteger(value) ? formatCount(value) : String(value))

/** `a whole number from 1 to 1,000`, `a number above 0 and below 1`. */
export function numberText({ integer, min, max, above, below }: NumberRule): string {
  const kind = integer ? 'a whole number' : 'a number'
  if (min !== null && max !== null) return `${kind} from ${limit(min)} to ${limit(max)}`
  if (min !== null && below === null) return `${kind}, ${limit(min)} or more`
  const limits = [
    ...(min === null ? [] : [`from ${limit(min)}`]),
    ...(above === null ? [] : [`above ${limit(above)}`]),
    ...(below === null ? [] : [`below ${limit(below)}`]),
    ...(max === null ? [] : [`at most ${limit(max)}`]),
  ]
  return limits.length === 0 ? kind : `${kind} ${limits.join(' and ')}`
}

/** Numbers that follow a rule; the message states the whole rule in one sentence, whatever is wrong. */
export function numberSchema(rule: Partial<NumberRule>): z.ZodNumber {
  const { integer, min, max, above, below } = { ...anyNumber, ...rule }
  const error = `Enter ${numberText({ integer, min, max, above, below })}.`
  // The message appears once, without those of other rules for the same number.
  const refusal = { error, abort: true }
  let schema = z.number(error)
  if (integer) schema = schema.int(refusal)
  if (min !== null) schema = schema.min(min, refusal)
  if (max !== null) schema = schema.max(max, refusal)
  if (above !== null) schema = schema.gt(above, refusal)
  if (below !== null) schema = schema.lt(below, refusal)
  return schema
}
const anyNumber: NumberRule = { integer: false, min: null, max: null, above: null, below: null }

/** Whole numbers in min … max. */
export const wholeNumber = (min: number, max: number | null = null): z.ZodNumber =>
  numberSchema({ integer: true, min, max })

/** Shares between 0 and 1, both excluded. */
export const share = (): z.ZodNumber => numberSchema({ above: 0, below: 1 })
