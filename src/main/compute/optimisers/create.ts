import { nativeBackend } from '../native-ops'
import { ResourceParameter, type Parameter } from '../parameter'
import { NormalisedGradients } from './normalised-gradients'
import type { Optimiser } from './optimiser'
import { PlainOptimiser } from './plain'
import { ResourceOptimiser } from './resource'
import { stepRules, type OptimiserName, type StepRule } from './step-rule'

/**
 * @param parameters all that a step moves; they share one step counter
 * @param epsilon instead of the rule's own ε. One far above the gradients' size turns the rule into gradient descent with momentum at
 *   rate learningRate/ε: steps then follow the size of a gradient, which Adam divides out
 */
export function createOptimiser(
  name: OptimiserName,
  learningRate: number,
  parameters: ReadonlyMap<string, Parameter>,
  epsilon?: number,
): Optimiser {
  if (name === 'adam-normalised')
    return new NormalisedGradients(createOptimiser('adam', learningRate, parameters, epsilon))
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
