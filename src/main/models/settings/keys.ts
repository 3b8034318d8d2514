import { z } from 'zod'
import { stages } from './stages'

/** Groups of config keys that models share: flat, every key with a title and a sentence for people. */

export const integer = (title: string, description: string, least: number, most: number) =>
  z.number().int().min(least).max(most).meta({ title, description })

/** Keys that the training loop reads, shared by every model that is trained by steps. */
export const loopSettings = {
  stages,
  continueFrom: z.enum(['best', 'last']).meta({
    title: 'Next stage starts from',
    description: 'The best epoch’s weights so far, or the last epoch’s as in the authors’ code.',
  }),
  patience: integer(
    'Patience',
    'Epochs without a better validation NDCG@100 after which a stage ends; 0 runs every epoch.',
    0,
    10_000,
  ),
  batchRows: integer(
    'Rows per step',
    'Histories of one training step. With A/B augmentation half of them are A→B and half B→A.',
    1,
    65_536,
  ),
  accumulate: z.number().int().min(1).max(4096).default(1).meta({
    title: 'Parts of a step',
    description:
      'Gradient accumulation: a step’s rows are computed in so many parts, one after another, whose gradients add up to the same step with less memory.',
  }),
  augment: z.boolean().meta({
    title: 'A/B augmentation',
    description: 'Cut each user’s items into A and B every epoch; shown one part, the model must produce the other.',
  }),
  optimiser: z.enum(['nadam-keras3', 'nadam-tf25', 'adam', 'adam-normalised']).meta({
    title: 'Optimiser',
    description:
      'nadam-tf25 is what the authors’ TensorFlow 2.5 computes; nadam-keras3 is today’s Keras. adam-normalised shows Adam each gradient divided by its norm.',
  }),
}
/** Parsed: `stages` are a list. */
export type LoopSettings = Readonly<z.output<z.ZodObject<typeof loopSettings>>>

/** Keys of the focal loss. */
export const focalSettings = {
  alpha: z
    .number()
    .gt(0)
    .lt(1)
    .meta({ title: 'Focal α', description: 'Weight of seen items; unseen ones weigh 1 − α.' }),
  gamma: z.number().min(0).max(10).meta({
    title: 'Focal γ',
    description: 'How much items that are already predicted well are played down; 0 is plain cross-entropy.',
  }),
}

/** How the members of a product take their steps. */
export const productSettings = {
  training: z.enum(['joint', 'alternating']).default('joint').meta({
    title: 'Training',
    description:
      'joint: every step moves all paths. alternating: each step freezes all paths but one, in turn (paper, table II).',
  }),
}

/** In what the products of a deep model's training steps are computed. */
export const precision = z.enum(['float32', 'bfloat16']).default('float32').meta({
  title: 'Precision of products',
  description:
    'bfloat16: matrix products of training steps are rounded to 8 bits, faster where the processor or GPU has them; weights, optimiser and scores stay float32.',
})

/** Widths of a deep model. What is marked `width` can be made smaller where a model does not fit into memory. */
const width = (title: string, description: string) =>
  z.number().int().min(1).max(65_536).meta({ title, description, width: true })
export const hidden = width('Hidden width H', 'Width of each hidden layer.')
export const latent = width('Latent width L', 'Size of a user’s latent vector.')

/** Of a VampPrior. */
export const pseudoInputs = z.number().int().min(1).max(100_000).default(200).meta({
  title: 'Pseudo-inputs K',
  description:
    'Trainable histories whose posteriors together make up the VampPrior; 1,000 in the paper that took it to recommendation.',
})

export const dropout = z.number().min(0).lt(1).meta({
  title: 'Input dropout',
  description: 'Share of a history’s items that a training step leaves out of the input, drawn anew each time.',
})

export const weightDecay = z.number().min(0).max(1e3).meta({
  title: 'Weight decay λ',
  description: 'Adds λ times the sum of all squared weights (biases apart) to the loss.',
})

export const beta = z.number().min(0).max(1e3).meta({
  title: 'KL weight β',
  description: 'Weight of the Kullback–Leibler term once it is fully annealed; the papers use 0.2 and 0.3.',
})
