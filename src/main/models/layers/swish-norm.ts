import * as tf from '@tensorflow/tfjs-core'
import { kernelBackend } from '../../compute/native-kernels'
import type { NativeBackend } from '../../compute/native-ops'
import { withGradient } from '../../compute/with-gradient'

/**
 * LN(swish(a)) for a [rows, width]: swish(v) = v·σ(v), LN(v) = (v − mean)/√(var + ε)·γ + β over a row, var with divisor width.
 *
 * One operation with its own gradient: at the widths of small models, the dozen operations that autodiff would record cost more than the layer's
 * matrix product.
 */
export function swishNorm(a: tf.Tensor2D, gamma: tf.Tensor1D, beta: tf.Tensor1D, epsilon: number): tf.Tensor2D {
  const kernels = kernelBackend()
  if (kernels) return inOnePass(kernels, a, gamma, beta, epsilon)
  return withGradient<tf.Tensor2D>([a, gamma, beta], (save) => {
    const sigmoid = tf.sigmoid(a)
    const swish = tf.mul(a, sigmoid)
    const centred = tf.sub(swish, tf.mean(swish, 1, true))
    const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), epsilon))
    const normal = tf.mul(centred, scale)
    save([a, gamma, sigmoid, swish, scale, normal])
    return { value: tf.add(tf.mul(normal, gamma), beta), gradient: swishNormGradient }
  })
}

/** With our own kernels, which save only a and compute the rest of the forward pass again. */
const inOnePass = (
  kernels: NativeBackend,
  a: tf.Tensor2D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  epsilon: number,
): tf.Tensor2D =>
  withGradient<tf.Tensor2D>([a, gamma, beta], (save) => {
    save([a, gamma])
    return {
      value: kernels.executeSingleOutput('VaspSwishNorm', [], [a, gamma, beta, tf.scalar(epsilon)]) as tf.Tensor2D,
      gradient: (dy, [saved, gain]) => {
        if (!saved || !gain) throw new Error('swishNorm saved too little')
        return kernels.executeMultipleOutputs('VaspSwishNormGradient', [], [saved, gain, dy, tf.scalar(epsilon)], 3)
      },
    }
  })

function swishNormGradient(dy: tf.Tensor2D, saved: tf.Tensor[]): tf.Tensor[] {
  const [a, gamma, sigmoid, swish, scale, normal] = saved
  if (!a || !gamma || !sigmoid || !swish || !scale || !normal) throw new Error('swishNorm saved too little')
  const dyNormal = tf.mul(dy, normal)
  const dNormal = tf.mul(dy, gamma)
  // d LN: scale · (dn − mean(dn) − n · mean(dn · n))
  const dSwish = tf.mul(
    scale,
    tf.sub(tf.sub(dNormal, tf.mean(dNormal, 1, true)), tf.mul(normal, tf.mean(tf.mul(dNormal, normal), 1, true))),
  )
  // d swish: σ + v·σ·(1 − σ) = σ + swish·(1 − σ)
  const slope = tf.add(sigmoid, tf.mul(swish, tf.sub(1, sigmoid)))
  return [tf.mul(dSwish, slope), tf.sum(dyNormal, 0), tf.sum(dy, 0)]
}
