import { z } from 'zod'
import { defineModel, type Parsed } from '../definition'
import { families } from '../families'
import { dropout, hidden, latent, loopSettings, precision } from '../settings/keys'
import { connectedLayers, denseLayer, untrained, type ParameterShape } from '../shapes'
import { ENCODER_LAYERS, PREVIOUS } from './encoder'

const memberSettings = {
  hidden,
  latent,
  precision,
  dropout,
  klPerItem: z.number().min(0).max(1e3).default(0.005).meta({
    group: 'regularisation',
    title: 'KL weight γ per item',
    description:
      'A user’s Kullback–Leibler term is weighted by γ times the number of the user’s items; 0.005 in the paper.',
  }),
  encoderSweeps: z.number().int().min(1).max(100).default(3).meta({
    group: 'training',
    title: 'Encoder sweeps',
    unit: 'sweeps',
    description:
      'In each epoch the encoder is trained on all users this many times, then the decoder once; 3 in the paper.',
  }),
}
export type RecVaeShape = Parsed<typeof memberSettings>

const settings = z.strictObject({ ...memberSettings, ...loopSettings })
export type RecVaeSettings = z.output<typeof settings>

const encoder = ({ hidden, latent }: RecVaeShape, items: number): ParameterShape[] => [
  ...connectedLayers('enc', ENCODER_LAYERS, items, hidden, 'sparse'),
  ...denseLayer('mu', hidden, latent),
  ...denseLayer('logvar', hidden, latent),
]

const shapes = (parsed: RecVaeShape, items: number): ParameterShape[] => [
  ...encoder(parsed, items),
  ...denseLayer('decoder', parsed.latent, items),
  ...untrained('old encoder', PREVIOUS, encoder(parsed, items)),
]

/** Adam at 5e-4, batches of 500 whole histories, 50 rounds of three encoder sweeps and one decoder sweep (Shenbin et al., 2020, section 4). */
const paper = {
  hidden: 600,
  latent: 200,
  dropout: 0.5,
  stages: '5e-4x50',
  continueFrom: 'last',
  patience: 0,
  batchRows: 500,
  augment: false,
  optimiser: 'adam',
} as const

export const definition = defineModel({
  kind: 'recvae',
  name: 'RecVAE',
  family: families.deep,
  paper:
    'Shenbin, Alekseev, Tutubalina, Malykh & Nikolenko, “RecVAE: A New Variational Autoencoder for Top-N Recommendations with Implicit Feedback”, WSDM 2020, arXiv 1912.11160',
  summary:
    'A variational autoencoder whose prior contains its own earlier posterior; encoder and decoder are trained in alternation.',
  explanation:
    'RecVAE alone: the softmax of a deep model over all items, which cannot be split into one contribution per item of the history.',
  order: 7,
  settings,
  loop: (parsed) => parsed,
  presets: [
    {
      name: 'compact',
      label: 'Compact',
      description:
        'The paper’s model in batches of 100 with patience: minutes on two cores for some 100,000 interactions.',
      config: { ...paper, patience: 10, batchRows: 100 },
    },
    {
      name: 'paper',
      label: 'Paper',
      description: 'H = 600, L = 200, γ = 0.005, 50 rounds: for data as large as MovieLens 20M.',
      config: paper,
    },
  ],
  defaultPreset: 'compact',
  probability: () => true,
  shapes,
  member: { settings: memberSettings, shapes },
  load: () => import('./model'),
})
