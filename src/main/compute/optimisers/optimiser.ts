import type { Parameter } from '../parameter'
import type { Gradient } from '../sparse-gradient'

/** Updates parameters by their gradients; keeps running moments of the gradients, which start at zero. */
export interface Optimiser {
  /** One step for all its parameters: `gradients` has one for each, by name; the caller disposes them. */
  step(gradients: Readonly<Record<string, Gradient>>): void
  /** The running moments, by the parameter's name and their own: `w.m`, `w.v`. With them and `steps`, another optimiser goes on from here. */
  readonly moments: ReadonlyMap<string, Parameter>
  /** Number of steps so far. */
  readonly steps: number
  /** Sets the number of steps of a new optimiser, whose moments are loaded as well. */
  goOnAfter(steps: number): void
  dispose(): void
}

/** The moments m and v of all parameters, by their names. */
export const momentsOf = (slots: readonly { readonly m: Parameter; readonly v: Parameter }[]): Map<string, Parameter> =>
  new Map(slots.flatMap(({ m, v }) => [m, v].map((moment) => [moment.name, moment] as const)))
