import type { EpochPoint } from '../../shared/runs'
import type { TrainingPosition } from '../../shared/training-position'
import type { NamedParameters } from '../models/model'

/** Keeps states on disk, from which an interrupted training goes on. */
export interface StateKeeper {
  /** Whether the next state should be kept now; `end`: after the last epoch, from where the training could go on with further stages. */
  due(at: 'epoch end' | 'step' | 'end'): boolean
  /** Resolves when the state has been copied, so that the next step may change the tensors; it is then written beside the training. */
  keep(position: TrainingPosition, tensors: NamedParameters): Promise<void>
}

/** What an interrupted training has stored. */
export interface Interrupted {
  /** The validated epochs, as they were reported. */
  readonly epochs: readonly EpochPoint[]
  /** For a training by steps: where it stood, and its tensors. Null if no state was kept, and for closed-form models, whose candidates are independent. */
  readonly state: { readonly position: TrainingPosition; load(tensors: NamedParameters): Promise<void> } | null
}
