import { createRequire } from 'node:module'
import util from 'node:util'

/** Run in a process of its own, because a broken native library ends it: verify-tensorflow.mjs BINDING. Prints TensorFlow's version. */
const require = createRequire(import.meta.url)
util.isNullOrUndefined ??= (value) => value === null || value === undefined

const tf = require('@tensorflow/tfjs-core')
const { NodeJSKernelBackend } = require('@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend')
const binding = require(process.argv[2])
tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node-gpu'))
require('@tensorflow/tfjs-node-gpu/dist/register_all_kernels')
await tf.setBackend('tensorflow')
const product = tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])).dataSync()
if (Array.from(product).join() !== '19,22,43,50')
  throw new Error(`a 2x2 product came out as ${Array.from(product).join()}`)
process.stdout.write(`${binding.TF_Version}\n`)
