import type { ModelPreset } from '../../../shared/models'
import { compactLoop } from './vasp'

/** Keys of every member that an ensemble can have; those of members that it has not are not read. */
const members = {
  hidden: 600,
  latent: 200,
  precision: 'float32',
  heads: '2',
  encoderDepth: 7,
  decoderDepth: 5,
  dropout: 0.5,
  weightDecay: 2e-5,
  beta: 0.2,
  annealSteps: 1000,
  klPerItem: 0.005,
  encoderSweeps: 3,
  prior: 'standard',
  pseudoInputs: 100,
  warmUp: 5,
} as const

export const hadamardPresets: readonly ModelPreset[] = [
  {
    name: 'compact',
    label: 'Compact',
    description: 'NEASE ⊙ Mult-VAE with VASP compact’s schedule: minutes on two cores for some 100,000 interactions.',
    config: {
      members: 'nease,mult-vae',
      training: 'joint',
      ...members,
      ...compactLoop,
      stages: '2e-3x10,4e-4x4',
      patience: 6,
      neaseRate: 500,
      neaseEpsilon: 0.1,
    },
  },
  {
    name: 'paper',
    label: 'Paper',
    description: 'Any members with VASP’s published schedule and sizes, for data as large as MovieLens 20M.',
    config: {
      members: 'nease,mult-vae',
      training: 'joint',
      ...members,
      annealSteps: 200_000,
      pseudoInputs: 1000,
      warmUp: 100,
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
      neaseRate: 1,
      neaseEpsilon: 1e-7,
    },
  },
]
