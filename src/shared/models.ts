import { z } from 'zod'
import { numberSchema, numberText } from './number-rules'

/** The name of a model's folder; the engine has the list (`runs.models`). */
export const modelKind = z.string().regex(/^[a-z][a-z0-9-]*$/)
export type ModelKind = z.infer<typeof modelKind>

export const presetName = z.string().min(1)

/** What a setting belongs to, in the order of a form. */
export const settingGroup = z.enum(['model', 'training', 'loss', 'regularisation', 'search', 'computing'])
export type SettingGroup = z.infer<typeof settingGroup>

const described = {
  key: z.string(),
  label: z.string(),
  help: z.string(),
  group: settingGroup.default('model'),
  /** The setting matters only where another one, a list with commas, names one of these; null: always. */
  onlyWith: z
    .object({ key: z.string(), values: z.array(z.string()) })
    .nullable()
    .default(null),
}

/** One setting of a model for a form or a help text, from the model's config schema. */
export const configField = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('number'),
    ...described,
    /** What it counts, in the plural; null for a plain number. */
    unit: z.string().nullable().default(null),
    integer: z.boolean(),
    min: z.number().nullable(),
    max: z.number().nullable(),
    /** Excluded limits. */
    above: z.number().nullable().default(null),
    below: z.number().nullable().default(null),
  }),
  z.object({
    type: z.literal('choice'),
    ...described,
    options: z.array(z.string()),
  }),
  /** Some of the options, each at most once; the value is a text with commas between them. */
  z.object({
    type: z.literal('several'),
    ...described,
    options: z.array(z.string()),
  }),
  z.object({ type: z.literal('boolean'), ...described }),
  z.object({
    type: z.literal('text'),
    ...described,
    pattern: z.string().nullable(),
    /** What may be entered, as the object of a sentence; null: anything. */
    rule: z.string().nullable().default(null),
  }),
])
export type ConfigField = z.infer<typeof configField>

/** What a field's numbers count, in the plural; null for plain numbers and other values. */
export const unitOf = (field: ConfigField): string | null => (field.type === 'number' ? field.unit : null)

export const configValue = z.union([z.number(), z.string(), z.boolean()])
export type ConfigValue = z.infer<typeof configValue>

/** A model's settings: flat, so that `--set key=value` can set each of them. */
export const modelConfig = z.record(z.string(), configValue)
export type ModelConfig = z.infer<typeof modelConfig>

/** The words of a value that lists several, with commas between them. */
export const listedWords = (value: ConfigValue | null): string[] =>
  String(value ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')

/** Whether a field has an effect beside the values of the others. */
export const isEffective = ({ onlyWith }: ConfigField, valueOf: (key: string) => ConfigValue | null): boolean =>
  onlyWith === null || listedWords(valueOf(onlyWith.key)).some((word) => onlyWith.values.includes(word))

/** What may be entered into a field that is typed, as a sentence; null where the field offers its values. */
export function ruleOf(field: ConfigField): string | null {
  const rule = field.type === 'number' ? numberText(field) : field.type === 'text' ? field.rule : null
  return rule === null ? null : `${rule.charAt(0).toUpperCase()}${rule.slice(1)}.`
}

/** The values that a field accepts, in words. */
export function allowed(field: ConfigField): string {
  switch (field.type) {
    case 'boolean':
      return 'true or false'
    case 'choice':
      return `one of ${field.options.join(', ')}`
    case 'text':
      return field.rule ?? withoutStop(field.help)
    case 'several':
      return withoutStop(field.help)
    case 'number':
      return numberText(field)
  }
}

/** A description that goes on in another sentence. */
const withoutStop = (help: string): string => help.replace(/\.$/, '')

/** The values that a field accepts, as far as its description tells; the engine checks the model's other conditions. */
export function configFieldSchema(field: ConfigField): z.ZodType<ConfigValue> {
  switch (field.type) {
    case 'boolean':
      return z.boolean()
    case 'choice':
      return z.enum(field.options, `Choose ${allowed(field)}.`)
    case 'text':
      return field.pattern === null
        ? z.string()
        : z.string().regex(new RegExp(field.pattern), `Enter ${allowed(field)}.`)
    case 'several':
      return z.string().trim().min(1, 'Choose at least one.')
    case 'number':
      return numberSchema(field)
  }
}

/** Values of some of a model's fields, changed in a form. */
export const configOverrides = (fields: readonly ConfigField[]): z.ZodType<ModelConfig> =>
  z.object(
    Object.fromEntries(fields.map((field) => [field.key, configFieldSchema(field).optional()])),
  ) as z.ZodType<ModelConfig>

export const modelPreset = z.object({
  name: presetName,
  label: z.string(),
  description: z.string(),
  config: modelConfig,
})
export type ModelPreset = z.infer<typeof modelPreset>

/** A model as described in the contract: everything that is shown of it. Forms begin with the first of the list. */
export const modelDescriptor = z.object({
  kind: modelKind,
  name: z.string(),
  /** Models of one family are listed together, under this name. */
  family: z.string(),
  summary: z.string(),
  /** One sentence about how a score of this model alone is computed. */
  explanation: z.string(),
  paper: z.string(),
  /** `gradient`: epochs and curves; `closed-form`: one or a few exact solutions. */
  training: z.enum(['gradient', 'closed-form']),
  /** Whether, with its default settings, a score splits exactly into one contribution for each item of the history. */
  linear: z.boolean(),
  /** A baseline that is compared with every result. */
  baseline: z.boolean(),
  /** A run of it can combine trained runs. */
  combinesRuns: z.boolean(),
  /** The members of a product whose members cannot be changed. */
  members: z.array(modelKind),
  fields: z.array(configField),
  presets: z.array(modelPreset).min(1),
  defaultPreset: presetName,
})
export type ModelDescriptor = z.infer<typeof modelDescriptor>
