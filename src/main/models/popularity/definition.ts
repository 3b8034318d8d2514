import { z } from 'zod'
import { defineModel } from '../definition'
import { zeros } from '../shapes'

export const definition = defineModel({
  kind: 'popularity',
  name: 'Popularity',
  paper: 'Baseline without a paper',
  summary:
    'The same list for every user: the items that most training users have. Every model should do better than this.',
  explanation:
    'Popularity scores an item by how many training users have it. The user’s history only decides which items are left out, so there is nothing to explain.',
  order: 11,
  baseline: true,
  settings: z.strictObject({}),
  presets: [{ name: 'default', label: 'Default', description: 'Nothing to set.', config: {} }],
  defaultPreset: 'default',
  probability: () => false,
  shapes: (_settings, items) => [zeros('popularity.counts', [items])],
  load: () => import('./model'),
})
