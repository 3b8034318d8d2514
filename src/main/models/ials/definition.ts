import { z } from 'zod'
import { defineModel } from '../definition'
import { integer } from '../settings/keys'
import { positiveNumbers } from '../settings/stages'
import { zeros } from '../shapes'
import { BLOCK } from './block'

/** Arrays of the size of a block that a worker comes to hold, fitted to measured peaks: more than are alive at once, for it keeps what it frees. */
const BLOCK_ARRAYS = 55

const settings = z.strictObject({
  dimension: z.number().int().min(1).max(16_384).meta({
    title: 'Dimension',
    description: 'Length of the vector of each user and of each item.',
    width: true,
  }),
  unobservedWeight: z.number().gt(0).max(1).meta({
    title: 'Unobserved weight α₀',
    description:
      'How much an item that a user has not counts, with the target 0; an observed one counts 1, with the target 1.',
  }),
  regularisation: positiveNumbers(
    'λ candidates',
    'L2 regularisation; of several, separated by commas, validation chooses the best.',
  ),
  nu: z.number().min(0).max(2).meta({
    title: 'Frequency scaling ν',
    description:
      'λ of a user or item is multiplied by its number of (weighted) entries to the power of ν: 1 in the paper, 0 for the same λ everywhere.',
  }),
  epochs: integer('Epochs', 'Times that all users and then all items are solved for.', 1, 10_000),
})
export type IalsSettings = z.output<typeof settings>

const common = { unobservedWeight: 0.1, nu: 1 } as const

export const definition = defineModel({
  kind: 'ials',
  name: 'iALS',
  paper:
    'Rendle, Krichene, Zhang & Koren, “Revisiting the Performance of iALS on Item Recommendation Benchmarks”, 2021, arXiv 2110.14037',
  summary: 'Matrix factorisation by alternating least squares: a vector for each user and item, solved for in turns.',
  explanation:
    'iALS scores an item by the product of its vector with the user’s, which is solved for from the history: a sum of one part for each item of it, whose size depends on the whole history.',
  order: 9.5,
  reproduce: 'not in the paper',
  linear: () => true,
  settings,
  presets: [
    {
      name: 'compact',
      label: 'Compact',
      description:
        'Dimension 128 and three values of λ, of which validation keeps the best: minutes on two cores for some 500,000 interactions.',
      config: { ...common, dimension: 128, regularisation: '0.003,0.01,0.03', epochs: 8 },
    },
    {
      name: 'paper',
      label: 'Paper (MovieLens 20M)',
      description: 'Dimension 2,048, λ = 0.003 and 16 epochs, the published values for MovieLens 20M.',
      config: { ...common, dimension: 2048, regularisation: '0.003', epochs: 16 },
    },
  ],
  defaultPreset: 'compact',
  probability: () => false,
  shapes: ({ dimension }, items) => [zeros('ials.H', [items, dimension]), zeros('ials.lambda', [1])],
  solution: ({ items, users }, { dimension }) =>
    3 * dimension * (users + items) + BLOCK_ARRAYS * Math.max(BLOCK, dimension * dimension),
  largest: ({ items, users }, { dimension }) => dimension * Math.max(items, users),
  load: () => import('./model'),
})
