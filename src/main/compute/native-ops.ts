import * as tf from '@tensorflow/tfjs-core'
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend'
import type { TFEOpAttr } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding'

/**
 * The native backend, or null while another one is current. Through its `executeSingleOutput` and `executeMultipleOutputs` every
 * TensorFlow op can be run eagerly, also those that tfjs has no kernel for.
 */
export function nativeBackend(): NodeJSKernelBackend | null {
  if (tf.engine().backendName !== 'tensorflow') return null
  const backend = tf.engine().backend
  return isNative(backend) ? backend : null
}

const isNative = (backend: object | undefined): backend is NodeJSKernelBackend =>
  backend !== undefined && 'binding' in backend && 'executeMultipleOutputs' in backend

/** Op attributes by kind, in the form that the binding takes. */
export const attribute = {
  floatType: (backend: NodeJSKernelBackend, name: string): TFEOpAttr => ({
    name,
    type: backend.binding.TF_ATTR_TYPE,
    value: backend.binding.TF_FLOAT,
  }),
  intType: (backend: NodeJSKernelBackend, name: string): TFEOpAttr => ({
    name,
    type: backend.binding.TF_ATTR_TYPE,
    value: backend.binding.TF_INT32,
  }),
  flag: (backend: NodeJSKernelBackend, name: string, value: boolean): TFEOpAttr => ({
    name,
    type: backend.binding.TF_ATTR_BOOL,
    value,
  }),
  text: (backend: NodeJSKernelBackend, name: string, value: string): TFEOpAttr => ({
    name,
    type: backend.binding.TF_ATTR_STRING,
    value,
  }),
  shape: (backend: NodeJSKernelBackend, name: string, value: number[]): TFEOpAttr => ({
    name,
    type: backend.binding.TF_ATTR_SHAPE,
    value,
  }),
}
