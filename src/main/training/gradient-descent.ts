import { setImmediate as nextTurn } from 'node:timers/promises'
import { badInput, cancelled } from '../../shared/errors'
import type { LossTerms, TrainableModel, TrainingBatch } from '../models/model'
import type { JobContext } from '../numeric/job-context'
import { rowsPerEpoch, stepsPerEpoch } from './batches'
import type { BestEpoch } from './best-epoch'
import type { Steps, TrainingSetup } from './setup'
import type { BatchSource } from './sweep'

/** Mean of each loss term over the rows of an epoch, over all its sweeps. */
class LossMeans {
  readonly #sums = new Map<string, number>()
  #rows = 0

  add(terms: LossTerms, rows: number): void {
    for (const [name, value] of Object.entries(terms)) this.#sums.set(name, (this.#sums.get(name) ?? 0) + value * rows)
    this.#rows += rows
  }

  toRecord(): Record<string, number> {
    return Object.fromEntries([...this.#sums].map(([name, sum]) => [name, sum / this.#rows]))
  }
}

/** Runs the sweeps of an epoch and tells the model when one begins. */
async function* batchesOfEpoch(
  model: TrainableModel,
  source: BatchSource,
  epoch: number,
): AsyncGenerator<TrainingBatch> {
  for (let sweep = 0; sweep < (model.sweeps ?? 1); sweep++) {
    model.beginSweep?.(epoch, sweep)
    yield* source.batches({ epoch, sweep })
  }
}

/**
 * The training loop: learning-rate stages (optimiser state starts afresh with each), epochs, sweeps over the users (one unless the model says
 * otherwise), steps.
 *
 * A stage ends early after `patience` epochs without a new best. The next stage starts from the best weights so far (`continueFrom: best`), or from
 * the last ones as in the authors' code (`last`).
 */
export async function gradientDescent(
  model: TrainableModel,
  { train }: Pick<TrainingSetup, 'train'>,
  { settings, batches }: Steps,
  best: BestEpoch,
  context: JobContext,
): Promise<void> {
  const sweeps = model.sweeps ?? 1
  const steps = sweeps * stepsPerEpoch(train.rows, settings)
  const allEpochs = settings.stages.reduce((sum, stage) => sum + stage.epochs, 0)
  /** Epochs done or skipped by early stopping. */
  let passed = 0

  for (const [index, stage] of settings.stages.entries()) {
    if (index > 0 && settings.continueFrom === 'best') await best.restore()
    model.beginStage(stage)
    const stageEnd = passed + stage.epochs
    let sinceBest = 0
    while (passed < stageEnd && (settings.patience === 0 || sinceBest < settings.patience)) {
      const means = new LossMeans()
      const epoch = best.epochs.length + 1
      let step = 0
      let seconds = 0
      best.discard()
      for await (const batch of batchesOfEpoch(model, batches, epoch)) {
        // Messages such as a cancel arrive only while the event loop runs, and a native step blocks it.
        await nextTurn()
        if (context.signal.aborted) throw cancelled('The training')
        const started = performance.now()
        const loss = await model.trainStep(batch)
        seconds += (performance.now() - started) / 1000
        if (!Number.isFinite(loss.total)) throw diverged(epoch, stage.learningRate)
        means.add(loss, batch.input.rows)
        step++
        context.progress({
          stage: `Epoch ${passed + 1} of ${allEpochs}`,
          done: passed * steps + step,
          total: allEpochs * steps,
          unit: 'steps',
        })
      }
      const improved = await best.finish({
        label: `lr ${stage.learningRate.toExponential()}`,
        loss: means.toRecord(),
        seconds,
        rows: sweeps * rowsPerEpoch(train.rows, settings),
      })
      sinceBest = improved ? 0 : sinceBest + 1
      passed++
    }
    passed = stageEnd
    // Before the best weights are restored, which needs memory.
    model.endStage?.()
  }
}

const diverged = (epoch: number, learningRate: number): Error =>
  badInput(
    `The loss became NaN or infinite in epoch ${epoch}, at the learning rate ${learningRate.toExponential()}.`,
    'Train again with a smaller learning rate in “stages”. The best epoch so far is kept.',
  )
