import { z } from 'zod'
import {
  autorecSettings,
  ensembleSettings,
  flvaeSettings,
  focalSettings,
  hvampSettings,
  loopSettings,
  multDaeSettings,
  multVaeSettings,
  NUMBER,
  recvaeSettings,
  shallowSettings,
} from './settings/keys'
import { memberSettings, membersKey } from './settings/members'

/** Config schemas of all models. No TensorFlow here: the engine reads this too. */

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

export const vaspConfig = z.strictObject({
  ...flvaeSettings,
  ...ensembleSettings,
  ...loopSettings,
  ...focalSettings,
  ...shallowSettings,
})

export const multDaeConfig = z.strictObject({ ...multDaeSettings, ...loopSettings })

export const multVaeConfig = z.strictObject({ ...multVaeSettings, ...loopSettings })

export const autorecConfig = z.strictObject({
  ...autorecSettings,
  output: z.enum(['identity', 'sigmoid']).meta({
    title: 'Output',
    description:
      'identity: the paper’s best, a score without a probability; sigmoid: a probability, so that it can be multiplied with other models.',
  }),
  ...loopSettings,
})

export const recvaeConfig = z.strictObject({ ...recvaeSettings, ...loopSettings })

export const hvampConfig = z.strictObject({ ...hvampSettings, ...loopSettings })

/** A product of any members, trained by the focal loss: it has the keys of all members, and reads those of its own. */
export const hadamardConfig = z.strictObject({
  members: membersKey,
  ...ensembleSettings,
  ...loopSettings,
  ...focalSettings,
  ...memberSettings.autorec,
  ...memberSettings.recvae,
  ...memberSettings.hvamp,
  ...memberSettings['mult-dae'],
  ...memberSettings['mult-vae'],
  ...memberSettings.flvae,
  ...memberSettings.nease,
})
export type HadamardConfig = z.infer<typeof hadamardConfig>

/** `20,50, 100` → [20, 50, 100]. */
export const numbersOf = (text: string): number[] => text.split(',').map(Number)
