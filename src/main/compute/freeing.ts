import * as tf from '@tensorflow/tfjs-core'

/** Like `tf.tidy`, for functions that return more than tensors: frees all tensors that they create, except kept ones. */
export function freeing<T>(work: () => T): T {
  tf.engine().startScope()
  try {
    return work()
  } finally {
    tf.engine().endScope()
  }
}
