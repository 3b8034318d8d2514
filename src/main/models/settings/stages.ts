import { z } from 'zod'

/** A learning-rate stage. Optimiser state starts afresh with each stage, as in the authors' code. */
export interface Stage {
  readonly learningRate: number
  readonly epochs: number
}

const NUMBER = String.raw`\d+(\.\d*)?([eE][+-]?\d+)?`
const STAGE = String.raw`\s*${NUMBER}\s*x\s*[1-9]\d*\s*`

/** The rule, for messages. */
const STAGES =
  'learning rates above 0, each with “x” and its number of epochs, separated by commas, for example 1e-3x15,1e-4x5'

/** `1e-3x15,1e-4x5`: learning rate × epochs of each stage; the only parser of stages. */
export const stages = z
  .string()
  .regex(new RegExp(`^${STAGE}(,${STAGE})*$`), STAGES)
  .refine((text) => stagesOf(text).every(({ learningRate }) => learningRate > 0), STAGES)
  .meta({
    title: 'Learning-rate schedule',
    group: 'training',
    description: 'Learning rate × epochs of each stage. The optimiser starts afresh with each stage.',
    rule: STAGES,
  })
  .transform(stagesOf)

function stagesOf(text: string): Stage[] {
  return text.split(',').map((stage) => {
    const [learningRate, epochs] = stage.split('x').map(Number)
    return { learningRate: learningRate!, epochs: epochs! }
  })
}

/** `20,50, 100` → [20, 50, 100]: candidates of a closed-form model; each must be valid. @param rule the rule for each, for messages */
export const candidates = (title: string, description: string, valid: (value: number) => boolean, rule: string) =>
  z
    .string()
    .regex(new RegExp(String.raw`^\s*${NUMBER}\s*(,\s*${NUMBER}\s*)*$`), rule)
    .refine((text) => numbersOf(text).every(valid), rule)
    .meta({ title, description, rule, group: 'search' })
    .transform(numbersOf)

/** Candidates above 0. */
export const positiveNumbers = (title: string, description: string) =>
  candidates(title, description, (value) => value > 0, 'numbers above 0, separated by commas')

/** Candidates from 0. */
export const numbersFromZero = (title: string, description: string) =>
  candidates(title, description, (value) => value >= 0, 'numbers from 0, separated by commas')

/** Candidates that are whole numbers from 1. */
export const positiveWholeNumbers = (title: string, description: string) =>
  candidates(
    title,
    description,
    (value) => value >= 1 && Number.isInteger(value),
    'whole numbers from 1, separated by commas',
  )

function numbersOf(text: string): number[] {
  return text.split(',').map(Number)
}
