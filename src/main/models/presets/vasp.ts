import type { ModelPreset } from '../../../shared/models'

/** Complete configs by model. `compact` is tuned on MovieLens latest-small; the others are the sources' own settings. */

const paperDepth = { encoderDepth: 7, decoderDepth: 5 } as const

/** K counts only with a VampPrior. */
const standardPrior = { prior: 'standard', pseudoInputs: 200 } as const

export const compactLoop = {
  stages: '2e-3x20,4e-4x4',
  continueFrom: 'best',
  patience: 4,
  batchRows: 256,
  accumulate: 1,
  augment: true,
  optimiser: 'nadam-keras3',
  itemShare: 1,
  alpha: 0.25,
  gamma: 2,
} as const

const paperLoop = {
  stages: '5e-5x50,1e-5x20,1e-6x20',
  continueFrom: 'last',
  patience: 0,
  batchRows: 1024,
  accumulate: 1,
  augment: true,
  optimiser: 'nadam-tf25',
  itemShare: 1,
  alpha: 0.25,
  gamma: 2,
} as const

/** The authors stack 1,024 B→A rows and 1,024 A→B rows in a step, and their third stage really runs 1e-5. */
const authorsLoop = { ...paperLoop, stages: '5e-5x50,1e-5x20,1e-5x20', batchRows: 2048, itemShare: 0.33 } as const

const paperShape = { hidden: 4096, latent: 2048, precision: 'float32', ...paperDepth, ...standardPrior } as const

const compactDeep = {
  hidden: 512,
  latent: 256,
  precision: 'float32',
  ...paperDepth,
  ...standardPrior,
  heads: '2',
  ...compactLoop,
} as const

/** The presets that VASP and FLVAE share. */
export const deepPresets: readonly ModelPreset[] = [
  {
    name: 'compact',
    label: 'Compact',
    description: 'H = 512, L = 256: trains in minutes on two cores; right for up to some 100,000 interactions.',
    config: compactDeep,
  },
  {
    name: 'reference-code',
    label: 'Reference code',
    description:
      'The authors’ code: H = 4096, L = 2048, two heads, the most popular third of the items, 2,048 rows a step. Needs a large machine.',
    config: { ...paperShape, heads: '2', ...authorsLoop },
  },
  {
    name: 'paper',
    label: 'Paper',
    description:
      'The paper’s text: H = 4096, L = 2048, one output head, all items, 1,024 rows a step. Needs a large machine.',
    config: { ...paperShape, heads: '1', ...paperLoop },
  },
  {
    name: 'vamp',
    label: 'Compact with VampPrior',
    description:
      'The same with the prior that the paper leaves to future work: the mean posterior of trainable histories.',
    config: { ...compactDeep, prior: 'vamp' },
  },
]

/** VASP's: NEASE steps as the sources say, but for the compact ones, where gradient descent keeps it from learning the accidents of few users. */
export const vaspPresets: readonly ModelPreset[] = deepPresets.map((preset) => ({
  ...preset,
  config: {
    ...preset.config,
    training: 'joint',
    ...(preset.name === 'compact' || preset.name === 'vamp'
      ? { stages: '2e-3x12,4e-4x4', patience: 6, neaseRate: 500, neaseEpsilon: 0.1 }
      : { neaseRate: 1, neaseEpsilon: 1e-7 }),
  },
}))

/** NEASE alone is shown whole histories: the paper uses no A/B augmentation for it. */
export const neasePresets: readonly ModelPreset[] = [
  {
    name: 'compact',
    label: 'Compact',
    description: 'Cosine loss and a learning rate for small data; trains in a minute on two cores.',
    config: { loss: 'cosine', ...compactLoop, stages: '1e-3x30', augment: false },
  },
  {
    name: 'paper',
    label: 'Paper',
    description: 'Cosine loss with the paper’s schedule, for data as large as MovieLens 20M.',
    config: { loss: 'cosine', ...paperLoop, augment: false },
  },
]
