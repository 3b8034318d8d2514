import { z } from 'zod'
import { defineModel } from '../definition'
import { families } from '../families'
import { VASP_PAPER } from '../papers'
import { focalSettings, loopSettings } from '../settings/keys'
import { compactLoop, paperLoop } from '../settings/loops'
import { itemWeights } from '../shapes'

const settings = z.strictObject({
  loss: z.enum(['cosine', 'mse', 'focal']).meta({
    group: 'loss',
    title: 'Loss',
    description: 'Cosine proximity is the paper’s best for NEASE alone (table I).',
  }),
  ...loopSettings,
  ...focalSettings,
})
export type NeaseSettings = z.output<typeof settings>

/**
 * Optimiser options of NEASE as a member of a product. Adam divides a gradient by its own size, so a pair of items that one user has counts as much
 * as a pair that hundreds have, and with few users NEASE overfits. An ε far above the gradients' size gives gradient descent with momentum, where
 * pairs count as often as they occur, as in EASE.
 */
const memberSettings = {
  neaseRate: z
    .number()
    .gt(0)
    .max(1e6)
    .default(1)
    .meta({ group: 'training', title: 'NEASE rate', description: 'Multiplies NEASE’s learning rate; 1 in the paper.' }),
  neaseEpsilon: z.number().gt(0).max(1e3).default(1e-7).meta({
    group: 'training',
    title: 'NEASE ε',
    description:
      'ε of NEASE’s optimiser; 1e-7 in the paper. With a large ε, rare pairs of items are learnt more slowly.',
  }),
}

const shapes = (_settings: unknown, items: number) => [itemWeights('nease.W', items)]

export const member = {
  settings: memberSettings,
  linear: true,
  shapes,
  optimiser: ({ neaseRate, neaseEpsilon }: { neaseRate: number; neaseEpsilon: number }) => ({
    rate: neaseRate,
    epsilon: neaseEpsilon,
  }),
} as const

export const definition = defineModel({
  kind: 'nease',
  name: 'NEASE',
  family: families.linear,
  paper: `${VASP_PAPER}, section III-A`,
  summary: 'The shallow path alone: a linear item-to-item model with zero diagonal, trained by gradient steps.',
  explanation: 'NEASE alone: the probability is the sigmoid of a sum of weights, one for each item of the history.',
  order: 3,
  linear: () => true,
  settings,
  loop: (parsed) => parsed,
  // It sees whole histories: the paper uses no A/B augmentation for NEASE alone.
  presets: [
    {
      name: 'compact',
      label: 'Compact',
      description:
        'Cosine loss, a learning rate for small data, and epochs for focal loss, which needs some 100 of them: a few minutes on two cores.',
      // On MovieLens latest-small focal loss gains until epoch 102, with pauses of more than ten epochs; cosine stops earlier by patience.
      config: { loss: 'cosine', ...compactLoop, stages: '1e-3x120', patience: 15, augment: false },
    },
    {
      name: 'paper',
      label: 'Paper',
      description: 'Cosine loss with the paper’s schedule, for data as large as MovieLens 20M.',
      config: { loss: 'cosine', ...paperLoop, augment: false },
    },
  ],
  defaultPreset: 'compact',
  probability: () => true,
  shapes,
  member,
  load: () => import('./model'),
})
