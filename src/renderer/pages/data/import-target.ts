import { shallowRef } from 'vue'
import type { Dataset, ImportTarget } from '../../../shared/datasets'

/** The data set that gets a new version from the next import; null: the import makes a new data set. */
export const importTarget = shallowRef<{ readonly dataset: Dataset; readonly how: ImportTarget['how'] } | null>(null)

/** The target in the engine's request. */
export const importInto = (): ImportTarget | null =>
  importTarget.value && { dataset: importTarget.value.dataset.id, how: importTarget.value.how }
