import { z } from 'zod'
import { defineModel, type Parsed } from '../definition'
import { families } from '../families'
import { MULTINOMIAL_PAPER } from '../papers'
import { dropout, hidden, loopSettings, precision, weightDecay } from '../settings/keys'
import { multinomialCompactLoop, multinomialPaperLoop } from '../settings/loops'
import { denseLayer } from '../shapes'

const memberSettings = { hidden, precision, dropout, weightDecay }
export type MultDaeShape = Parsed<typeof memberSettings>

const settings = z.strictObject({ ...memberSettings, ...loopSettings })
export type MultDaeSettings = z.output<typeof settings>

/** Weight decay adds to every weight's gradient. */
const shapes = ({ hidden }: MultDaeShape, items: number) => [
  ...denseLayer('enc1', items, hidden, 'accumulated'),
  ...denseLayer('dec1', hidden, items, 'accumulated'),
]

const published = { hidden: 200, dropout: 0.5, weightDecay: 2e-5 } as const

export const definition = defineModel({
  kind: 'mult-dae',
  name: 'Mult-DAE',
  family: families.deep,
  paper: MULTINOMIAL_PAPER,
  summary: 'A denoising autoencoder with one hidden layer and multinomial likelihood.',
  explanation:
    'Mult-DAE alone: the softmax of a deep model over all items, which cannot be split into one contribution per item of the history.',
  order: 6,
  settings,
  loop: (parsed) => parsed,
  presets: [
    {
      name: 'compact',
      label: 'Compact',
      description:
        'The paper’s model in batches of 100 with patience: minutes on two cores for some 100,000 interactions.',
      config: { ...published, ...multinomialCompactLoop },
    },
    {
      name: 'paper',
      label: 'Paper',
      description: 'I → 200 → I, dropout 0.5, λ = 0.01/500, 200 epochs.',
      config: { ...published, ...multinomialPaperLoop },
    },
  ],
  defaultPreset: 'compact',
  probability: () => true,
  shapes,
  member: { settings: memberSettings, shapes },
  load: () => import('./model'),
})
