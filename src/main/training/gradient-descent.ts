import { setImmediate as nextTurn } from 'node:timers/promises'
import { badInput, cancelled } from '../../shared/errors'
import { learningRateLabel } from '../../shared/runs'
import type { TrainingPosition } from '../../shared/training-position'
import type { LossTerms, TrainableModel, TrainingBatch } from '../models/model'
import type { JobContext } from '../numeric/job-context'
import { rowsPerEpoch, stepsPerEpoch } from './batches'
import type { BestEpoch } from './best-epoch'
import type { Steps, TrainingSetup } from './setup'
import type { BatchSource } from './sweep'

/** Mean of each loss term over the rows of an epoch, over all its sweeps. */
class LossMeans {
  readonly #sums: Map<string, number>
  #rows: number

  constructor({ sums, rows }: TrainingPosition['losses'] = { sums: {}, rows: 0 }) {
    this.#sums = new Map(Object.entries(sums))
    this.#rows = rows
  }

  get soFar(): TrainingPosition['losses'] {
    return { sums: Object.fromEntries(this.#sums), rows: this.#rows }
  }

  add(terms: LossTerms, rows: number): void {
    for (const [name, value] of Object.entries(terms)) this.#sums.set(name, (this.#sums.get(name) ?? 0) + value * rows)
    this.#rows += rows
  }

  toRecord(): Record<string, number> {
    return Object.fromEntries([...this.#sums].map(([name, sum]) => [name, sum / this.#rows]))
  }
}

type EpochPosition = Pick<TrainingPosition, 'sweep' | 'steps'>

/**
 * Runs the sweeps of an epoch and tells the model when one begins. Yields each batch with the position after its step.
 *
 * @param from the position in an epoch that was interrupted: the model knows that its sweep has begun
 */
async function* batchesOfEpoch(
  model: TrainableModel,
  source: BatchSource,
  epoch: number,
  from: EpochPosition,
): AsyncGenerator<EpochPosition & { batch: TrainingBatch }> {
  for (let { sweep } = from; sweep < (model.sweeps ?? 1); sweep++) {
    const done = sweep === from.sweep ? from.steps : 0
    if (done === 0) model.beginSweep?.(epoch, sweep)
    let steps = 0
    for await (const batch of source.batches({ epoch, sweep })) if (++steps > done) yield { batch, sweep, steps }
  }
}

const epochBegins: EpochPosition = { sweep: 0, steps: 0 }

/**
 * The training loop; true if it was stopped early: learning-rate stages (optimiser state starts afresh with each), epochs, sweeps over the users (one unless the model says
 * otherwise), steps.
 *
 * A stage ends early after `patience` epochs without a new best. The next stage starts from the best weights so far (`continueFrom: best`), or from
 * the last ones as in the authors' code (`last`). An interrupted training goes on after the last step of its state, with the same numbers as if it had
 * not been interrupted.
 */
export async function gradientDescent(
  model: TrainableModel,
  { train, interrupted, states, stop }: Pick<TrainingSetup, 'train' | 'interrupted' | 'states' | 'stop'>,
  { settings, batches }: Steps,
  best: BestEpoch,
  context: JobContext,
): Promise<boolean> {
  const sweeps = model.sweeps ?? 1
  const stepsPerSweep = stepsPerEpoch(train.rows, settings)
  const steps = sweeps * stepsPerSweep
  const allEpochs = settings.stages.reduce((sum, stage) => sum + stage.epochs, 0)
  let state = interrupted?.state ?? null
  /** Epochs of the stages so far. */
  let stageEnd = 0
  const isStopped = (): boolean => (stop?.aborted ?? false) && best.epochs.length > 0

  for (const [index, stage] of settings.stages.entries()) {
    let passed = stageEnd
    stageEnd += stage.epochs
    if (state && index < state.position.stage) continue
    if (!state && index > 0 && settings.continueFrom === 'best') await best.restore()
    model.beginStage(stage)
    if (state) {
      await state.load(model.state().tensors)
      model.goOnFrom(state.position.model)
    }
    passed = state?.position.passed ?? passed
    let sinceBest = state?.position.sinceBest ?? 0
    /** The position within an epoch that was interrupted; null for a whole one. */
    let begun = state && state.position.sweep + state.position.steps > 0 ? state.position : null
    state = null
    const betweenEpochs = (): TrainingPosition => ({
      ...{ stage: index, passed, sinceBest, epochs: best.epochs.length },
      ...{ ...epochBegins, losses: { sums: {}, rows: 0 }, seconds: 0, model: model.state().numbers },
    })
    while (!isStopped() && passed < stageEnd && (settings.patience === 0 || sinceBest < settings.patience)) {
      const means = new LossMeans(begun?.losses)
      const epoch = best.epochs.length + 1
      let seconds = begun?.seconds ?? 0
      const position = (within: EpochPosition): TrainingPosition => ({
        stage: index,
        passed,
        sinceBest,
        epochs: best.epochs.length,
        ...within,
        losses: means.soFar,
        seconds,
        model: model.state().numbers,
      })
      best.discard()
      for await (const { batch, ...within } of batchesOfEpoch(model, batches, epoch, begun ?? epochBegins)) {
        // Messages such as a cancel arrive only while the event loop runs, and a native step blocks it.
        await nextTurn()
        if (context.signal.aborted) throw cancelled('The training')
        if (isStopped()) break
        const started = performance.now()
        const loss = await model.trainStep(batch)
        seconds += (performance.now() - started) / 1000
        if (!Number.isFinite(loss.total)) throw diverged(epoch, stage.learningRate)
        means.add(loss, batch.input.rows)
        context.progress({
          stage: `Epoch ${passed + 1} of ${allEpochs}`,
          done: passed * steps + within.sweep * stepsPerSweep + within.steps,
          total: allEpochs * steps,
          unit: 'steps',
          epochLength: steps,
        })
        if (states?.due('step')) await states.keep(position(within), model.state().tensors)
      }
      begun = null
      if (isStopped()) break
      const improved = await best.finish({
        label: learningRateLabel(stage.learningRate),
        loss: means.toRecord(),
        seconds,
        rows: sweeps * rowsPerEpoch(train.rows, settings),
      })
      sinceBest = improved ? 0 : sinceBest + 1
      passed++
      if (states?.due('epoch end')) await states.keep(betweenEpochs(), model.state().tensors)
    }
    // A training that was stopped within an epoch has no state between two.
    if (!isStopped() && index === settings.stages.length - 1 && states?.due('end'))
      await states.keep(betweenEpochs(), model.state().tensors)
    // Before the best weights are restored, which needs memory.
    model.endStage?.()
    if (isStopped()) return true
  }
  return false
}

const diverged = (epoch: number, learningRate: number): Error =>
  badInput(
    `The loss became NaN or infinite in epoch ${epoch}, at the learning rate ${learningRate.toExponential()}.`,
    'Train again with a smaller learning rate in “stages”. The best epoch so far is kept.',
  )
