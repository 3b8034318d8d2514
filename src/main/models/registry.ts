import type { z } from 'zod'
import type { ModelDescriptor, ModelKind, ModelPreset } from '../../shared/models'
import { fieldsOf } from './config'
import type { ModelFactory } from './model'
import { deepPresets, easePresets, neasePresets, popularityPresets, vaspPresets } from './presets'
import { easeConfig, flvaeConfig, neaseConfig, popularityConfig, vaspConfig } from './settings'

export { resolveConfig } from './config'

/** A model as the application knows it: the form, the command line, the run page and the report are drawn from this. */
export interface ModelEntry {
  readonly kind: ModelKind
  readonly name: string
  /** One sentence for people. */
  readonly summary: string
  readonly paper: string
  readonly training: 'gradient' | 'closed-form'
  readonly schema: z.ZodObject
  readonly presets: readonly ModelPreset[]
  readonly defaultPreset: string
  /** Loads the model's code, and TensorFlow with it: only a worker calls this. */
  load(): Promise<ModelFactory>
}

const VASP_PAPER =
  'Vančura & Kordík, “Deep Variational Autoencoder with Shallow Parallel Path for Top-N Recommendation (VASP)”, 2021, arXiv 2102.05774'

/** All models, in the order in which they are offered. */
export const models: readonly ModelEntry[] = [
  {
    kind: 'vasp',
    name: 'VASP',
    summary: 'A deep variational autoencoder times a shallow linear path, trained jointly: ŷ = FLVAE(x) ⊙ NEASE(x).',
    paper: VASP_PAPER,
    training: 'gradient',
    schema: vaspConfig,
    presets: vaspPresets,
    defaultPreset: 'compact',
    load: async () => (await import('./vasp')).create,
  },
  {
    kind: 'flvae',
    name: 'FLVAE',
    summary: 'The deep path alone: a densely connected variational autoencoder trained with focal loss.',
    paper: `${VASP_PAPER}, section III-B`,
    training: 'gradient',
    schema: flvaeConfig,
    presets: deepPresets,
    defaultPreset: 'compact',
    load: async () => (await import('./flvae')).create,
  },
  {
    kind: 'nease',
    name: 'NEASE',
    summary: 'The shallow path alone: a linear item-to-item model with zero diagonal, trained by gradient steps.',
    paper: `${VASP_PAPER}, section III-A`,
    training: 'gradient',
    schema: neaseConfig,
    presets: neasePresets,
    defaultPreset: 'compact',
    load: async () => (await import('./nease')).create,
  },
  {
    kind: 'ease',
    name: 'EASE',
    summary: 'The closed-form linear item-to-item model: strong, solved in seconds on small catalogues.',
    paper: 'Steck, “Embarrassingly Shallow Autoencoders for Sparse Data”, WWW 2019, arXiv 1905.03375',
    training: 'closed-form',
    schema: easeConfig,
    presets: easePresets,
    defaultPreset: 'search',
    load: async () => (await import('./ease')).create,
  },
  {
    kind: 'popularity',
    name: 'Popularity',
    summary:
      'The same list for everybody: the items that most training users have. The floor that every model must clear.',
    paper: 'Baseline without a paper',
    training: 'closed-form',
    schema: popularityConfig,
    presets: popularityPresets,
    defaultPreset: 'default',
    load: async () => (await import('./popularity')).create,
  },
]

export function modelEntry(kind: ModelKind): ModelEntry {
  const entry = models.find((candidate) => candidate.kind === kind)
  if (!entry) throw new RangeError(`no model is registered as ${kind}`)
  return entry
}

export const describeModels = (): ModelDescriptor[] =>
  models.map(({ kind, name, summary, paper, training, schema, presets, defaultPreset }) => ({
    kind,
    name,
    summary,
    paper,
    training,
    fields: fieldsOf(schema),
    presets: [...presets],
    defaultPreset,
  }))
