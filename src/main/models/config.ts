import { z } from 'zod'
import { badInput } from '../../shared/errors'
import { allowed, settingGroup, type ConfigField, type ConfigValue, type ModelConfig } from '../../shared/models'
import type { ConfiguredModel, ModelDefinition } from './definition'

/** The keys of a JSON schema's property that a form needs. */
const propertyShape = z.object({
  type: z.enum(['number', 'integer', 'string', 'boolean']),
  title: z.string(),
  description: z.string(),
  enum: z.array(z.string()).optional(),
  /** The values in a comma-separated text. */
  options: z.array(z.string()).optional(),
  group: settingGroup.default('model'),
  /** What a number counts, in the plural. */
  unit: z.string().optional(),
  /** A width, which can be reduced if a model does not fit into memory. */
  width: z.literal(true).optional(),
  pattern: z.string().optional(),
  /** What may be entered, for texts with a pattern. */
  rule: z.string().optional(),
  /** See `ConfigField`. */
  onlyWith: z.object({ key: z.string(), values: z.array(z.string()) }).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
})
type Property = z.infer<typeof propertyShape>
const objectShape = z.object({ properties: z.record(z.string(), propertyShape) })

/** The defaults as they are written, before parsing. */
const propertiesOf = (schema: z.ZodObject): [string, Property][] =>
  Object.entries(objectShape.parse(z.toJSONSchema(schema, { io: 'input' })).properties)

/** The fields of a model's settings, in their order, as forms and help texts need them. */
export const fieldsOf = (schema: z.ZodObject): ConfigField[] =>
  propertiesOf(schema).map(([key, property]) => fieldOf(key, property))

/** Keys of the widths among a model's settings. */
export const widthKeys = (schema: z.ZodObject): string[] =>
  propertiesOf(schema).flatMap(([key, { width }]) => (width ? [key] : []))

function fieldOf(key: string, property: Property): ConfigField {
  const { title: label, description: help, group, onlyWith = null } = property
  const said = { key, label, help, group, onlyWith }
  if (property.pattern !== undefined && property.rule === undefined)
    throw new Error(`The setting “${key}” has a pattern, but no rule that says it in words.`)
  if (property.options) return { type: 'several', ...said, options: property.options }
  if (property.enum) return { type: 'choice', ...said, options: property.enum }
  switch (property.type) {
    case 'boolean':
      return { type: 'boolean', ...said }
    case 'string':
      return { type: 'text', ...said, pattern: property.pattern ?? null, rule: property.rule ?? null }
    default:
      return {
        type: 'number',
        ...said,
        unit: property.unit ?? null,
        integer: property.type === 'integer',
        min: property.minimum ?? null,
        max: property.maximum ?? null,
        above: property.exclusiveMinimum ?? null,
        below: property.exclusiveMaximum ?? null,
      }
  }
}

/** Converts text from the command line to the field's type. A value that does not fit stays text, and the schema rejects it. */
function coerced(field: ConfigField, value: ConfigValue): ConfigValue {
  if (field.type === 'text' || field.type === 'choice' || field.type === 'several') return String(value)
  if (typeof value !== 'string') return value
  const text = value.trim()
  if (field.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : value
  return text === '' || Number.isNaN(Number(text)) ? value : Number(text)
}

/**
 * A model with a preset's settings (the default preset's for null) and the overrides on top, text coerced to what the key takes.
 * Throws BAD_INPUT with the key, its value and the allowed values, or for an unknown key or preset with the known ones.
 */
export function configure(model: ModelDefinition, preset: string | null, overrides: ModelConfig): ConfiguredModel {
  const wanted = preset ?? model.defaultPreset
  const base = model.presets.find(({ name }) => name === wanted)
  if (!base)
    throw badInput(
      `${model.name} has no preset “${wanted}”.`,
      `Choose one of ${model.presets.map(({ name }) => name).join(', ')}.`,
    )

  const fields = new Map(fieldsOf(model.settings).map((field) => [field.key, field]))
  const config: ModelConfig = { ...base.config }
  for (const [key, value] of Object.entries(overrides)) {
    const field = fields.get(key)
    if (!field)
      throw badInput(
        `${model.name} has no setting “${key}”.`,
        fields.size === 0 ? 'It has no settings.' : `Its settings are ${[...fields.keys()].join(', ')}.`,
      )
    config[key] = coerced(field, value)
  }

  try {
    return model.configured(config)
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    const [issue] = error.issues
    const key = String(issue?.path[0] ?? '')
    const field = fields.get(key)
    const rule = field && allowed(field)
    throw badInput(
      `“${String(config[key])}” cannot be used for ${key} of ${model.name}.`,
      rule ? `Allowed: ${rule}.` : `Its settings are ${[...fields.keys()].join(', ')}.`,
    )
  }
}
