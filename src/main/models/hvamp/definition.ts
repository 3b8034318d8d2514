import { z } from 'zod'
import { defineModel, type Parsed } from '../definition'
import { families } from '../families'
import { beta, dropout, hidden, latent, loopSettings, precision, pseudoInputs } from '../settings/keys'
import { denseLayer, gatedLayer, heNormal, pseudoInputsOf, type ParameterShape } from '../shapes'

const memberSettings = {
  hidden,
  latent,
  precision,
  dropout,
  beta,
  pseudoInputs,
  warmUp: z.number().int().min(0).max(100_000).default(100).meta({
    group: 'regularisation',
    title: 'Warm-up epochs',
    unit: 'epochs',
    description:
      'β grows by the same amount in each of these epochs until it reaches its cap. 0: it starts at its cap.',
  }),
}
export type HVampShape = Parsed<typeof memberSettings>

const settings = z.strictObject({ ...memberSettings, ...loopSettings })
export type HVampSettings = z.output<typeof settings>

/**
 * Initial weights as in the authors' code. They matter most for the output layer, whose weights Glorot's rule makes smaller the more items there are:
 * gradients of z are then so small that the model first learns to do without z.
 */
function shapes({ hidden, latent, pseudoInputs: components }: HVampShape, items: number): ParameterShape[] {
  const head = (name: string): ParameterShape[] => [
    ...denseLayer(`${name}.mean`, hidden, latent),
    ...denseLayer(`${name}.logvar`, hidden, latent),
  ]
  return heNormal([
    ...gatedLayer('q_z2.1', items, hidden, 'accumulated'),
    ...gatedLayer('q_z2.2', hidden, hidden),
    ...head('q_z2'),
    ...gatedLayer('q_z1.x', items, hidden, 'sparse'),
    ...gatedLayer('q_z1.z2', latent, hidden),
    ...gatedLayer('q_z1.joint', 2 * hidden, hidden),
    ...head('q_z1'),
    ...gatedLayer('p_z1.1', latent, hidden),
    ...gatedLayer('p_z1.2', hidden, hidden),
    ...head('p_z1'),
    ...gatedLayer('p_x.z1', latent, hidden),
    ...gatedLayer('p_x.z2', latent, hidden),
    ...gatedLayer('p_x.joint', 2 * hidden, hidden),
    ...denseLayer('p_x.out', hidden, items),
    pseudoInputsOf(components, items),
  ])
}

/** Adam at 5e-4 on normalised gradients, batches of 200 whole histories, at most 400 epochs with patience 50 (Kim & Suh, 2019). */
const paper = {
  hidden: 600,
  latent: 200,
  pseudoInputs: 1000,
  dropout: 0.5,
  beta: 0.3,
  warmUp: 100,
  stages: '5e-4x400',
  continueFrom: 'last',
  patience: 50,
  batchRows: 200,
  augment: false,
  optimiser: 'adam-normalised',
} as const

export const definition = defineModel({
  kind: 'hvamp',
  name: 'H+Vamp Gated',
  family: families.deep,
  paper:
    'Kim & Suh, “Enhancing VAEs for Collaborative Filtering: Flexible Priors & Gating Mechanisms”, RecSys 2019, arXiv 1911.00936',
  summary: 'A variational autoencoder with two latent layers, gated units and a prior learnt from pseudo-users.',
  explanation:
    'H+Vamp Gated alone: the softmax of a deep model over all items, which cannot be split into one contribution per item of the history.',
  order: 8,
  settings,
  loop: (parsed) => parsed,
  presets: [
    {
      name: 'compact',
      label: 'Compact',
      description:
        'Narrower, with 50 pseudo-inputs, larger steps and a shorter warm-up: minutes on two cores. It needs many users: with a few hundred it stayed below Mult-DAE in every setting tried (README).',
      config: {
        ...paper,
        hidden: 200,
        latent: 100,
        pseudoInputs: 50,
        warmUp: 30,
        // At 4e-3 alone, the validation metric swings from epoch to epoch; the last epochs steady it.
        stages: '4e-3x25,4e-4x5',
        patience: 10,
        batchRows: 50,
      },
    },
    {
      name: 'paper',
      label: 'Paper',
      description:
        'H = 600, L = 200, K = 1,000, β up to 0.3 over 100 epochs: for data as large as MovieLens 20M or Netflix.',
      config: paper,
    },
  ],
  defaultPreset: 'compact',
  probability: () => true,
  shapes,
  member: { settings: memberSettings, shapes },
  load: () => import('./model'),
})
