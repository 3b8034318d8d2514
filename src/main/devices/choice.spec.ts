import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { answers, fakeDriver } from '../../../test/fixtures/fake-driver'
import pins from '../../../resources/native-runtime.json'
import { readDevice } from '../../shared/devices'
import { chosenDevice, rememberDevice } from './choice'
import { prepareDevice } from './device-environment'
import { parseGpus } from './nvidia-smi'
import { bindingFile, cudaIsInstalled, missingLibraries, recordFile, runtimeFolder, selectRuntime } from './runtimes'

let cache = ''
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'vasp-machine-'))
  vi.stubEnv('VASP_CACHE', cache)
  vi.stubEnv('VASP_DEVICE', '')
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(cache, { recursive: true })
})

const gpus = parseGpus(answers.two) ?? []

describe('the device', () => {
  it('is remembered by the machine; the environment goes before', () => {
    expect(chosenDevice({})).toEqual({ device: 'auto', from: 'default' })
    rememberDevice('1', gpus)
    expect(chosenDevice({})).toEqual({ device: '1', from: 'remembered' })
    expect(chosenDevice({ VASP_DEVICE: 'CPU' })).toEqual({ device: 'cpu', from: 'environment' })
    expect(readdirSync(cache)).toEqual(['machine.json'])
  })

  it('is the default if the stored choice is damaged', () => {
    writeFileSync(join(cache, 'machine.json'), '{"device": "gp')
    expect(chosenDevice({}).device).toBe('auto')
  })

  it('is refused if it is not a device, or does not exist', () => {
    expect(() => readDevice('gpu zero', '--device')).toThrow('--device is “gpu zero”, which is not a device.')
    expect(() => chosenDevice({ VASP_DEVICE: 'tpu' })).toThrow('VASP_DEVICE is “tpu”')
    expect(() => rememberDevice('2', gpus)).toThrow('no GPU “2”')
    expect(() => rememberDevice('0', [])).toThrow('no GPU “0”')
  })
})

/** A CUDA build as set-up leaves it, with one small file for each wheel. */
function installCuda(): void {
  const folder = runtimeFolder('cuda12')
  mkdirSync(dirname(bindingFile(folder)), { recursive: true })
  writeFileSync(bindingFile(folder), '')
  const wheels = pins.cuda.wheels.map(({ sha256 }, at): [string, Record<string, number>] => {
    writeFileSync(join(folder, `lib${at}.so`), 'x')
    return [sha256, { [`lib${at}.so`]: 1 }]
  })
  writeFileSync(recordFile(folder), JSON.stringify(Object.fromEntries(wheels)))
}

describe('the environment that TensorFlow is loaded in', () => {
  it('shows it one GPU by its UUID, with memory that grows', async () => {
    installCuda()
    selectRuntime('cuda12')
    const env: NodeJS.ProcessEnv = { PATH: fakeDriver(cache, answers.two) }
    expect(await prepareDevice(env)).toMatchObject({ index: 1 })
    expect(env).toMatchObject({
      CUDA_VISIBLE_DEVICES: 'GPU-bbbb1111-0000-0000-0000-000000000000',
      CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
      TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    })
    const chosen: NodeJS.ProcessEnv = { ...env, CUDA_VISIBLE_DEVICES: undefined, VASP_DEVICE: '0' }
    expect(await prepareDevice(chosen)).toMatchObject({ index: 0 })
  })

  it('hides every GPU if the processor was chosen, and asks no driver for the CPU build', async () => {
    const env: NodeJS.ProcessEnv = { VASP_DEVICE: 'cpu', PATH: fakeDriver(cache, answers.one) }
    expect(await prepareDevice(env)).toBeNull()
    expect(env['CUDA_VISIBLE_DEVICES']).toBe('-1')
    const plain: NodeJS.ProcessEnv = { PATH: fakeDriver(cache, answers.one) }
    expect(await prepareDevice(plain)).toBeNull()
    expect(plain['CUDA_VISIBLE_DEVICES']).toBeUndefined()
  })
})

describe('the CUDA build', () => {
  it('counts as installed when every pinned wheel is recorded, and its files are watched', () => {
    expect(cudaIsInstalled()).toBe(false)
    installCuda()
    expect(cudaIsInstalled()).toBe(true)
    expect(missingLibraries()).toEqual([])
    rmSync(join(runtimeFolder('cuda12'), 'lib3.so'))
    writeFileSync(join(runtimeFolder('cuda12'), 'lib5.so'), 'longer')
    expect(missingLibraries()).toEqual(['lib3.so', 'lib5.so'])
    writeFileSync(recordFile(runtimeFolder('cuda12')), '{}')
    expect(cudaIsInstalled()).toBe(false)
  })
})
