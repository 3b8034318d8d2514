import { z } from 'zod'
import { defineModel } from '../definition'
import { families } from '../families'
import { zeroDiagonalSolution } from '../item-weights/solution-size'
import { candidates, positiveNumbers } from '../settings/stages'
import { zeros } from '../shapes'

const settings = z.strictObject({
  dropouts: candidates(
    'Dropout p candidates',
    'Share of a history’s items that the denoising leaves out, between 0 and 1. Give several values, separated by commas, and validation chooses the best.',
    (p) => p > 0 && p < 1,
    'every number is above 0 and below 1',
  ),
  lambdas: positiveNumbers(
    'λ candidates',
    'L2 regularisation, the same for all items. Give several values, separated by commas, and validation chooses the best.',
  ),
})
export type EdlaeSettings = z.output<typeof settings>

export const definition = defineModel({
  kind: 'edlae',
  name: 'EDLAE',
  family: families.linear,
  paper: 'Steck, “Autoencoders that don’t overfit towards the Identity”, NeurIPS 2020',
  summary: 'EASE with dropout in closed form: weights of popular items are regularised more.',
  explanation: 'EDLAE scores an item by a sum of learned weights, one for each item of the history.',
  order: 10.3,
  reproduce: 'not in the paper',
  linear: () => true,
  settings,
  presets: [
    {
      name: 'search',
      label: 'Search p and λ',
      description: 'Solves for three values of p with three of λ each and keeps the best by validation NDCG@100.',
      config: { dropouts: '0.1,0.25,0.5', lambdas: '50,200,500' },
    },
  ],
  defaultPreset: 'search',
  probability: () => false,
  shapes: (_settings, items) => [zeros('edlae.B', [items, items])],
  solution: zeroDiagonalSolution,
  load: () => import('./model'),
})
