import { z } from 'zod'
import { defineModel } from '../definition'
import { families } from '../families'
import { neighbours, neighbourShapes, neighbourSolution } from '../neighbours/lists'
import { numbersFromZero, positiveNumbers } from '../settings/stages'

const settings = z.strictObject({
  alphas: positiveNumbers(
    'α candidates',
    'Exponent of the transition probabilities of the random walk. Give several values, separated by commas, and validation chooses the best.',
  ),
  betas: numbersFromZero(
    'β candidates',
    'Scores are divided by the item’s number of users to the power of β; 0 leaves popular items as they are. Give several values, separated by commas, and validation chooses the best.',
  ),
  neighbours,
})
export type Rp3BetaSettings = z.output<typeof settings>

export const definition = defineModel({
  kind: 'rp3beta',
  name: 'RP3beta',
  family: families.neighbours,
  paper:
    'Paudel, Christoffel, Newell & Bernstein, “Updatable, Accurate, Diverse, and Scalable Recommendations for Interactive Applications”, ACM TiiS 7(1), 2016',
  summary:
    'Random walks of three steps from user to item, with a β that lowers the scores of popular items: simple, and often hard to beat.',
  explanation:
    'RP3beta scores an item by the probability that a random walk from the history reaches it, divided by a power of the item’s number of users.',
  order: 10.2,
  reproduce: 'not in the paper',
  linear: () => true,
  settings,
  presets: [
    {
      name: 'search',
      label: 'Search α, β and k',
      description: 'Tries eighteen combinations and keeps the best by validation NDCG@100.',
      config: { alphas: '0.6,0.8,1', betas: '0.2,0.4,0.6', neighbours: '100,300' },
    },
  ],
  defaultPreset: 'search',
  probability: () => false,
  shapes: (parsed, items) => neighbourShapes('rp3beta', parsed, items),
  solution: ({ items }, parsed) => neighbourSolution(items, parsed),
  load: () => import('./model'),
})
