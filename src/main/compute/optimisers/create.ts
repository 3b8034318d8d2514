import { nativeBackend } from '../native-ops'
import { ResourceParameter, type Parameter } from '../parameter'
import { NormalisedGradients } from './normalised-gradients'
import type { Optimiser } from './optimiser'
import { PlainOptimiser } from './plain'
import { ResourceOptimiser } from './resource'
import { stepRules, type OptimiserName, type StepRule } from './step-rule'

/** A published optimiser by name, with its options. */
export interface OptimiserSettings {
  readonly name: OptimiserName
  readonly learningRate: number
  /**
   * Instead of the rule's own ε. An ε far above the gradients' size turns the optimiser into gradient descent with momentum at rate learningRate/ε:
   * then steps are proportional to the gradient, whereas Adam divides by its size.
   */
  readonly epsilon?: number | undefined
}

/** @param parameters all parameters that a step updates; they share one step counter */
export function createOptimiser(settings: OptimiserSettings, parameters: ReadonlyMap<string, Parameter>): Optimiser {
  const { name, learningRate, epsilon } = settings
  if (name === 'adam-normalised')
    return new NormalisedGradients(createOptimiser({ ...settings, name: 'adam' }, parameters))
  const published = stepRules[name](learningRate)
  const rule: StepRule = epsilon === undefined ? published : () => ({ ...published(), epsilon })
  const backend = nativeBackend()
  if (!backend) return new PlainOptimiser(rule, [...parameters.values()])
  const resources = [...parameters.values()].map((parameter) => {
    if (!(parameter instanceof ResourceParameter))
      throw new Error(`${parameter.name} was made on another backend than the current one`)
    return parameter
  })
  return new ResourceOptimiser(backend, rule, resources)
}
