import * as tf from '@tensorflow/tfjs-core'
import { columnCounts, type Csr } from '../../numeric/csr'
import type { Built } from '../factory'
import { onlyParameter } from '../linear-weights'
import type { ClosedFormModel } from '../model'

/** Ranks every user's unseen items by the number of training users who have them. */
export function create(_settings: unknown, { items, parameters }: Built): ClosedFormModel {
  const counts = onlyParameter(parameters)
  return {
    training: 'closed-form',
    items,
    parameters,
    members: [],
    linear: null,
    candidates: [{ label: 'counts' }],
    async fit(_candidate, train, progress) {
      tf.tidy(() => counts.assign(tf.tensor1d(Float32Array.from(columnCounts(train)))))
      progress(1, 1)
    },
    score: (histories: Csr) =>
      tf.tidy(() => tf.tile(tf.reshape<tf.Rank.R2>(counts.read(), [1, items]), [histories.rows, 1])),
    memberLogits: () => [],
    dispose: () => counts.dispose(),
  }
}
