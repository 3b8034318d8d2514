import { sumOfGradients, type Gradient } from '../compute/sparse-gradient'
import { rowRange } from '../numeric/csr'
import type { Differentiated } from './differentiate'
import type { LossTerms, TrainingBatch } from './model'

/** Consecutive rows of a batch, and their share of its rows. */
interface MicroBatch {
  readonly batch: TrainingBatch
  readonly share: number
}

/** Splits a batch into `count` micro-batches of nearly equal size, but at most one per row. */
export function* microBatches(batch: TrainingBatch, count: number): Generator<MicroBatch> {
  const { rows } = batch.input
  const runs = Math.min(count, rows)
  if (runs <= 1) {
    yield { batch, share: 1 }
    return
  }
  for (let run = 0; run < runs; run++) {
    const [from, to] = [Math.floor((run * rows) / runs), Math.floor(((run + 1) * rows) / runs)]
    yield {
      batch: { input: rowRange(batch.input, from, to), target: rowRange(batch.target, from, to) },
      share: (to - from) / rows,
    }
  }
}

/**
 * Accumulates the gradient and losses of a step over its micro-batches. Every loss is a mean over rows, so the loss of the step is the sum of the
 * micro-batches' losses, each weighted by its share of the rows. The gradient is passed in already weighted.
 */
export class StepSum {
  /** By parameter name. */
  readonly gradients: Record<string, Gradient> = {}
  readonly #losses: { readonly share: number; readonly losses: Differentiated['losses'] }[] = []

  /** Takes ownership of the tensors. */
  add({ losses, gradients }: Differentiated, share: number): void {
    this.#losses.push({ share, losses })
    for (const [name, gradient] of Object.entries(gradients)) {
      const before = this.gradients[name]
      // One parameter at a time, so that there is never a second sum of all gradients in memory.
      this.gradients[name] = before ? sumOfGradients(before, gradient) : gradient
    }
  }

  /** Reads the losses, then disposes them and the gradients. */
  async losses(): Promise<LossTerms> {
    for (const gradient of Object.values(this.gradients)) gradient.dispose()
    const read: Record<string, number> = {}
    for (const { share, losses } of this.#losses.splice(0))
      for (const [name, loss] of Object.entries(losses)) {
        const value = (await loss.data())[0] ?? Number.NaN
        loss.dispose()
        read[name] = (read[name] ?? 0) + (name === 'total' ? value : value * share)
      }
    return { ...read, total: read.total ?? Number.NaN }
  }
}
