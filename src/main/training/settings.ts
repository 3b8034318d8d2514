import { z } from 'zod'
import { badInput } from '../../shared/errors'
import type { ModelConfig } from '../../shared/models'
import type { Stage } from '../models/model'

const stagesText = /^\s*[^x,]+x\s*\d+\s*(,\s*[^x,]+x\s*\d+\s*)*$/

/** The keys of a gradient model's flat config that the loop reads; the model reads the others. */
const loopSettings = z.object({
  stages: z.string().regex(stagesText),
  batchRows: z.number().int().min(1),
  augment: z.boolean(),
  patience: z.number().int().min(0),
  continueFrom: z.enum(['best', 'last']),
})

export interface LoopSettings {
  readonly stages: readonly Stage[]
  /** Rows of one step. */
  readonly batchRows: number
  /** A/B augmentation. */
  readonly augment: boolean
  /** Epochs without a better validation NDCG@100 after which a stage ends; 0: never. */
  readonly patience: number
  /** Which weights the next stage starts from: the best epoch's so far, or the last one's as in the authors' code. */
  readonly continueFrom: 'best' | 'last'
}

/** Reads `1e-3x15,1e-4x5`: learning rate × epochs per stage. */
function parseStages(text: string): Stage[] {
  return text.split(',').map((stage) => {
    const [learningRate = Number.NaN, epochs = Number.NaN] = stage.split('x').map(Number)
    if (!(learningRate > 0) || !Number.isFinite(learningRate) || !(epochs >= 1))
      throw badInput(
        `“${stage.trim()}” is not a learning-rate stage.`,
        'Write learning rate x epochs, separated by commas, for example 1e-3x15,1e-4x5.',
      )
    return { learningRate, epochs }
  })
}

/** Throws BAD_INPUT where a key that the loop needs is missing or senseless; the registry's schema has normally checked all of them before. */
export function loopSettingsOf(config: ModelConfig): LoopSettings {
  const read = loopSettings.safeParse(config)
  if (!read.success) {
    const issue = read.error.issues[0]
    throw badInput(
      `The training setting ${issue?.path.join('.') ?? ''} cannot be used: ${issue?.message ?? 'unknown reason'}.`,
      'Choose a preset, or set it to one of the values that the model lists.',
    )
  }
  return { ...read.data, stages: parseStages(read.data.stages) }
}
