import type { Gradient } from '../sparse-gradient'

/** Moves parameters down their gradients; keeps running moments of the gradients, which start at zero. */
export interface Optimiser {
  /** One step for all its parameters: `gradients` holds one of each by name, which the caller disposes. */
  step(gradients: Readonly<Record<string, Gradient>>): void
  dispose(): void
}
