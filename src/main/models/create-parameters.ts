import * as tf from '@tensorflow/tfjs-core'
import { withoutDiagonal } from '../compute/diagonal'
import { createParameter, type Parameter } from '../compute/parameter'
import type { Random } from '../numeric/random'
import type { Built } from './factory'
import type { NamedParameters } from './model'
import type { Initial, ParameterShape } from './shapes'

/** Creates a model's parameters. The initial values of each come from its own stream of random numbers. The model owns them. */
export const createParameters = (shapes: readonly ParameterShape[], items: number, random: Random): Built => ({
  items,
  parameters: madeOf(
    shapes.filter(({ trained }) => trained),
    random,
  ),
  untrained: () =>
    madeOf(
      shapes.filter(({ trained }) => !trained),
      random,
    ),
  random,
})

const madeOf = (shapes: readonly ParameterShape[], random: Random): NamedParameters =>
  new Map<string, Parameter>(
    shapes.map(({ name, shape, initial }) => [name, createParameter(name, firstValues([...shape], initial, random))]),
  )

function firstValues(shape: number[], initial: Initial, random: Random): tf.Tensor {
  if (initial.kind === 'constant') return tf.fill(shape, initial.value)
  const size = shape.reduce((product, side) => product * side, 1)
  const stream = initial.streams.reduce((from, label) => from.fork(label), random)
  switch (initial.kind) {
    case 'glorot': {
      // Keras's default for dense layers: U(−l, l), l = √(6 / (inputs + outputs)).
      const limit = Math.sqrt(6 / shape.reduce((sum, side) => sum + side, 0))
      const drawn = tf.tensor(stream.uniformFloats(size, -limit, limit), shape)
      if (!initial.zeroDiagonal) return drawn
      const without = withoutDiagonal(drawn as tf.Tensor2D)
      drawn.dispose()
      return without
    }
    case 'normal': {
      const { mean, deviation } = initial
      return tf.tensor(
        stream.normal(size).map((draw) => mean + deviation * draw),
        shape,
      )
    }
  }
}
