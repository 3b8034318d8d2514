import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../parameter'
import { denseGradient, type Gradient } from '../sparse-gradient'
import type { Optimiser } from './optimiser'
import { BETA_1, BETA_2, type StepRule } from './step-rule'

/** The rule in tfjs ops, for the backends without fused optimiser ops. */
export class PlainOptimiser implements Optimiser {
  readonly #slots: { parameter: Parameter; m: tf.Tensor; v: tf.Tensor }[]

  constructor(
    private readonly next: StepRule,
    parameters: readonly Parameter[],
  ) {
    this.#slots = parameters.map((parameter) => ({
      parameter,
      m: tf.keep(tf.zeros(parameter.shape)),
      v: tf.keep(tf.zeros(parameter.shape)),
    }))
  }

  step(gradients: Readonly<Record<string, Gradient>>): void {
    const { momentum, gradient, secondMoment, epsilon } = this.next()
    for (const slot of this.#slots) {
      const gradientOfSlot = gradients[slot.parameter.name]
      if (!gradientOfSlot) throw new Error(`no gradient for ${slot.parameter.name}`)
      const [m, v] = tf.tidy(() => {
        const g = denseGradient(gradientOfSlot)
        const m = tf.add(tf.mul(slot.m, BETA_1), tf.mul(g, 1 - BETA_1))
        const v = tf.add(tf.mul(slot.v, BETA_2), tf.mul(tf.square(g), 1 - BETA_2))
        const direction = tf.add(tf.mul(m, momentum), tf.mul(g, gradient))
        const denominator = tf.add(tf.sqrt(tf.div(v, secondMoment)), epsilon)
        slot.parameter.assign(tf.sub(slot.parameter.read(), tf.div(direction, denominator)))
        return [m, v]
      })
      tf.dispose([slot.m, slot.v])
      slot.m = tf.keep(m)
      slot.v = tf.keep(v)
    }
  }

  dispose(): void {
    for (const { m, v } of this.#slots) tf.dispose([m, v])
  }
}
