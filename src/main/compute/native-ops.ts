import * as tf from '@tensorflow/tfjs-core'

/** An attribute in the binding's form: a kind from its `TF_ATTR_…` constants. */
interface OpAttribute {
  readonly name: string
  readonly type: number
  readonly value: boolean | number | string | number[]
}

/** A tensor of the binding, of any element type. */
interface RawTensor {
  readonly id: number
}

/** The methods of tfjs-node's backend that are used here. It can run any TensorFlow op eagerly, even without a tfjs kernel. */
export interface NativeBackend {
  readonly isUsingGpuDevice: boolean
  /** TensorFlow's constants for attribute kinds and element types. */
  readonly binding: Readonly<
    Record<
      'TF_ATTR_INT' | 'TF_ATTR_TYPE' | 'TF_ATTR_BOOL' | 'TF_ATTR_STRING' | 'TF_ATTR_SHAPE' | 'TF_FLOAT' | 'TF_INT32',
      number
    >
  > & {
    executeOp(name: string, attributes: OpAttribute[], inputs: number[], outputs: number): RawTensor[]
    deleteTensor(id: number): void
  }
  /** Runs an op on tensors by the binding's own ids: for element types that tfjs does not know. */
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[]
  createOutputTensor(output: RawTensor): tf.Tensor
  executeSingleOutput(name: string, attributes: OpAttribute[], inputs: tf.TensorInfo[]): tf.Tensor
  executeMultipleOutputs(name: string, attributes: OpAttribute[], inputs: tf.TensorInfo[], outputs: number): tf.Tensor[]
}

/** The native backend, or null while another one is current. */
export function nativeBackend(): NativeBackend | null {
  if (tf.engine().backendName !== 'tensorflow') return null
  const backend = tf.engine().backend
  return isNative(backend) ? backend : null
}

const isNative = (backend: object | undefined): backend is NativeBackend =>
  backend !== undefined && 'binding' in backend && 'executeMultipleOutputs' in backend

/** Op attributes by kind, in the form that the binding takes. */
export const attribute = {
  type: (backend: NativeBackend, name: string, value: number): OpAttribute => ({
    name,
    type: backend.binding.TF_ATTR_TYPE,
    value,
  }),
  floatType: (backend: NativeBackend, name: string): OpAttribute => ({
    name,
    type: backend.binding.TF_ATTR_TYPE,
    value: backend.binding.TF_FLOAT,
  }),
  intType: (backend: NativeBackend, name: string): OpAttribute => ({
    name,
    type: backend.binding.TF_ATTR_TYPE,
    value: backend.binding.TF_INT32,
  }),
  int: (backend: NativeBackend, name: string, value: number): OpAttribute => ({
    name,
    type: backend.binding.TF_ATTR_INT,
    value,
  }),
  flag: (backend: NativeBackend, name: string, value: boolean): OpAttribute => ({
    name,
    type: backend.binding.TF_ATTR_BOOL,
    value,
  }),
  text: (backend: NativeBackend, name: string, value: string): OpAttribute => ({
    name,
    type: backend.binding.TF_ATTR_STRING,
    value,
  }),
  shape: (backend: NativeBackend, name: string, value: number[]): OpAttribute => ({
    name,
    type: backend.binding.TF_ATTR_SHAPE,
    value,
  }),
}
