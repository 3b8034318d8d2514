import { z } from 'zod'
import { formatCount } from '../../../shared/format'
import { defineModel, type Parsed } from '../definition'
import { enoughForDeep, manyItems, manyUsers } from '../data-size'
import { families } from '../families'
import { focalSettings, loopSettings, precision } from '../settings/keys'
import { compactLoop } from '../settings/loops'
import type { ParameterShape } from '../shapes'

/** With a default, because a product has the keys of all possible members, also of those that it does not have. */
const memberSettings = {
  dimension: z.number().int().min(1).max(65_536).default(256).meta({
    title: 'Dimension',
    unit: 'numbers',
    description: 'Length of each item’s vector in ELSA. The model has one vector for each item and no other weights.',
    width: true,
  }),
  precision,
}
export type ElsaShape = Parsed<typeof memberSettings>

const settings = z.strictObject({
  ...memberSettings,
  loss: z.enum(['cosine', 'focal']).meta({
    group: 'loss',
    title: 'Loss',
    description:
      'cosine: the paper’s loss, the squared error of normalised scores; the score is not a probability. focal: the score is a probability and can be multiplied with other models, but alone it ranks much worse, because sums of cosines are seldom far below 0.',
  }),
  ...loopSettings,
  ...focalSettings,
})
export type ElsaSettings = z.output<typeof settings>

const shapes = ({ dimension }: ElsaShape, items: number): ParameterShape[] => [
  {
    name: 'elsa.A',
    shape: [items, dimension],
    initial: { kind: 'glorot', streams: ['elsa.A'], zeroDiagonal: false },
    gradient: 'dense',
    trained: true,
  },
]

export const definition = defineModel({
  kind: 'elsa',
  name: 'ELSA',
  family: families.linear,
  paper:
    'Vančura, Alves, Kasalický & Kordík, “Scalable Linear Shallow Autoencoder for Collaborative Filtering”, RecSys 2022',
  summary:
    'A linear item-to-item model of low rank, trained by gradient descent, for catalogues too large for EASE and NEASE.',
  explanation: 'ELSA scores an item by a sum of cosine similarities, one to each item of the history.',
  order: 3.5,
  reproduce: 'not in the paper',
  linear: () => true,
  settings,
  loop: (parsed) => parsed,
  presets: [
    {
      name: 'compact',
      label: 'Compact',
      description: 'A smaller dimension and learning rate for small data; trains in a minute on two cores.',
      config: { dimension: 256, loss: 'cosine', ...compactLoop, stages: '1e-2x30', augment: false },
    },
    {
      name: 'paper',
      label: 'Paper (MovieLens 20M)',
      description: 'The authors’ program: dimension 800, Nadam at 0.1, 10 epochs in batches of 32 whole histories.',
      config: {
        dimension: 800,
        loss: 'cosine',
        ...compactLoop,
        stages: '0.1x10',
        patience: 0,
        batchRows: 32,
        augment: false,
      },
    },
  ],
  defaultPreset: 'compact',
  probability: ({ loss }) => loss === 'focal',
  shapes,
  member: { settings: memberSettings, linear: true, shapes },
  propose: ({ users, items }) =>
    items > manyItems
      ? [
          {
            role: 'quick',
            preset: 'compact',
            reason: `A linear model with one vector for each item. EASE, which has a weight for each pair of items, takes long and much memory for ${formatCount(items)} items.`,
          },
        ]
      : users >= enoughForDeep && users < manyUsers
        ? [
            {
              role: 'best',
              preset: 'compact',
              reason:
                'A linear model with one vector for each item. On MovieLens 1M (6,040 users) it was the best single model: its NDCG@100 is 0.434, that of EASE 0.424 and of VASP 0.416. A product of several trained runs was better still (0.438).',
            },
          ]
        : [],
  load: () => import('./model'),
})
