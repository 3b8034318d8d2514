import type { MapScaling } from '../../../shared/maps'
import { badInput } from '../../../shared/errors'
import type { Sensitivity } from './one-hot'

/** Lowest and highest of values[from … to − 1]. */
function range(values: Float32Array, from: number, to: number): [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (let k = from; k < to; k++) {
    const value = values[k]!
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high]
}

/** (y − min)/(max − min) in place; 0 where all are alike. */
function minMax(values: Float32Array, from: number, to: number): void {
  const [low, high] = range(values, from, to)
  const width = high - low
  for (let k = from; k < to; k++) values[k] = width > 0 ? (values[k]! - low) / width : 0
}

/**
 * Outputs [n, n] as similarities s in 0 … 1. The paper says “linearly scaled” and its code leaves the function out, so it is a setting: `matrix` is
 * min–max over all entries (diagonal included), `row` the same within each row, `log` min–max of log y over all entries, `none` y itself. Works in
 * place and overwrites the logs. @throws BAD_INPUT if an output is NaN, because the weights diverged.
 */
export function similarities({ name, logs }: Sensitivity, n: number, scaling: MapScaling): Float32Array {
  if (!logs.every((log) => log <= 0)) {
    throw badInput(
      `The output of ${name} is not a number for some items: its weights diverged.`,
      'Train the run again with a lower learning rate, or choose another run.',
    )
  }
  if (scaling !== 'log') for (let k = 0; k < logs.length; k++) logs[k] = Math.exp(logs[k]!)
  // A probability of 0 has no finite log: it counts as the smallest that a float32 holds.
  else for (let k = 0; k < logs.length; k++) logs[k] = Math.max(logs[k]!, SMALLEST_LOG)
  if (scaling === 'row') for (let row = 0; row < n; row++) minMax(logs, row * n, (row + 1) * n)
  else if (scaling !== 'none') minMax(logs, 0, logs.length)
  return logs
}

const SMALLEST_LOG = Math.log(2 ** -149)

/** Distances of one row of similarities, 1 − 0.99 s with 0 on the diagonal (paper, section IV), written into `into` [n]. */
export function distancesOfRow(similarity: Float32Array, n: number, row: number, into: Float64Array): void {
  for (let column = 0; column < n; column++) into[column] = 1 - 0.99 * similarity[row * n + column]!
  into[row] = 0
}
