import type { Gradient } from '../sparse-gradient'

/** Updates parameters by their gradients; keeps running moments of the gradients, which start at zero. */
export interface Optimiser {
  /** One step for all its parameters: `gradients` has one for each, by name; the caller disposes them. */
  step(gradients: Readonly<Record<string, Gradient>>): void
  dispose(): void
}
