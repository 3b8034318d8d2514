/**
 * Describes a model's parameters without TensorFlow: `create-parameters.ts` creates them from it and `memory-estimate.ts` counts them. Nothing else
 * defines how large a model is.
 */
export interface ParameterShape {
  /** Its name in checkpoints. */
  readonly name: string
  /** [inputs, outputs] of a weight, [width] of a bias. */
  readonly shape: readonly number[]
  readonly initial: Initial
  /**
   * How its gradient is stored. `sparse`: the weight is only multiplied by sparse rows, so with our own kernels its gradient is kept as those rows
   * and the gradient of the output. `accumulated`: two gradients are added, the second from weight decay or pseudo-inputs. `dense`: all others.
   */
  readonly gradient: 'dense' | 'sparse' | 'accumulated'
  /** Whether steps train it and checkpoints contain it. Neither is true of a prior's previous encoder, which is created when a stage begins. */
  readonly trained: boolean
}

/** Initial values: a constant, or draws from its own stream, forked from the model's by these labels in order. */
export type Initial =
  | { readonly kind: 'constant'; readonly value: number }
  /** Glorot's uniform draws; `zeroDiagonal`: W[i, i] = 0. */
  | { readonly kind: 'glorot'; readonly streams: readonly string[]; readonly zeroDiagonal: boolean }
  | { readonly kind: 'normal'; readonly streams: readonly string[]; readonly mean: number; readonly deviation: number }

const constant = (value: number): Initial => ({ kind: 'constant', value })

/** A weight that begins as zeros, for models that are solved. */
export const zeros = (name: string, shape: readonly number[]): ParameterShape => ({
  name,
  shape,
  initial: constant(0),
  gradient: 'dense',
  trained: true,
})

/** `name.W` [inputs, outputs] and `name.b` [outputs]: y = x W + b. */
export const denseLayer = (
  name: string,
  inputs: number,
  outputs: number,
  gradient: ParameterShape['gradient'] = 'dense',
): ParameterShape[] => [
  {
    name: `${name}.W`,
    shape: [inputs, outputs],
    initial: { kind: 'glorot', streams: [name], zeroDiagonal: false },
    gradient,
    trained: true,
  },
  zeros(`${name}.b`, [outputs]),
]

/** `name.ln.gamma` and `name.ln.beta` [width]. */
const layerNorm = (name: string, width: number): ParameterShape[] => [
  { ...zeros(`${name}.ln.gamma`, [width]), initial: constant(1) },
  zeros(`${name}.ln.beta`, [width]),
]

/**
 * `prefix1 … prefixN` of a densely connected stack: layer 1 takes `inputs`, all others the width.
 *
 * @param first what the gradient of layer 1 takes
 */
export const connectedLayers = (
  prefix: string,
  layers: number,
  inputs: number,
  width: number,
  first: ParameterShape['gradient'] = 'dense',
): ParameterShape[] =>
  Array.from({ length: layers }, (_, k) => `${prefix}${k + 1}`).flatMap((name, k) => [
    ...denseLayer(name, k === 0 ? inputs : width, width, k === 0 ? first : 'dense'),
    ...layerNorm(name, width),
  ])

/** `name.h` and `name.g` of a gated layer, both from `inputs` to `outputs`. */
export const gatedLayer = (
  name: string,
  inputs: number,
  outputs: number,
  gradient: ParameterShape['gradient'] = 'dense',
): ParameterShape[] => [
  ...denseLayer(`${name}.h`, inputs, outputs, gradient),
  ...denseLayer(`${name}.g`, inputs, outputs, gradient),
]

/** The shapes with their weights drawn from N(0, 2 / inputs) (He et al., 2015) instead of Glorot's draws. */
export const heNormal = (shapes: readonly ParameterShape[]): ParameterShape[] =>
  shapes.map((shape) => {
    const { initial, shape: sides } = shape
    if (initial.kind !== 'glorot') return shape
    const deviation = Math.sqrt(2 / (sides[0] ?? 1))
    return { ...shape, initial: { kind: 'normal', streams: initial.streams, mean: 0, deviation } }
  })

/** Weights between items [source, target] whose diagonal starts at 0. */
export const itemWeights = (name: string, items: number): ParameterShape => ({
  name,
  shape: [items, items],
  initial: { kind: 'glorot', streams: [name], zeroDiagonal: true },
  gradient: 'sparse',
  trained: true,
})

/** The parameter of `layers/pseudo-inputs.ts`. */
export const PSEUDO_INPUTS = 'pseudo.U'

/** `pseudo.U` [K, items]: K trainable histories, whose posteriors together are a VampPrior. They begin near an empty history. */
export const pseudoInputsOf = (count: number, items: number): ParameterShape => ({
  name: PSEUDO_INPUTS,
  shape: [count, items],
  initial: { kind: 'normal', streams: [PSEUDO_INPUTS], mean: 0.05, deviation: 0.01 },
  gradient: 'dense',
  trained: true,
})

/** The shapes with prefixed names and a stream of their own: `prefixed('a', …)` makes `a.layer.W` of `layer.W`. */
export const prefixed = (prefix: string, shapes: readonly ParameterShape[]): ParameterShape[] =>
  shapes.map((shape) => ({ ...shape, name: `${prefix}.${shape.name}`, initial: drawnFrom(prefix, shape.initial) }))

/** The shapes as parameters that are neither trained nor stored, with initial values from another stream and prefixed names. */
export const untrained = (stream: string, prefix: string, shapes: readonly ParameterShape[]): ParameterShape[] =>
  shapes.map((shape) => ({
    ...shape,
    name: `${prefix}${shape.name}`,
    initial: drawnFrom(stream, shape.initial),
    trained: false,
  }))

const drawnFrom = (stream: string, initial: Initial): Initial =>
  initial.kind === 'constant' ? initial : { ...initial, streams: [stream, ...initial.streams] }

/** Number of entries. */
export const sizeOf = ({ shape }: ParameterShape): number => shape.reduce((product, side) => product * side, 1)
