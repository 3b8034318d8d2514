import { z } from 'zod'
import { configFieldSchema, type ConfigField, type ConfigValue, type ModelDescriptor } from '../../../shared/models'
import type { TrainRequest } from '../../../shared/runs'
import { numberIn } from '../../components/edited'

/** What a form varies, so that it starts several runs at once. */
export interface Several {
  /** Further training seeds, as typed: `2, 3`. */
  seeds: string
  /** Further models, each with its default preset. */
  models: string[]
  /** The setting whose values are tried; empty: none. */
  key: string
  /** Values besides that of the form, separated by semicolons: schedules contain commas. */
  values: string
}

export const nothingVaried = (): Several => ({ seeds: '', models: [], key: '', values: '' })

/** So many runs are better planned as an experiment, which also compares them. */
export const mostAtOnce = 50

const wordsOf = (text: string, separator: RegExp): string[] =>
  text
    .split(separator)
    .map((word) => word.trim())
    .filter((word) => word !== '')

const seed = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** The seeds of a text. The issue names the first that is none. */
export const seedsIn = z.string().transform((text, context): number[] => {
  const words = wordsOf(text, /[\s,;]+/)
  const wrong = words.find((word) => !/^\d+$/.test(word) || !seed.safeParse(Number(word)).success)
  if (wrong !== undefined)
    context.addIssue({ code: 'custom', message: `“${wrong}” is not a seed. Write whole numbers such as 2, 3.` })
  return [...new Set(words.map(Number))]
})

const typed = (field: ConfigField, word: string): ConfigValue | null => {
  if (field.type === 'number') return numberIn(word)
  return field.type === 'boolean'
    ? word === 'on' || word === 'true'
      ? true
      : word === 'off' || word === 'false'
        ? false
        : word
    : word
}

/** The values of a setting in a text. Throws nothing: the first that does not fit is named in the issue. */
export const valuesIn = (field: ConfigField) =>
  z.string().transform((text, context): ConfigValue[] => {
    const values: ConfigValue[] = []
    for (const word of wordsOf(text, field.type === 'number' || field.type === 'choice' ? /[\s,;]+/ : /;/)) {
      const result = configFieldSchema(field).safeParse(typed(field, word))
      if (result.success) values.push(result.data)
      else
        context.addIssue({
          code: 'custom',
          message: `“${word}” is not a value of ${field.label}. ${result.error.issues[0]?.message ?? ''}`,
        })
    }
    return values
  })

/** Why nothing can be started, for each field; empty if everything can be read. */
export function problemsOf(several: Several, model: ModelDescriptor): Partial<Record<keyof Several, string>> {
  const field = model.fields.find(({ key }) => key === several.key)
  const problem = (read: z.ZodType, text: string): string | undefined => read.safeParse(text).error?.issues[0]?.message
  const found = { seeds: problem(seedsIn, several.seeds), values: field && problem(valuesIn(field), several.values) }
  return Object.fromEntries(Object.entries(found).filter(([, message]) => message !== undefined))
}

/**
 * Every combination of models, values and seeds, that of the form first. Throws zod's error if a seed or a value cannot be read.
 * @param models all models
 */
export function requestsOf(
  first: TrainRequest,
  several: Several,
  model: ModelDescriptor,
  models: readonly ModelDescriptor[],
): TrainRequest[] {
  const field = model.fields.find(({ key }) => key === several.key)
  const values = field ? valuesIn(field).parse(several.values) : []
  const own = [first, ...values.map((value) => varied(first, several.key, value))]
  const others = several.models.flatMap((kind): TrainRequest[] => {
    const other = models.find((known) => known.kind === kind)
    return other && kind !== first.model ? [{ ...first, model: kind, preset: other.defaultPreset, overrides: {} }] : []
  })
  const seeds = [...new Set([first.seed, ...seedsIn.parse(several.seeds)])]
  const all = [...own, ...others].flatMap((request) => seeds.map((one) => ({ ...request, seed: one })))
  const different = new Map(all.map((request) => [JSON.stringify(request), request]))
  return [...different.values()]
}

const varied = (request: TrainRequest, key: string, value: ConfigValue): TrainRequest => ({
  ...request,
  overrides: { ...request.overrides, [key]: value },
})
