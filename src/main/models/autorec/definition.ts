import { z } from 'zod'
import { defineModel, type Parsed } from '../definition'
import { families } from '../families'
import { hidden, loopSettings, precision, weightDecay } from '../settings/keys'
import { denseLayer } from '../shapes'

const memberSettings = { hidden, precision, weightDecay }
export type AutorecShape = Parsed<typeof memberSettings>

const settings = z.strictObject({
  ...memberSettings,
  output: z.enum(['identity', 'sigmoid']).meta({
    title: 'Output',
    description:
      'identity: best in the paper, but not a probability. sigmoid: a probability, so it can be multiplied with other models.',
  }),
  ...loopSettings,
})
export type AutorecSettings = z.output<typeof settings>

/** Weight decay adds to every weight's gradient. */
const shapes = ({ hidden }: AutorecShape, items: number) => [
  ...denseLayer('enc1', items, hidden, 'accumulated'),
  ...denseLayer('dec1', hidden, items, 'accumulated'),
]

const common = {
  weightDecay: 1e-4,
  output: 'identity',
  continueFrom: 'best',
  augment: false,
  optimiser: 'adam',
} as const

export const definition = defineModel({
  kind: 'autorec',
  name: 'AutoRec',
  family: families.deep,
  paper: 'Sedhain, Menon, Sanner & Xie, “AutoRec: Autoencoders Meet Collaborative Filtering”, WWW 2015',
  summary: 'The first autoencoder for recommendation: one sigmoid layer, trained with squared error.',
  explanation: 'AutoRec alone: a deep model whose score cannot be split into one contribution per item of the history.',
  order: 9,
  settings,
  loop: (parsed) => parsed,
  presets: [
    {
      name: 'compact',
      label: 'Compact',
      description:
        '200 hidden units in batches of 100 with patience: minutes on two cores for some 100,000 interactions.',
      config: { hidden: 200, ...common, stages: '1e-3x100', patience: 15, batchRows: 100 },
    },
    {
      name: 'paper',
      label: 'Paper',
      description:
        '500 hidden units, identity output. The paper searches for optimiser and λ; here it is Adam with batches of 500.',
      config: { hidden: 500, ...common, stages: '1e-3x200', patience: 0, batchRows: 500 },
    },
  ],
  defaultPreset: 'compact',
  probability: ({ output }) => output === 'sigmoid',
  shapes,
  member: { settings: memberSettings, shapes },
  load: () => import('./model'),
})
