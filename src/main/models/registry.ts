import type { z } from 'zod'
import type { ModelConfig, ModelDescriptor, ModelKind, ModelPreset } from '../../shared/models'
import { fieldsOf } from './config'
import type { ModelFactory } from './model'
import { autorecPresets } from './presets/autorec'
import { easePresets, popularityPresets } from './presets/closed-form'
import { hadamardPresets } from './presets/hadamard'
import { hvampPresets } from './presets/hvamp'
import { multDaePresets, multVaePresets } from './presets/multinomial'
import { recvaePresets } from './presets/recvae'
import { deepPresets, neasePresets, vaspPresets } from './presets/vasp'
import {
  autorecConfig,
  easeConfig,
  flvaeConfig,
  hadamardConfig,
  hvampConfig,
  multDaeConfig,
  multVaeConfig,
  neaseConfig,
  popularityConfig,
  recvaeConfig,
  vaspConfig,
} from './settings'

export { fieldsOf, resolveConfig } from './config'

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
  /** Whether a run with this config gives probabilities, so that it can be multiplied with others. */
  probability(config: ModelConfig): boolean
  /** Loads the model's code, and TensorFlow with it: only a worker calls this. */
  load(): Promise<ModelFactory>
}

const VASP_PAPER =
  'Vančura & Kordík, “Deep Variational Autoencoder with Shallow Parallel Path for Top-N Recommendation (VASP)”, 2021, arXiv 2102.05774'

const LIANG =
  'Liang, Krishnan, Hoffman & Jebara, “Variational Autoencoders for Collaborative Filtering”, WWW 2018, arXiv 1802.05814'

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
    probability: () => true,
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
    probability: () => true,
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
    probability: () => true,
    load: async () => (await import('./nease')).create,
  },
  {
    kind: 'hadamard',
    name: 'Hadamard ensemble',
    summary: 'The product of any members’ probabilities: trained together, or made of runs that were trained apart.',
    paper: `${VASP_PAPER}, equations 6 and 7`,
    training: 'gradient',
    schema: hadamardConfig,
    presets: hadamardPresets,
    defaultPreset: 'compact',
    probability: () => true,
    load: async () => (await import('./joint-ensemble')).create,
  },
  {
    kind: 'mult-vae',
    name: 'Mult-VAE',
    summary: 'A variational autoencoder with multinomial likelihood and an annealed KL term.',
    paper: LIANG,
    training: 'gradient',
    schema: multVaeConfig,
    presets: multVaePresets,
    defaultPreset: 'compact',
    probability: () => true,
    load: async () => (await import('./mult-vae')).create,
  },
  {
    kind: 'mult-dae',
    name: 'Mult-DAE',
    summary: 'A denoising autoencoder with one hidden layer and multinomial likelihood.',
    paper: LIANG,
    training: 'gradient',
    schema: multDaeConfig,
    presets: multDaePresets,
    defaultPreset: 'compact',
    probability: () => true,
    load: async () => (await import('./mult-dae')).create,
  },
  {
    kind: 'recvae',
    name: 'RecVAE',
    summary:
      'A variational autoencoder whose prior remembers its own earlier posterior; encoder and decoder take turns.',
    paper:
      'Shenbin, Alekseev, Tutubalina, Malykh & Nikolenko, “RecVAE: A New Variational Autoencoder for Top-N Recommendations with Implicit Feedback”, WSDM 2020, arXiv 1912.11160',
    training: 'gradient',
    schema: recvaeConfig,
    presets: recvaePresets,
    defaultPreset: 'compact',
    probability: () => true,
    load: async () => (await import('./recvae')).create,
  },
  {
    kind: 'hvamp',
    name: 'H+Vamp Gated',
    summary: 'A variational autoencoder with two latent layers, gated units and a prior learnt from pseudo-users.',
    paper:
      'Kim & Suh, “Enhancing VAEs for Collaborative Filtering: Flexible Priors & Gating Mechanisms”, RecSys 2019, arXiv 1911.00936',
    training: 'gradient',
    schema: hvampConfig,
    presets: hvampPresets,
    defaultPreset: 'compact',
    probability: () => true,
    load: async () => (await import('./hvamp')).create,
  },
  {
    kind: 'autorec',
    name: 'AutoRec',
    summary: 'The first autoencoder for recommendation: one sigmoid layer over whole users, trained by squared error.',
    paper: 'Sedhain, Menon, Sanner & Xie, “AutoRec: Autoencoders Meet Collaborative Filtering”, WWW 2015',
    training: 'gradient',
    schema: autorecConfig,
    presets: autorecPresets,
    defaultPreset: 'compact',
    probability: ({ output }) => output === 'sigmoid',
    load: async () => (await import('./autorec')).create,
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
    probability: () => false,
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
    probability: () => false,
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
