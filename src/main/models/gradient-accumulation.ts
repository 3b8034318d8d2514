import { sumOfGradients, type Gradient } from '../compute/sparse-gradient'
import { rowRange } from '../numeric/csr'
import type { Differentiated } from './differentiate'
import type { LossParts, TrainingBatch } from './model'

/** Consecutive rows of a step, and the share of its rows that they are. */
interface BatchPart {
  readonly batch: TrainingBatch
  readonly share: number
}

/** Cuts a step's rows into `parts` runs of nearly equal length, or as many as it has rows. */
export function* partsOf(batch: TrainingBatch, parts: number): Generator<BatchPart> {
  const { rows } = batch.input
  const runs = Math.min(parts, rows)
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
 * The gradient and losses of a step that is computed part by part. Every loss is a mean over rows, so a step's is the sum of its parts', each
 * weighted by its share of the rows; so is the gradient, which is handed in weighted already.
 */
export class StepSum {
  /** By parameter name. */
  readonly gradients: Record<string, Gradient> = {}
  readonly #losses: { readonly share: number; readonly losses: Differentiated['losses'] }[] = []

  /** Takes over the tensors. */
  add({ losses, gradients }: Differentiated, share: number): void {
    this.#losses.push({ share, losses })
    for (const [name, gradient] of Object.entries(gradients)) {
      const before = this.gradients[name]
      // One parameter at a time, so that no second sum of all of them is alive.
      this.gradients[name] = before ? sumOfGradients(before, gradient) : gradient
    }
  }

  /** Reads the losses and disposes them and the gradients, which have been used. */
  async losses(): Promise<LossParts> {
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
