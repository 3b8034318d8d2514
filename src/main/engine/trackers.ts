import type { RunTrackers, TrackerFolders } from '../../shared/runs'
import type { Store } from '../store/store'

/** The trackers that get the files of a new run: those that are asked for, else those of the setting; `null` if there are none. */
export function trackersFor(store: Store, asked: Partial<TrackerFolders>): RunTrackers | null {
  const { tensorboard, mlflow } = { ...store.settings.read().trackers, ...asked }
  return tensorboard === null && mlflow === null ? null : { tensorboard, mlflow, problem: null }
}
