import * as tf from '@tensorflow/tfjs-core'
import { attribute, nativeBackend, type NativeBackend } from './native-ops'

/** A named weight that persists between steps. Its value is changed by `assign`, `load` or an optimiser. */
export interface Parameter {
  readonly name: string
  readonly shape: number[]
  /** Number of entries. */
  readonly size: number
  /**
   * Its value as a tensor, without a copy if the backend can share memory. The caller disposes it (or is inside a `tidy`) before the next update:
   * otherwise TensorFlow has to copy the whole weight.
   */
  read(): tf.Tensor
  /** Copies the values of a tensor of its shape; the caller still disposes the tensor. */
  assign(value: tf.Tensor): void
  /** Takes ownership of a tensor of its shape, without a copy; the caller must not use it afterwards. */
  load(value: tf.Tensor): void
  /** A copy of its values, row-major. */
  data(): Promise<Float32Array>
  /** The same in chunks of whole rows, some megabytes each, so that weights of gigabytes can be stored. */
  chunks(): AsyncGenerator<Float32Array>
  dispose(): void
}

/** Creates a parameter on the current backend. Takes ownership of `initial`. */
export function createParameter(name: string, initial: tf.Tensor): Parameter {
  const backend = nativeBackend()
  const parameter = backend ? new ResourceParameter(backend, name, initial) : new PlainParameter(name, initial)
  initial.dispose()
  return parameter
}

let made = 0

/** A TensorFlow resource variable, which the fused optimiser ops update in place. */
export class ResourceParameter implements Parameter {
  readonly shape: number[]
  readonly size: number
  /** The resource handle, an input of the `Resource…` ops. */
  readonly handle: tf.Tensor

  constructor(
    private readonly backend: NativeBackend,
    readonly name: string,
    initial: tf.Tensor,
  ) {
    this.shape = initial.shape.slice()
    this.size = initial.size
    this.handle = tf.keep(
      backend.executeSingleOutput(
        'VarHandleOp',
        [
          attribute.floatType(backend, 'dtype'),
          attribute.shape(backend, 'shape', this.shape),
          attribute.text(backend, 'container', ''),
          // Resources with the same name share a variable, so each gets a unique name.
          attribute.text(backend, 'shared_name', `parameter ${made++} ${name}`),
        ],
        [],
      ),
    )
    this.#hold(initial)
  }

  read(): tf.Tensor {
    return this.backend.executeSingleOutput(
      'ReadVariableOp',
      [attribute.floatType(this.backend, 'dtype')],
      [this.handle],
    )
  }

  assign(value: tf.Tensor): void {
    tf.util.assertShapesMatch(value.shape, this.shape, `Assigning ${this.name}: `)
    // AssignVariableOp shares the tensor's memory, in which an optimiser would change the tensor too, and whatever else shares it.
    tf.tidy(() =>
      this.#hold(this.backend.executeSingleOutput('DeepCopy', [attribute.floatType(this.backend, 'T')], [value])),
    )
  }

  #hold(value: tf.Tensor): void {
    this.backend.executeMultipleOutputs(
      'AssignVariableOp',
      [attribute.floatType(this.backend, 'dtype'), attribute.flag(this.backend, 'validate_shape', false)],
      [this.handle, value],
      0,
    )
  }

  load(value: tf.Tensor): void {
    tf.util.assertShapesMatch(value.shape, this.shape, `Assigning ${this.name}: `)
    this.#hold(value)
    value.dispose()
  }

  data(): Promise<Float32Array> {
    return dataOf(this)
  }

  chunks(): AsyncGenerator<Float32Array> {
    return chunksOf(this)
  }

  dispose(): void {
    this.backend.executeMultipleOutputs(
      'DestroyResourceOp',
      [attribute.flag(this.backend, 'ignore_lookup_error', false)],
      [this.handle],
      0,
    )
    this.handle.dispose()
  }
}

/** A tfjs variable, for the backends without resource variables. */
class PlainParameter implements Parameter {
  readonly shape: number[]
  readonly size: number
  private readonly variable: tf.Variable

  constructor(
    readonly name: string,
    initial: tf.Tensor,
  ) {
    this.shape = initial.shape.slice()
    this.size = initial.size
    this.variable = tf.variable(initial)
  }

  read(): tf.Tensor {
    return this.variable.clone()
  }

  assign(value: tf.Tensor): void {
    tf.util.assertShapesMatch(value.shape, this.shape, `Assigning ${this.name}: `)
    this.variable.assign(value)
  }

  load(value: tf.Tensor): void {
    this.assign(value)
    value.dispose()
  }

  data(): Promise<Float32Array> {
    return dataOf(this)
  }

  chunks(): AsyncGenerator<Float32Array> {
    return chunksOf(this)
  }

  dispose(): void {
    this.variable.dispose()
  }
}

async function dataOf(parameter: Parameter): Promise<Float32Array> {
  const value = parameter.read()
  try {
    return Float32Array.from(await value.data<'float32'>())
  } finally {
    value.dispose()
  }
}

/** Values of one chunk: 4 MiB. */
const CHUNK = 1024 * 1024

async function* chunksOf(parameter: Parameter): AsyncGenerator<Float32Array> {
  const [rows = 1, ...rest] = parameter.shape
  const atOnce = Math.max(1, Math.floor(CHUNK / Math.max(1, parameter.size / Math.max(1, rows))))
  if (rest.length === 0 || rows <= atOnce) {
    yield await dataOf(parameter)
    return
  }
  const value = parameter.read()
  try {
    for (let from = 0; from < rows; from += atOnce) {
      const length = Math.min(atOnce, rows - from)
      const chunk = tf.slice(value, [from, ...rest.map(() => 0)], [length, ...rest])
      try {
        // A slice is a separate tensor with its own values.
        yield await chunk.data<'float32'>()
      } finally {
        chunk.dispose()
      }
    }
  } finally {
    value.dispose()
  }
}
