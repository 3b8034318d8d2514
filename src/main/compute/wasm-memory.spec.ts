import * as tf from '@tensorflow/tfjs-core'
import { afterEach, expect, it, vi } from 'vitest'
import { loadBackend } from './backend'

const BLOCK = 256 * 2 ** 20
const ENTRIES = BLOCK / 4

interface Wasm {
  readonly wasm: { _malloc(bytes: number): number; _free(address: number): void }
}

afterEach(() => vi.unstubAllEnvs())

it('refuses a tensor for which WebAssembly has no memory, and does not change the others', async () => {
  vi.stubEnv('VASP_BACKEND', 'wasm')
  expect(await loadBackend()).toMatchObject({ name: 'wasm' })
  const { wasm } = tf.backend() as unknown as Wasm
  const first = tf.fill([1000], 3)
  // Room is taken without being written to, so that the test needs little memory.
  const blocks: number[] = []
  const takeAll = (): void => {
    while (blocks.length < 17) blocks.push(wasm._malloc(BLOCK))
  }
  const refused = expect.objectContaining({
    code: 'OUT_OF_MEMORY',
    message: expect.stringMatching(/^There is no memory for another 256 MiB: .* WebAssembly/) as string,
  }) as Error
  expect(takeAll).toThrow(refused)
  // 4 GiB are 16 of them, if nothing else lay there.
  expect(blocks.length).toBeGreaterThan(12)
  expect(() => tf.fill([ENTRIES], 5)).toThrow(refused)
  expect(new Set(first.dataSync())).toEqual(new Set([3]))

  // There is room again once something is freed.
  wasm._free(blocks.pop() ?? 0)
  const again = tf.fill([ENTRIES], 7)
  expect([...tf.slice(again, [ENTRIES - 1], [1]).dataSync()]).toEqual([7])
  expect(new Set(first.dataSync())).toEqual(new Set([3]))
})
