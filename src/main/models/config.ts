import { z } from 'zod'
import { badInput } from '../../shared/errors'
import type { ConfigField, ConfigValue, ModelConfig, ModelPreset } from '../../shared/models'

/** What of a JSON schema's property a form needs. */
const propertyShape = z.object({
  type: z.enum(['number', 'integer', 'string', 'boolean']),
  title: z.string(),
  description: z.string(),
  enum: z.array(z.string()).optional(),
  /** What a text lists, separated by commas. */
  options: z.array(z.string()).optional(),
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
})
type Property = z.infer<typeof propertyShape>
const objectShape = z.object({ properties: z.record(z.string(), propertyShape) })

/** The fields of a config schema, in its order, as forms and help texts need them. */
export const fieldsOf = (schema: z.ZodObject): ConfigField[] =>
  Object.entries(objectShape.parse(z.toJSONSchema(schema)).properties).map(([key, property]) => fieldOf(key, property))

function fieldOf(key: string, property: Property): ConfigField {
  const said = { key, label: property.title, help: property.description }
  if (property.options) return { type: 'several', ...said, options: property.options }
  if (property.enum) return { type: 'choice', ...said, options: property.enum }
  switch (property.type) {
    case 'boolean':
      return { type: 'boolean', ...said }
    case 'string':
      return { type: 'text', ...said, pattern: property.pattern ?? null }
    default:
      return {
        type: 'number',
        ...said,
        integer: property.type === 'integer',
        min: property.minimum ?? property.exclusiveMinimum ?? null,
        max: property.maximum ?? property.exclusiveMaximum ?? null,
      }
  }
}

/** What a field takes, in words. */
export function allowed(field: ConfigField): string {
  switch (field.type) {
    case 'boolean':
      return 'true or false'
    case 'choice':
      return `one of ${field.options.join(', ')}`
    case 'text':
    case 'several':
      return field.help
    case 'number': {
      const kind = field.integer ? 'a whole number' : 'a number'
      if (field.min !== null && field.max !== null) return `${kind} between ${field.min} and ${field.max}`
      return kind
    }
  }
}

/** Values of the command line arrive as text; those that do not fit their field stay text, for the schema to refuse. */
function coerced(field: ConfigField, value: ConfigValue): ConfigValue {
  if (field.type === 'text' || field.type === 'choice' || field.type === 'several') return String(value)
  if (typeof value !== 'string') return value
  const text = value.trim()
  if (field.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : value
  return text === '' || Number.isNaN(Number(text)) ? value : Number(text)
}

export interface Configurable {
  readonly name: string
  readonly schema: z.ZodObject
  readonly presets: readonly ModelPreset[]
  readonly defaultPreset: string
}

/**
 * A complete config: the preset's values (the default preset's for null) with the overrides on top, text coerced to what the key takes.
 * Throws BAD_INPUT naming the key, its value, what is allowed, and for an unknown key or preset the known ones.
 */
export function resolveConfig(entry: Configurable, preset: string | null, overrides: ModelConfig): ModelConfig {
  const wanted = preset ?? entry.defaultPreset
  const base = entry.presets.find(({ name }) => name === wanted)
  if (!base)
    throw badInput(
      `${entry.name} has no preset “${wanted}”.`,
      `Choose one of ${entry.presets.map(({ name }) => name).join(', ')}.`,
    )

  const fields = new Map(fieldsOf(entry.schema).map((field) => [field.key, field]))
  const config: ModelConfig = { ...base.config }
  for (const [key, value] of Object.entries(overrides)) {
    const field = fields.get(key)
    if (!field)
      throw badInput(
        `${entry.name} has no setting “${key}”.`,
        fields.size === 0 ? 'It has none to set.' : `Its settings are ${[...fields.keys()].join(', ')}.`,
      )
    config[key] = coerced(field, value)
  }

  const checked = entry.schema.safeParse(config)
  if (checked.success) return config
  const key = String(checked.error.issues[0]?.path[0] ?? '')
  const field = fields.get(key)
  throw badInput(
    `“${String(config[key])}” cannot be used for ${key} of ${entry.name}.`,
    field ? `Allowed: ${allowed(field)}.` : `Its settings are ${[...fields.keys()].join(', ')}.`,
  )
}
