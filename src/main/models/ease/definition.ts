import { z } from 'zod'
import { defineModel } from '../definition'
import { manyItems } from '../data-size'
import { families } from '../families'
import { zeroDiagonalSolution } from '../item-weights/solution-size'
import { positiveNumbers } from '../settings/stages'
import { zeros } from '../shapes'

const settings = z.strictObject({
  lambdas: positiveNumbers(
    'λ candidates',
    'L2 regularisation. Give several values, separated by commas, and validation chooses the best.',
  ),
})
export type EaseSettings = z.output<typeof settings>

export const definition = defineModel({
  kind: 'ease',
  name: 'EASE',
  family: families.linear,
  paper: 'Steck, “Embarrassingly Shallow Autoencoders for Sparse Data”, WWW 2019, arXiv 1905.03375',
  summary: 'The closed-form linear item-to-item model: strong, solved in seconds on small catalogues.',
  explanation: 'EASE scores an item by a sum of learned weights, one for each item of the history.',
  order: 10,
  baseline: true,
  linear: () => true,
  settings,
  presets: [
    {
      name: 'search',
      label: 'Search λ',
      description: 'Solves for eight values of λ and keeps the best by validation NDCG@100.',
      config: { lambdas: '20,50,100,200,350,500,1000,2000' },
    },
    {
      name: 'paper',
      label: 'Paper (MovieLens 20M)',
      description: 'λ = 500, the published value for MovieLens 20M.',
      config: { lambdas: '500' },
    },
  ],
  defaultPreset: 'search',
  probability: () => false,
  shapes: (_settings, items) => [zeros('ease.B', [items, items])],
  solution: zeroDiagonalSolution,
  propose: ({ items }) =>
    items > manyItems
      ? []
      : [
          {
            role: 'quick',
            preset: 'search',
            reason:
              'A linear model that is solved exactly, without epochs, and hard to beat: on MovieLens 1M its NDCG@100 is 0.424, that of VASP 0.416.',
          },
        ],
  load: () => import('./model'),
})
