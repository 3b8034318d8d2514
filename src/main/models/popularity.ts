import * as tf from '@tensorflow/tfjs-core'
import { createParameter } from '../compute/parameter'
import { columnCounts, type Csr } from '../numeric/csr'
import type { ClosedFormModel, ModelFactory } from './model'

/** Ranks every user's unseen items by the number of training users who have them. */
export class Popularity implements ClosedFormModel {
  readonly training = 'closed-form'
  readonly paths = []
  readonly candidates = [{ label: 'counts' }]
  readonly linear = null
  readonly parameters

  constructor(readonly items: number) {
    this.parameters = new Map([['popularity.counts', createParameter('popularity.counts', tf.zeros([items]))]])
  }

  fit(_candidate: number, train: Csr, progress: (done: number, total: number) => void): Promise<void> {
    const counts = tf.tensor1d(Float32Array.from(columnCounts(train)))
    this.parameters.get('popularity.counts')?.assign(counts)
    counts.dispose()
    progress(1, 1)
    return Promise.resolve()
  }

  score(histories: Csr): tf.Tensor2D {
    return tf.tidy(() => {
      const counts = this.parameters.get('popularity.counts')?.read() ?? tf.zeros([this.items])
      return tf.tile(tf.reshape<tf.Rank.R2>(counts, [1, this.items]), [histories.rows, 1])
    })
  }

  parts(): [] {
    return []
  }

  dispose(): void {
    for (const parameter of this.parameters.values()) parameter.dispose()
  }
}

export const create: ModelFactory = (_config, items) => new Popularity(items)
