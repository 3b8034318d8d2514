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
        const m = slot.m.mul(BETA_1).add(g.mul(1 - BETA_1))
        const v = slot.v.mul(BETA_2).add(g.square().mul(1 - BETA_2))
        const denominator = v.div(secondMoment).sqrt().add(epsilon)
        slot.parameter.assign(slot.parameter.read().sub(m.mul(momentum).add(g.mul(gradient)).div(denominator)))
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
