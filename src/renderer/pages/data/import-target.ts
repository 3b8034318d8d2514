import { shallowRef } from 'vue'
import type { Dataset, ImportTarget } from '../../../shared/datasets'

/** The data set that gets a new version from the next import; null: it makes a data set of its own. */
export const importTarget = shallowRef<{ readonly dataset: Dataset; readonly how: ImportTarget['how'] } | null>(null)

/** As the engine is asked for it. */
export const importInto = (): ImportTarget | null =>
  importTarget.value && { dataset: importTarget.value.dataset.id, how: importTarget.value.how }
