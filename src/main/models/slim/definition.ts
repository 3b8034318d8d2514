import { z } from 'zod'
import { defineModel } from '../definition'
import { families } from '../families'
import { SMALL_BLOCKS } from '../item-weights/solution-size'
import { numbersFromZero, positiveNumbers } from '../settings/stages'
import { integer } from '../settings/keys'
import { zeros } from '../shapes'
import { enoughForDeep, manyItems } from '../data-size'
import { fewUsers } from './few-users'

/*
 * Arrays that exist at the same time besides the weights, which are those of the last candidate until they are replaced. Workers return what they
 * free, so there are no others (`npm run bench -- memory`).
 */
/** [items, items]: P, C, U, and either G with three for the matrix that P is multiplied by, or, by the users, that matrix with three for its product. */
const ITEM_MATRICES = 7
/** [users, items], by the users: X, KX, and a product of it. */
const USER_MATRICES = 3

const settings = z.strictObject({
  l1s: numbersFromZero(
    'L1 candidates',
    'L1 regularisation λ₁, which makes weights exactly 0. Give several values, separated by commas, and validation chooses the best.',
  ),
  l2s: positiveNumbers(
    'L2 candidates',
    'L2 regularisation λ₂. Give several values, separated by commas, and validation chooses the best.',
  ),
  nonNegative: z.boolean().default(false).meta({
    title: 'No negative weights',
    description: 'Excludes weights below 0, as in the first SLIM paper (Ning & Karypis, 2011).',
  }),
  iterations: integer(
    'Iterations',
    'iterations',
    'Iterations of ADMM (the alternating direction method of multipliers) for each candidate.',
    1,
    10_000,
  ).default(20),
  rhoPerL2: z.number().gt(0).max(1e6).default(2).meta({
    title: 'ρ / λ₂',
    description: 'Penalty ρ of ADMM as a multiple of λ₂. It changes how fast the solution converges, not the solution.',
  }),
})
export type SlimSettings = z.output<typeof settings>

export const definition = defineModel({
  kind: 'slim',
  name: 'SLIM',
  family: families.linear,
  paper:
    'Steck, Dimakopoulou, Riabov & Jebara, “ADMM SLIM: Sparse Recommendations for Many Users”, WSDM 2020; SLIM: Ning & Karypis, ICDM 2011',
  summary: 'Sparse linear item-to-item weights by L1 and L2 regularisation, solved for all items at once by ADMM.',
  explanation: 'SLIM scores an item by a sum of learned weights, most of them 0, one for each item of the history.',
  order: 10.4,
  reproduce: 'not in the paper',
  linear: () => true,
  settings,
  presets: [
    {
      name: 'search',
      label: 'Search λ₁ and λ₂',
      description: 'Solves for two values of λ₁ with three of λ₂ each and keeps the best by validation NDCG@100.',
      config: { l1s: '5,1', l2s: '500,200,50' },
    },
    {
      name: 'non-negative',
      label: 'Without negative weights',
      description: 'The same search without weights below 0, as in the first SLIM paper.',
      config: { l1s: '5,1', l2s: '500,200,50', nonNegative: true },
    },
  ],
  defaultPreset: 'search',
  propose: ({ users, items }) =>
    users < enoughForDeep && items <= manyItems
      ? [
          {
            role: 'best',
            preset: 'search',
            reason:
              'A sparse linear model. With few users it was the best single model: in the demo on the bundled sample (610 users, one split) its NDCG@100 was 0.363, that of EASE 0.351 and of VASP 0.343. With 60 test users, that may be chance.',
          },
        ]
      : [],
  probability: () => false,
  shapes: (_settings, items) => [zeros('slim.B', [items, items])],
  solution: ({ items, users }) =>
    SMALL_BLOCKS + ITEM_MATRICES * items * items + (fewUsers(users, items) ? USER_MATRICES * users * items : 0),
  load: () => import('./model'),
})
