import * as tf from '@tensorflow/tfjs-core'
import type { Parameter } from '../parameter'
import { denseGradient, type Gradient } from '../sparse-gradient'
import type { Optimiser } from './optimiser'

/** Keeps a gradient of zeros at zero. */
const FLOOR = 1e-7

/**
 * Divides every tensor's gradient by its norm, g / (‖g‖₂ + 1e-7), before the optimiser sees it, as H+Vamp's authors do (Kim and Suh, 2019): then the
 * step of a layer depends neither on the scale of the loss nor on the depth of the layer.
 */
export class NormalisedGradients implements Optimiser {
  constructor(private readonly optimiser: Optimiser) {}

  get moments(): ReadonlyMap<string, Parameter> {
    return this.optimiser.moments
  }

  get steps(): number {
    return this.optimiser.steps
  }

  goOnAfter(steps: number): void {
    this.optimiser.goOnAfter(steps)
  }

  step(gradients: Readonly<Record<string, Gradient>>): void {
    tf.tidy(() => {
      const normalised = Object.entries(gradients).map(([name, gradient]) => {
        const g = denseGradient(gradient)
        // Not tf.norm, which squares by a power: that took a third of a training step.
        const norm = tf.sqrt(tf.sum(tf.square(g)))
        return [name, tf.div(g, tf.add(norm, FLOOR))]
      })
      this.optimiser.step(Object.fromEntries(normalised) as Record<string, tf.Tensor>)
    })
  }

  dispose(): void {
    this.optimiser.dispose()
  }
}
