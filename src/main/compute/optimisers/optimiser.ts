import type { Tensor } from '@tensorflow/tfjs-core'
import { nativeBackend } from '../native-ops'
import { ResourceParameter, type Parameter } from '../parameter'
import { PlainOptimiser } from './plain'
import { ResourceOptimiser } from './resource'
import { stepRules, type OptimiserName } from './step-rule'

/** Moves parameters down their gradients; keeps running moments of the gradients, which start at zero. */
export interface Optimiser {
  /** One step for all its parameters: `gradients` holds one of each by name, which the caller disposes. */
  step(gradients: Readonly<Record<string, Tensor>>): void
  dispose(): void
}

/** @param parameters all that a step moves; they share one step counter */
export function createOptimiser(
  name: OptimiserName,
  learningRate: number,
  parameters: ReadonlyMap<string, Parameter>,
): Optimiser {
  const rule = stepRules[name](learningRate)
  const backend = nativeBackend()
  if (!backend) return new PlainOptimiser(rule, [...parameters.values()])
  const resources = [...parameters.values()].map((parameter) => {
    if (!(parameter instanceof ResourceParameter))
      throw new Error(`${parameter.name} was made on another backend than the current one`)
    return parameter
  })
  return new ResourceOptimiser(backend, rule, resources)
}
