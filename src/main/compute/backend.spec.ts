import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest'
import pins from '../../../resources/native-runtime.json'
import type * as Backend from './backend'

let cache = ''

/** The module as a new process would have it: what it found out before is forgotten. */
async function fresh(): Promise<typeof Backend> {
  vi.resetModules()
  return import('./backend')
}

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'vasp-cache-'))
  vi.stubEnv('VASP_CACHE', cache)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(cache, { recursive: true })
})

const binding = (): string =>
  join(cache, 'tensorflow', `${pins.tensorflow.version}-${pins.tensorflow.variant}`, 'tensorflow', 'tfjs_binding.node')

describe('without native TensorFlow', () => {
  it('uses WebAssembly and says what to do', async () => {
    const { loadBackend, probeBackends } = await fresh()
    expect(await loadBackend()).toMatchObject({ name: 'wasm', threads: 1 })
    const [tensorflow, wasm, cpu] = await probeBackends()
    expect(tensorflow).toMatchObject({ name: 'tensorflow', available: false, inUse: false })
    expect(tensorflow?.reason).toBe('Native TensorFlow is not set up on this machine.')
    expect(tensorflow?.fix).toContain('npm run vasp -- setup')
    expect(wasm).toMatchObject({ available: true, inUse: true, reason: '', fix: '' })
    expect(cpu).toMatchObject({ available: true, inUse: false })
    expect(tf.getBackend()).toBe('wasm')
  })

  it('repeats why the last set-up failed', async () => {
    mkdirSync(join(cache, 'tensorflow'))
    const outcome = {
      ok: false,
      reason: 'pip is not installed.',
      fix: 'Install python3-pip.',
      at: '2026-01-01T00:00:00Z',
    }
    writeFileSync(join(cache, 'tensorflow', 'last-setup.json'), JSON.stringify(outcome))
    const [tensorflow] = await (await fresh()).probeBackends()
    expect(tensorflow?.reason).toBe('Setting up native TensorFlow failed: pip is not installed.')
    expect(tensorflow?.fix).toBe('Install python3-pip.')
  })

  it('repeats the loader’s message about a broken binding', async () => {
    mkdirSync(dirname(binding()), { recursive: true })
    writeFileSync(binding(), 'no library')
    const [tensorflow] = await (await fresh()).probeBackends()
    expect(tensorflow?.available).toBe(false)
    expect(tensorflow?.reason).toMatch(/^Native TensorFlow could not be loaded: .*tfjs_binding\.node/)
    expect(tensorflow?.fix).toContain(dirname(binding()))
  })
})

describe('a backend that loads but cannot train', () => {
  it('is not called available', async () => {
    const gradient = tf.getGradient('BatchMatMul')
    const { probeBackends } = await fresh()
    await probeBackends()
    tf.unregisterGradient('BatchMatMul')
    try {
      const [, ...fallbacks] = await probeBackends()
      for (const { available, reason, fix } of fallbacks) {
        expect(available).toBe(false)
        expect(reason).toMatch(/ was loaded but does not compute: .*gradient/)
        expect(fix).toMatch(/^Install the packages again/)
      }
      expect(fallbacks).toHaveLength(2)
    } finally {
      tf.registerGradient(gradient)
    }
    const [, ...again] = await probeBackends()
    for (const { available } of again) expect(available).toBe(true)
  })
})

describe('the methods that a part of tfjs adds to every tensor', () => {
  it('are unknown to our types', () => {
    // Were a type of the package @tensorflow/tfjs imported anywhere, vue-tsc would refuse this: see compute/native-runtime.ts.
    type Chained = Extract<'add' | 'as2D' | 'expandDims' | 'mul' | 'reshape' | 'sum' | 'toFloat', keyof tf.Tensor>
    expectTypeOf<Chained>().toBeNever()
  })
})

describe('VASP_BACKEND', () => {
  it('forces a backend', async () => {
    vi.stubEnv('VASP_BACKEND', 'cpu')
    expect(await (await fresh()).loadBackend()).toMatchObject({ name: 'cpu' })
    expect(tf.getBackend()).toBe('cpu')
  })

  it('refuses one that this machine does not have, with the reason', async () => {
    vi.stubEnv('VASP_BACKEND', 'tensorflow')
    await expect((await fresh()).loadBackend()).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: 'Native TensorFlow is not set up on this machine.',
    })
  })

  it('refuses an unknown name', async () => {
    vi.stubEnv('VASP_BACKEND', 'abacus')
    await expect((await fresh()).loadBackend()).rejects.toMatchObject({
      code: 'BAD_INPUT',
      next: 'Set it to tensorflow, wasm, cpu, or remove it.',
    })
  })
})
