import { z } from 'zod'
import { defineModel } from '../definition'
import { families } from '../families'
import { zeros } from '../shapes'

export const definition = defineModel({
  kind: 'popularity',
  name: 'Popularity',
  family: families.baselines,
  paper: 'Baseline without a paper',
  summary: 'The same list for every user: the items that most training users have, which every model should surpass.',
  explanation:
    'Popularity scores an item by how many training users have it; the user’s history only decides which items are left out.',
  order: 11,
  baseline: true,
  settings: z.strictObject({}),
  presets: [{ name: 'default', label: 'Default', description: 'Nothing to set.', config: {} }],
  defaultPreset: 'default',
  probability: () => false,
  shapes: (_settings, items) => [zeros('popularity.counts', [items])],
  propose: () => [
    {
      role: 'floor',
      preset: 'default',
      reason: 'The same list for every user. A model that is not clearly better is not worth running.',
    },
  ],
  load: () => import('./model'),
})
