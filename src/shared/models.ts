import { z } from 'zod'

/** What the folder of a model is called; the engine knows which there are (`runs.models`). */
export const modelKind = z.string().regex(/^[a-z][a-z0-9-]*$/)
export type ModelKind = z.infer<typeof modelKind>

export const presetName = z.string().min(1)

/** One setting of a model as a form or a help text needs it; drawn from the model's config schema. */
export const configField = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('number'),
    key: z.string(),
    label: z.string(),
    help: z.string(),
    integer: z.boolean(),
    min: z.number().nullable(),
    max: z.number().nullable(),
  }),
  z.object({
    type: z.literal('choice'),
    key: z.string(),
    label: z.string(),
    help: z.string(),
    options: z.array(z.string()),
  }),
  /** Some of the options, each at most once; the value is a text with commas between them. */
  z.object({
    type: z.literal('several'),
    key: z.string(),
    label: z.string(),
    help: z.string(),
    options: z.array(z.string()),
  }),
  z.object({ type: z.literal('boolean'), key: z.string(), label: z.string(), help: z.string() }),
  z.object({
    type: z.literal('text'),
    key: z.string(),
    label: z.string(),
    help: z.string(),
    pattern: z.string().nullable(),
  }),
])
export type ConfigField = z.infer<typeof configField>

export const configValue = z.union([z.number(), z.string(), z.boolean()])
export type ConfigValue = z.infer<typeof configValue>

/** A model's settings: flat, so that `--set key=value` reaches each of them. */
export const modelConfig = z.record(z.string(), configValue)
export type ModelConfig = z.infer<typeof modelConfig>

export const modelPreset = z.object({
  name: presetName,
  label: z.string(),
  description: z.string(),
  config: modelConfig,
})
export type ModelPreset = z.infer<typeof modelPreset>

/** A model as the contract tells it: all that is shown of it. The first of the list is what a form begins with. */
export const modelDescriptor = z.object({
  kind: modelKind,
  name: z.string(),
  summary: z.string(),
  /** One sentence below a score that the model gives alone: what it is made of. */
  explanation: z.string(),
  paper: z.string(),
  /** `gradient`: epochs and curves; `closed-form`: one or a few exact solutions. */
  training: z.enum(['gradient', 'closed-form']),
  /** Whether, by its default settings, a score splits exactly into one part for each item of the history. */
  linear: z.boolean(),
  /** Every result is read against it. */
  baseline: z.boolean(),
  /** A run of it can be made of trained runs. */
  combinesRuns: z.boolean(),
  /** Members that its product always has. */
  members: z.array(modelKind),
  fields: z.array(configField),
  presets: z.array(modelPreset).min(1),
  defaultPreset: presetName,
})
export type ModelDescriptor = z.infer<typeof modelDescriptor>
