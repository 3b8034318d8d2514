import type { TrackerKind } from '../../../shared/trackers'
import { mlflow } from './mlflow'
import { tensorboard } from './tensorboard'
import type { Tracker } from './tracker'

/** Who writes the files of each tracker. */
export const trackers: Readonly<Record<TrackerKind, Tracker>> = { tensorboard, mlflow }
