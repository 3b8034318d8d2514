import * as tf from '@tensorflow/tfjs-core'
import { createParameter, type Parameter } from '../../compute/parameter'
import type { Random } from '../../numeric/random'
import { glorotUniform } from './initialisers'

/** The values of parameters during one forward pass, by name. */
export type Weights = ReadonlyMap<string, tf.Tensor>

/** Collects a model's parameters in the order in which checkpoints hold them; each weight has its own stream of random numbers. */
export class ParameterList {
  readonly all = new Map<string, Parameter>()

  constructor(private readonly random: Random) {}

  /** `name.W` [inputs, outputs] and `name.b` [outputs]: y = x W + b. */
  dense(name: string, inputs: number, outputs: number): void {
    this.add(`${name}.W`, glorotUniform(inputs, outputs, this.random.fork(name)))
    this.add(`${name}.b`, tf.zeros([outputs]))
  }

  /** `name.ln.gamma` and `name.ln.beta` [width]. */
  layerNorm(name: string, width: number): void {
    this.add(`${name}.ln.gamma`, tf.ones([width]))
    this.add(`${name}.ln.beta`, tf.zeros([width]))
  }

  /** Takes over the initial value. */
  add(name: string, initial: tf.Tensor): void {
    this.all.set(name, createParameter(name, initial))
  }

  get(name: string): Parameter {
    const parameter = this.all.get(name)
    if (!parameter) throw new Error(`no parameter is named ${name}`)
    return parameter
  }
}

const named = (weights: Weights, name: string): tf.Tensor => {
  const weight = weights.get(name)
  if (!weight) throw new Error(`no weight is named ${name}`)
  return weight
}

export const matrix = (weights: Weights, name: string): tf.Tensor2D => named(weights, name) as tf.Tensor2D
export const vector = (weights: Weights, name: string): tf.Tensor1D => named(weights, name) as tf.Tensor1D

/** The current values of parameters. On the native backend they share the parameters' memory: dispose them before the next update. */
export const readWeights = (parameters: ReadonlyMap<string, Parameter>): Weights =>
  new Map([...parameters].map(([name, parameter]) => [name, parameter.read()]))
