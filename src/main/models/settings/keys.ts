import { z } from 'zod'

/** Groups of config keys that models share: flat, every key with a title and a sentence for people. */

export const integer = (title: string, description: string, least: number, most: number) =>
  z.number().int().min(least).max(most).meta({ title, description })

export const NUMBER = String.raw`\d+(\.\d*)?([eE][+-]?\d+)?`

/** Keys that the training loop reads, shared by every model that is trained by steps. */
export const loopSettings = {
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
      'nadam-tf25 is what the authors’ TensorFlow 2.5 computes; nadam-keras3 is today’s Keras. adam-normalised shows Adam each gradient divided by its norm, as H+Vamp does.',
  }),
  itemShare: z.number().gt(0).max(1).meta({
    title: 'Share of items',
    description: 'The model knows only this share of the items, the most popular ones; the authors’ code uses 0.33.',
  }),
}

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

/** How an ensemble's members take their steps. */
export const ensembleSettings = {
  training: z.enum(['joint', 'alternating']).default('joint').meta({
    title: 'Training',
    description:
      'joint: every step moves all paths. alternating: each step freezes all paths but one, in turn (paper, table II).',
  }),
}

/** In what the products of a deep model's training steps are computed. */
const precision = z.enum(['float32', 'bfloat16']).default('float32').meta({
  title: 'Precision of products',
  description:
    'bfloat16: matrix products of training steps are rounded to 8 bits, faster where the processor or GPU has them; weights, optimiser and scores stay float32.',
})

/** Widths of a deep model. */
const widths = {
  hidden: integer('Hidden width H', 'Width of each hidden layer.', 1, 65_536),
  latent: integer('Latent width L', 'Size of a user’s latent vector.', 1, 65_536),
}

/** Of a VampPrior. */
const pseudoInputs = z.number().int().min(1).max(100_000).default(200).meta({
  title: 'Pseudo-inputs K',
  description: 'Trainable histories whose posteriors together make up the VampPrior; 1,000 in H+Vamp’s paper.',
})

/** Runs stored before a key existed are read with its default: what their code did. */
export const flvaeSettings = {
  ...widths,
  precision,
  heads: z.enum(['1', '2']).meta({
    title: 'Output heads',
    description:
      '2: the product of two sigmoid heads, as in the authors’ code; 1: one sigmoid output, the paper’s wording.',
  }),
  encoderDepth: z.number().int().min(1).max(64).default(7).meta({
    title: 'Encoder layers',
    description: 'Densely connected layers from the items to μ and log σ²; 7 in the paper.',
  }),
  decoderDepth: z.number().int().min(1).max(64).default(5).meta({
    title: 'Decoder layers',
    description: 'Densely connected layers from z to the output; 5 in the paper.',
  }),
  prior: z.enum(['standard', 'vamp']).default('standard').meta({
    title: 'Prior of FLVAE',
    description:
      'standard: N(0, 1), as in the paper; vamp: a VampPrior of trainable pseudo-inputs, the paper’s future work.',
  }),
  pseudoInputs,
}

/**
 * How an ensemble's shallow path steps. Adam divides a gradient by its own size, so two items that one user has together pull as hard as two
 * that hundreds have: with few users NEASE then learns their accidents. An ε far above the gradients' size gives gradient descent with momentum,
 * where pairs count as often as they occur, as in EASE.
 */
export const shallowSettings = {
  neaseRate: z
    .number()
    .gt(0)
    .max(1e6)
    .default(1)
    .meta({ title: 'NEASE rate', description: 'Multiplies the learning rate of the NEASE path; 1 in the paper.' }),
  neaseEpsilon: z.number().gt(0).max(1e3).default(1e-7).meta({
    title: 'NEASE ε',
    description:
      'Optimiser’s ε for the NEASE path; 1e-7 in the paper. A large one makes rarely seen pairs of items learn more slowly.',
  }),
}

const dropout = z.number().min(0).lt(1).meta({
  title: 'Input dropout',
  description: 'Share of a history’s items that a training step leaves out of the input, drawn anew each time.',
})

const weightDecay = z.number().min(0).max(1e3).meta({
  title: 'Weight decay λ',
  description: 'Adds λ times the sum of all squared weights (biases apart) to the loss.',
})

const beta = z.number().min(0).max(1e3).meta({
  title: 'KL weight β',
  description:
    'Weight of the Kullback–Leibler term once it is fully annealed; 0.2 in Mult-VAE’s paper, 0.3 in H+Vamp’s.',
})

export const multDaeSettings = { hidden: widths.hidden, precision, dropout, weightDecay }

export const multVaeSettings = {
  ...widths,
  precision,
  dropout,
  beta,
  annealSteps: integer(
    'Annealing steps',
    'β grows by 1/this with every step until it reaches its cap; 200,000 in the paper. Scale it with the data.',
    1,
    1_000_000_000,
  ),
}

export const autorecSettings = { hidden: widths.hidden, precision, weightDecay }

export const recvaeSettings = {
  ...widths,
  precision,
  dropout,
  klPerItem: z.number().min(0).max(1e3).default(0.005).meta({
    title: 'KL weight γ per item',
    description:
      'The Kullback–Leibler term of a user weighs γ times the number of the user’s items; 0.005 in the paper.',
  }),
  encoderSweeps: z.number().int().min(1).max(100).default(3).meta({
    title: 'Encoder sweeps',
    description:
      'Sweeps over the users of which each epoch gives the encoder so many, and then the decoder one; 3 in the paper.',
  }),
}

export const hvampSettings = {
  ...widths,
  precision,
  dropout,
  beta,
  pseudoInputs,
  warmUp: z.number().int().min(0).max(100_000).default(100).meta({
    title: 'Warm-up epochs',
    description: 'β grows by the same amount in each of these epochs until it reaches its cap; 0: it starts there.',
  }),
}
