import { z } from 'zod'
import type { SettingGroup } from '../../../shared/models'
import { stages } from './stages'

/** Groups of config keys that models share: flat, each key with a title and a description. */

/** @param unit what is counted, in the plural */
export const integer = (
  title: string,
  unit: string,
  description: string,
  least: number,
  most: number,
  group?: SettingGroup,
) =>
  z
    .number()
    .int()
    .min(least)
    .max(most)
    .meta({ title, unit, description, ...(group && { group }) })

/** Keys of the training loop, shared by every model that is trained by gradient descent. */
export const loopSettings = {
  stages,
  continueFrom: z.enum(['best', 'last']).meta({
    group: 'training',
    title: 'Next stage starts from',
    description: 'The best epoch’s weights so far, or the last epoch’s as in the authors’ code.',
  }),
  patience: integer(
    'Patience',
    'epochs',
    'A stage ends after this many epochs without a better validation NDCG@100; 0 runs every epoch.',
    0,
    10_000,
    'training',
  ),
  batchRows: integer(
    'Batch size',
    'histories',
    'Histories in one training step. With A/B augmentation, half of them are A→B and half B→A.',
    1,
    65_536,
    'training',
  ),
  accumulate: z.number().int().min(1).max(4096).default(1).meta({
    group: 'computing',
    title: 'Gradient accumulation steps',
    unit: 'steps',
    description:
      'Computes each batch in this many smaller batches and adds up their gradients: the same step with less memory.',
  }),
  augment: z.boolean().meta({
    group: 'training',
    title: 'A/B augmentation',
    description:
      'Splits each user’s items into halves A and B every epoch; the model sees one half and must predict the other.',
  }),
  optimiser: z.enum(['nadam-keras3', 'nadam-tf25', 'adam', 'adam-normalised']).meta({
    group: 'training',
    title: 'Optimiser',
    description:
      'nadam-tf25 computes what the authors’ TensorFlow 2.5 does; nadam-keras3 what today’s Keras does. adam-normalised divides each gradient by its norm before Adam sees it.',
  }),
}
/** After parsing, `stages` is a list. */
export type LoopSettings = Readonly<z.output<z.ZodObject<typeof loopSettings>>>

/** Keys of the focal loss. */
export const focalSettings = {
  alpha: z
    .number()
    .gt(0)
    .lt(1)
    .meta({ group: 'loss', title: 'Focal α', description: 'Weight of seen items; unseen ones weigh 1 − α.' }),
  gamma: z.number().min(0).max(10).meta({
    group: 'loss',
    title: 'Focal γ',
    description: 'How strongly the loss plays down items that are already predicted well; 0 is plain cross-entropy.',
  }),
}

/** How the members of a product are trained. */
export const productSettings = {
  training: z.enum(['joint', 'alternating']).default('joint').meta({
    group: 'training',
    title: 'Training',
    description:
      'joint: every step trains all members. alternating: each step trains one member, in turn, and freezes the others (paper, table II).',
  }),
}

/** The precision of matrix products in a deep model's training steps. */
export const precision = z.enum(['float32', 'bfloat16']).default('float32').meta({
  group: 'computing',
  title: 'Precision of products',
  description:
    'bfloat16 rounds matrix products of training steps to 8 bits, which is faster if the processor or GPU supports it. Weights, optimiser and scores stay float32.',
})

/** Widths of a deep model. Keys marked `width` can be reduced if a model does not fit into memory. */
const width = (title: string, description: string) =>
  z.number().int().min(1).max(65_536).meta({ title, unit: 'units', description, width: true })
export const hidden = width('Hidden width H', 'Width of each hidden layer.')
export const latent = width('Latent width L', 'Size of a user’s latent vector.')

/** Of a VampPrior. */
export const pseudoInputs = z.number().int().min(1).max(100_000).default(200).meta({
  title: 'Pseudo-inputs K',
  unit: 'histories',
  description: 'Number of trainable histories whose posteriors make up the VampPrior; 1,000 in Kim & Suh (2019).',
})

export const dropout = z.number().min(0).lt(1).meta({
  group: 'regularisation',
  title: 'Input dropout',
  description: 'Share of a history’s items that a training step leaves out of the input; drawn again in every step.',
})

export const weightDecay = z.number().min(0).max(1e3).meta({
  group: 'regularisation',
  title: 'Weight decay λ',
  description: 'Adds λ times the sum of all squared weights (without biases) to the loss.',
})

export const beta = z.number().min(0).max(1e3).meta({
  group: 'regularisation',
  title: 'KL weight β',
  description: 'Weight of the Kullback–Leibler term once it is fully annealed; the papers use 0.2 and 0.3.',
})
