import * as tf from '@tensorflow/tfjs-core'
import { createParameter, type Parameter } from '../parameter'
import { denseGradient, type Gradient } from '../sparse-gradient'
import { momentsOf, type Optimiser } from './optimiser'
import { BETA_1, BETA_2, CountedSteps, type StepRule } from './step-rule'

/** The rule in tfjs ops, for the backends without fused optimiser ops. */
export class PlainOptimiser implements Optimiser {
  readonly #slots: { parameter: Parameter; m: Parameter; v: Parameter }[]
  readonly #counted: CountedSteps

  constructor(rule: StepRule, parameters: readonly Parameter[]) {
    this.#counted = new CountedSteps(rule)
    const zeros = ({ name, shape }: Parameter, moment: string): Parameter =>
      createParameter(`${name}.${moment}`, tf.zeros(shape))
    this.#slots = parameters.map((parameter) => ({ parameter, m: zeros(parameter, 'm'), v: zeros(parameter, 'v') }))
  }

  get moments(): ReadonlyMap<string, Parameter> {
    return momentsOf(this.#slots)
  }

  get steps(): number {
    return this.#counted.steps
  }

  goOnAfter(steps: number): void {
    this.#counted.goOnAfter(steps)
  }

  step(gradients: Readonly<Record<string, Gradient>>): void {
    const { momentum, gradient, secondMoment, epsilon } = this.#counted.next()
    for (const slot of this.#slots) {
      const gradientOfSlot = gradients[slot.parameter.name]
      if (!gradientOfSlot) throw new Error(`no gradient for ${slot.parameter.name}`)
      tf.tidy(() => {
        const g = denseGradient(gradientOfSlot)
        const m = tf.add(tf.mul(slot.m.read(), BETA_1), tf.mul(g, 1 - BETA_1))
        const v = tf.add(tf.mul(slot.v.read(), BETA_2), tf.mul(tf.square(g), 1 - BETA_2))
        const direction = tf.add(tf.mul(m, momentum), tf.mul(g, gradient))
        const denominator = tf.add(tf.sqrt(tf.div(v, secondMoment)), epsilon)
        slot.parameter.assign(tf.sub(slot.parameter.read(), tf.div(direction, denominator)))
        slot.m.assign(m)
        slot.v.assign(v)
      })
    }
  }

  dispose(): void {
    for (const { m, v } of this.#slots) {
      m.dispose()
      v.dispose()
    }
  }
}
