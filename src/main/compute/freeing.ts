import * as tf from '@tensorflow/tfjs-core'

/** `tf.tidy` for work whose result is not merely tensors: all that it makes is freed, except what it keeps. */
export function freeing<T>(work: () => T): T {
  tf.engine().startScope()
  try {
    return work()
  } finally {
    tf.engine().endScope()
  }
}
