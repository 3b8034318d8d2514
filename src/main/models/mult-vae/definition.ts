import { z } from 'zod'
import { defineModel, type Parsed } from '../definition'
import { families } from '../families'
import { MULTINOMIAL_PAPER } from '../papers'
import { beta, dropout, hidden, integer, latent, loopSettings, precision } from '../settings/keys'
import { multinomialCompactLoop, multinomialPaperLoop } from '../settings/loops'
import { denseLayer } from '../shapes'

const memberSettings = {
  hidden,
  latent,
  precision,
  dropout,
  beta,
  annealSteps: integer(
    'Annealing steps',
    'steps',
    'β reaches 1 after this many steps, but stops at its cap; 200,000 in the paper. Use fewer for smaller data.',
    1,
    1_000_000_000,
  ),
}
export type MultVaeShape = Parsed<typeof memberSettings>

const settings = z.strictObject({ ...memberSettings, ...loopSettings })
export type MultVaeSettings = z.output<typeof settings>

const shapes = ({ hidden, latent }: MultVaeShape, items: number) => [
  ...denseLayer('enc1', items, hidden, 'sparse'),
  ...denseLayer('mu', hidden, latent),
  ...denseLayer('logvar', hidden, latent),
  ...denseLayer('dec1', latent, hidden),
  ...denseLayer('dec2', hidden, items),
]

const published = { hidden: 600, latent: 200, dropout: 0.5, beta: 0.2 } as const

export const definition = defineModel({
  kind: 'mult-vae',
  name: 'Mult-VAE',
  family: families.deep,
  paper: MULTINOMIAL_PAPER,
  summary: 'A variational autoencoder with multinomial likelihood and an annealed KL term.',
  explanation:
    'Mult-VAE alone: the softmax of a deep model over all items, which cannot be split into one contribution per item of the history.',
  order: 5,
  settings,
  loop: (parsed) => parsed,
  presets: [
    {
      name: 'compact',
      label: 'Compact',
      description:
        'The paper’s model in batches of 100 with patience; β reaches its cap after 200 steps instead of 40,000, as few users give few steps.',
      config: { ...published, annealSteps: 1000, ...multinomialCompactLoop },
    },
    {
      name: 'paper',
      label: 'Paper',
      description:
        'I → 600 → 200 → 600 → I, dropout 0.5, β = min(0.2, step/200,000), 200 epochs: for data as large as MovieLens 20M.',
      config: { ...published, annealSteps: 200_000, ...multinomialPaperLoop },
    },
  ],
  defaultPreset: 'compact',
  probability: () => true,
  shapes,
  member: { settings: memberSettings, shapes },
  load: () => import('./model'),
})
