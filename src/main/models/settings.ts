import { z } from 'zod'

/** Config schemas of all models: flat, every key with a title and a sentence for people. No TensorFlow here: the engine reads this too. */

const integer = (title: string, description: string, least: number, most: number) =>
  z.number().int().min(least).max(most).meta({ title, description })

const NUMBER = String.raw`\d+(\.\d*)?([eE][+-]?\d+)?`

/** Keys that the training loop reads, shared by every model that is trained by steps. */
const loopSettings = {
  stages: z
    .string()
    .regex(new RegExp(`^\\s*${NUMBER}\\s*x\\s*[1-9]\\d*(\\s*,\\s*${NUMBER}\\s*x\\s*[1-9]\\d*)*\\s*$`))
    .meta({
      title: 'Stages',
      description:
        'Learning rate × epochs of each stage, for example 1e-3x15,1e-4x5. The optimiser starts afresh with each stage.',
    }),
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
  augment: z.boolean().meta({
    title: 'A/B augmentation',
    description: 'Cut each user’s items into A and B every epoch; shown one part, the model must produce the other.',
  }),
  optimiser: z.enum(['nadam-keras3', 'nadam-tf25', 'adam']).meta({
    title: 'Optimiser',
    description: 'nadam-tf25 is what the authors’ TensorFlow 2.5 computes; nadam-keras3 is today’s Keras.',
  }),
  itemShare: z.number().gt(0).max(1).meta({
    title: 'Share of items',
    description: 'The model knows only this share of the items, the most popular ones; the authors’ code uses 0.33.',
  }),
}

/** Keys of the focal loss. */
const focalSettings = {
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

const flvaeSettings = {
  hidden: integer('Hidden width H', 'Width of each encoder and decoder layer.', 1, 65_536),
  latent: integer('Latent width L', 'Size of a user’s latent vector.', 1, 65_536),
  heads: z.enum(['1', '2']).meta({
    title: 'Output heads',
    description:
      '2: the product of two sigmoid heads, as in the authors’ code; 1: one sigmoid output, the paper’s wording.',
  }),
}

export const popularityConfig = z.strictObject({})

export const easeConfig = z.strictObject({
  lambdas: z
    .string()
    .regex(new RegExp(`^\\s*${NUMBER}(\\s*,\\s*${NUMBER})*\\s*$`))
    .refine((text) => numbersOf(text).every((lambda) => lambda > 0), 'every λ must be above 0')
    .meta({
      title: 'λ candidates',
      description: 'L2 regularisation; of several, separated by commas, validation chooses the best.',
    }),
})

export const neaseConfig = z.strictObject({
  loss: z.enum(['cosine', 'mse', 'focal']).meta({
    title: 'Loss',
    description: 'Cosine proximity is the paper’s best for NEASE alone (table I).',
  }),
  ...loopSettings,
  ...focalSettings,
})

export const flvaeConfig = z.strictObject({ ...flvaeSettings, ...loopSettings, ...focalSettings })

/**
 * How VASP's shallow path steps. Adam divides a gradient by its own size, so two items that one user has together pull as hard as two that
 * hundreds have: with few users NEASE then learns their accidents. An ε far above the gradients' size gives gradient descent with momentum,
 * where pairs count as often as they occur, as in EASE.
 */
const shallowSettings = {
  neaseRate: z
    .number()
    .gt(0)
    .max(1e6)
    .meta({ title: 'NEASE rate', description: 'Multiplies the learning rate of the NEASE path; 1 in the paper.' }),
  neaseEpsilon: z.number().gt(0).max(1e3).meta({
    title: 'NEASE ε',
    description:
      'Optimiser’s ε for the NEASE path; 1e-7 in the paper. A large one makes rarely seen pairs of items learn more slowly.',
  }),
}

export const vaspConfig = z.strictObject({
  ...flvaeSettings,
  ...loopSettings,
  ...focalSettings,
  ...shallowSettings,
})

/** `20,50, 100` → [20, 50, 100]. */
export const numbersOf = (text: string): number[] => text.split(',').map(Number)
