import type { EpochPoint } from '../../shared/runs'
import type { TrainingSetup } from './setup'

/** The metric that selects the best epoch. */
const DECIDING = 'ndcg@100'

type BestEpochSetup = Pick<TrainingSetup, 'model' | 'validate' | 'checkpoint' | 'onEpoch' | 'interrupted'>

/** Validates finished epochs, stores the best and restores it. */
export class BestEpoch {
  readonly epochs: EpochPoint[] = []
  /** The best epoch's number, counted from 1; 0 before the first. */
  epoch = 0
  readonly #setup: BestEpochSetup
  #value = Number.NEGATIVE_INFINITY
  /** Whether the model holds the best epoch's parameters. */
  #held = false

  constructor(setup: BestEpochSetup) {
    this.#setup = setup
    for (const point of setup.interrupted?.epochs ?? []) this.#add(point)
  }

  /** Call before the parameters change. */
  discard(): void {
    this.#held = false
  }

  /**
   * Validates the current model, stores it if it is better than all earlier epochs (the earlier of two equal ones stays), and reports it. Returns
   * whether it is the new best.
   */
  async finish(training: {
    label: string
    loss: Record<string, number>
    seconds: number
    rows: number
  }): Promise<boolean> {
    const validation = await this.#setup.validate(this.#setup.model)
    const epoch = this.epochs.length + 1
    const better = validation[DECIDING].mean > this.#value
    if (better) await this.#setup.checkpoint.save(epoch)
    const point: EpochPoint = {
      epoch,
      label: training.label,
      loss: training.loss,
      validation,
      seconds: training.seconds,
      rowsPerSecond: training.seconds === 0 ? 0 : training.rows / training.seconds,
    }
    this.#add(point)
    this.#held = better
    await this.#setup.onEpoch(point)
    return better
  }

  #add(point: EpochPoint): void {
    this.epochs.push(point)
    const value = point.validation[DECIDING].mean
    if (value <= this.#value) return
    this.#value = value
    this.epoch = point.epoch
  }

  /** Restores the best epoch's parameters unless the model has them. */
  async restore(): Promise<void> {
    if (this.#held || this.epoch === 0) return
    await this.#setup.checkpoint.restoreBest()
    this.#held = true
  }
}
