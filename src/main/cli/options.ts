import { InvalidArgumentError, type Command } from 'commander'
import { z } from 'zod'
import type { RejectLimit } from '../../shared/datasets'
import { runTag } from '../../shared/run-labels'

/**
 * The options of a command, parsed by its schema. commander types them as `any`; the result is typed.
 * A schema that does not fit is a defect of the command, because commander's own parsers have checked the values.
 */
export const read = <Schema extends z.ZodType>(schema: Schema, command: Command): z.output<Schema> =>
  schema.parse(command.opts())

/** commander parser of a whole number in min … max. */
export const wholeNumber =
  (min: number, max: number = Number.MAX_SAFE_INTEGER) =>
  (value: string): number => {
    const number = /^\d{1,16}$/.test(value.trim()) ? Number(value) : NaN
    if (!(number >= min && number <= max)) {
      throw new InvalidArgumentError(
        max === Number.MAX_SAFE_INTEGER
          ? `It takes a whole number from ${min} on.`
          : `It takes a whole number from ${min} to ${max}.`,
      )
    }
    return number
  }

/** commander parser of a number as the contract takes it; a refused number gets the contract's message. */
export const numberBy =
  (schema: z.ZodType<number>) =>
  (value: string): number => {
    const read = schema.safeParse(value.trim() === '' ? NaN : Number(value))
    if (!read.success) throw new InvalidArgumentError(read.error.issues.map(({ message }) => message).join(' '))
    return read.data
  }

/** commander parser of a number, or `none`. It does not return null, which commander turns into an empty text. */
export function numberOrNone(value: string): number | 'none' {
  if (value === 'none') return value
  const number = value.trim() === '' ? NaN : Number(value)
  if (!Number.isFinite(number)) throw new InvalidArgumentError('It takes a number, or none.')
  return number
}

/** Converts the result of `numberOrNone`; `none` becomes null. */
export const numberOrNull = z.union([z.number(), z.literal('none').transform(() => null)])

/** commander parser that collects `--set key=value` into one record; a later value of a key wins. */
export function keyValue(pair: string, collected: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = pair.indexOf('=')
  const key = pair.slice(0, at).trim()
  if (at < 0 || key === '') throw new InvalidArgumentError('It takes key=value, as in --set latent=256.')
  return { ...collected, [key]: pair.slice(at + 1).trim() }
}

/** commander parser of a limit of rejected rows: their number, or their share as 5%. */
export function rowLimit(value: string): RejectLimit {
  const [, digits = '', percent = ''] = /^(\d{1,15}(?:\.\d+)?)(%?)$/.exec(value.trim()) ?? []
  const number = digits === '' ? NaN : Number(digits)
  if (percent === '%' && number <= 100) return { share: number / 100 }
  if (percent === '' && Number.isInteger(number)) return { rows: number }
  throw new InvalidArgumentError('It takes a number of rows, such as 100, or a share, such as 5%.')
}

/** commander parser of ids separated by commas. */
export function idList(value: string): string[] {
  const ids = value
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
  if (ids.length === 0) throw new InvalidArgumentError('It takes item ids separated by commas, as in "1,50,260".')
  return ids
}

/** commander parser of run ids separated by commas. */
export const runList = (value: string): number[] =>
  idList(value).map((id) => {
    if (!/^[1-9]\d{0,15}$/.test(id))
      throw new InvalidArgumentError('It takes run ids separated by commas, as in "3,4".')
    return Number(id)
  })

/** commander parser that collects tags. */
export function collectedTags(value: string, collected: readonly string[] = []): string[] {
  const read = runTag.safeParse(value)
  if (!read.success) throw new InvalidArgumentError(read.error.issues.map(({ message }) => message).join(' '))
  return [...collected, read.data]
}
