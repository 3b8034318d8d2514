import { z } from 'zod'
import { defineModel } from '../definition'
import { families } from '../families'
import { integer } from '../settings/keys'
import { positiveNumbers } from '../settings/stages'
import { zeros } from '../shapes'
import { BLOCK } from './block'

/** Number of block-sized arrays in a worker's memory, fitted to measured peaks: those of a block's systems, of their solution, and of the scores. */
const BLOCK_ARRAYS = 25

const settings = z.strictObject({
  dimension: z.number().int().min(1).max(16_384).meta({
    title: 'Dimension',
    unit: 'numbers',
    description: 'Length of the vector of each user and of each item.',
    width: true,
  }),
  unobservedWeight: z.number().gt(0).max(1).meta({
    title: 'Unobserved weight α₀',
    description:
      'Weight of an item that the user does not have (target 0). An item that the user has weighs 1 (target 1).',
  }),
  regularisation: positiveNumbers(
    'λ candidates',
    'L2 regularisation. Give several values, separated by commas, and validation chooses the best.',
  ),
  nu: z.number().min(0).max(2).meta({
    title: 'Frequency scaling ν',
    description:
      'λ of a user or item is multiplied by its number of (weighted) entries to the power of ν: 1 in the paper, 0 for the same λ everywhere.',
  }),
  epochs: integer('Epochs', 'epochs', 'How many times all users and then all items are solved.', 1, 10_000),
})
export type IalsSettings = z.output<typeof settings>

const common = { unobservedWeight: 0.1, nu: 1 } as const

export const definition = defineModel({
  kind: 'ials',
  name: 'iALS',
  family: families.factorisation,
  paper:
    'Rendle, Krichene, Zhang & Koren, “Revisiting the Performance of iALS on Item Recommendation Benchmarks”, 2021, arXiv 2110.14037',
  summary:
    'Matrix factorisation by alternating least squares: one vector for each user and each item, solved in alternation.',
  explanation:
    'iALS multiplies the item’s vector by the user’s vector, so that the score is a sum of one contribution per item of the history, each of which depends on the whole history.',
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
