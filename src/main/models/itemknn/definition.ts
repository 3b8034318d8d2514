import { z } from 'zod'
import { defineModel } from '../definition'
import { families } from '../families'
import { neighbours, neighbourShapes, neighbourSolution } from '../neighbours/lists'
import { numbersFromZero } from '../settings/stages'

const settings = z.strictObject({
  neighbours,
  shrinks: numbersFromZero(
    'Shrinkage candidates',
    'Added to the denominator of the cosine, so that a similarity from few common users counts less. Give several values, separated by commas, and validation chooses the best.',
  ),
})
export type ItemKnnSettings = z.output<typeof settings>

export const definition = defineModel({
  kind: 'itemknn',
  name: 'ItemKNN',
  family: families.neighbours,
  paper:
    'Sarwar, Karypis, Konstan & Riedl, “Item-Based Collaborative Filtering Recommendation Algorithms”, WWW 2001; with shrinkage as in Ferrari Dacrema, Cremonesi & Jannach, RecSys 2019',
  summary:
    'The k nearest items by cosine similarity: the classic neighbourhood model, which also works with large catalogues.',
  explanation: 'ItemKNN adds up the item’s similarities to those of its k nearest neighbours that are in the history.',
  order: 10.1,
  reproduce: 'not in the paper',
  linear: () => true,
  settings,
  presets: [
    {
      name: 'search',
      label: 'Search k and shrinkage',
      description:
        'Tries three values of k with three of the shrinkage each and keeps the best by validation NDCG@100.',
      config: { neighbours: '50,100,200', shrinks: '0,10,50' },
    },
  ],
  defaultPreset: 'search',
  probability: () => false,
  shapes: (parsed, items) => neighbourShapes('itemknn', parsed, items),
  solution: ({ items }, parsed) => neighbourSolution(items, parsed),
  load: () => import('./model'),
})
