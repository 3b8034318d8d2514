import { nativeBackend } from '../native-ops'
import { ResourceParameter, type Parameter } from '../parameter'
import { NormalisedGradients } from './normalised-gradients'
import type { Optimiser } from './optimiser'
import { PlainOptimiser } from './plain'
import { ResourceOptimiser } from './resource'
import { stepRules, type OptimiserName, type StepRule } from './step-rule'

/** A published rule, by its name, with what of it is another's choice. */
export interface OptimiserSettings {
  readonly name: OptimiserName
  readonly learningRate: number
  /**
   * Instead of the rule's own ε. One far above the gradients' size turns the rule into gradient descent with momentum at rate learningRate/ε: steps
   * then follow the size of a gradient, which Adam divides out.
   */
  readonly epsilon?: number | undefined
}

/** @param parameters all that a step moves; they share one step counter */
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
