import * as tf from '@tensorflow/tfjs-core'
import { StudioError } from '../../shared/errors'
import { formatBytes } from '../../shared/format'

/** The part of the WebAssembly backend that allocates tensors. */
interface WasmBackend {
  readonly wasm: { _malloc(bytes: number): number; _free(address: number): void }
}

/**
 * Makes the current backend, WebAssembly, throw OUT_OF_MEMORY if there is no memory for a tensor. Its memory is limited to 4 GiB, and tfjs ignores a
 * failed allocation: the tensor would overwrite others.
 */
export function refuseWhenFull(): void {
  const backend = tf.backend()
  if (!isWasm(backend)) throw new Error('the WebAssembly backend has another form than is known here')
  const { wasm } = backend
  // Its first call replaces it by another function.
  wasm._free(wasm._malloc(1))
  const allocate = wasm._malloc.bind(wasm)
  wasm._malloc = (bytes) => {
    const address = allocate(bytes)
    if (address !== 0 || bytes === 0) return address
    throw new StudioError({
      code: 'OUT_OF_MEMORY',
      message: `There is no memory for another ${formatBytes(bytes)}: this worker uses WebAssembly, which can hold at most 4 GiB.`,
      next: 'Choose a smaller model, a smaller batch or fewer items (--most-popular); or run `vasp doctor` to see how to set up native TensorFlow.',
    })
  }
}

const isWasm = (backend: object): backend is WasmBackend => {
  if (!('wasm' in backend) || typeof backend.wasm !== 'object' || backend.wasm === null) return false
  return '_malloc' in backend.wasm && typeof backend.wasm._malloc === 'function'
}
