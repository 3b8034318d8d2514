import type * as tf from '@tensorflow/tfjs-core'
import type { NamedParameters } from '../model'

/** The values of parameters during one forward pass, by name. */
export type Weights = ReadonlyMap<string, tf.Tensor>

const named = (weights: Weights, name: string): tf.Tensor => {
  const weight = weights.get(name)
  if (!weight) throw new Error(`no weight is named ${name}`)
  return weight
}

export const matrix = (weights: Weights, name: string): tf.Tensor2D => named(weights, name) as tf.Tensor2D
export const vector = (weights: Weights, name: string): tf.Tensor1D => named(weights, name) as tf.Tensor1D

/** The current values of parameters. On the native backend they share the parameters' memory: dispose them before the next update. */
export const readWeights = (parameters: NamedParameters): Weights =>
  new Map(Array.from(parameters, ([name, parameter]) => [name, parameter.read()]))
