import * as tf from '@tensorflow/tfjs-core'
import { denseGradient, type Gradient } from '../sparse-gradient'
import type { Optimiser } from './optimiser'

/** Keeps a gradient of zeros at zero. */
const FLOOR = 1e-7

/**
 * Shows an optimiser every tensor's gradient divided by its own norm, g / (‖g‖₂ + 1e-7), as H+Vamp's authors do: how far a layer moves then
 * depends neither on the loss's scale nor on how deep the layer lies.
 */
export class NormalisedGradients implements Optimiser {
  constructor(private readonly optimiser: Optimiser) {}

  step(gradients: Readonly<Record<string, Gradient>>): void {
    tf.tidy(() => {
      const normalised = Object.entries(gradients).map(([name, gradient]) => {
        const g = denseGradient(gradient)
        // Not tf.norm, which squares by a power: a third of a step of H+Vamp went there.
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
