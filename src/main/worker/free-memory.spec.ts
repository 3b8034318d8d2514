import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { answers, fakeDriver } from '../../../test/fixtures/fake-driver'
import { freeOnDevice } from './free-memory'

const MIB = 2 ** 20
const device = 'GPU 1: NVIDIA A100-SXM4-40GB'
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vasp-free-'))
  vi.stubEnv('VASP_MEMORY', '')
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

it('is the driver’s figure for the GPU that the backend computes on', async () => {
  vi.stubEnv('PATH', fakeDriver(folder, answers.two))
  expect(await freeOnDevice(device)).toEqual({ usable: (40960 - 512) * MIB, gpu: device })
  vi.stubEnv('VASP_MEMORY', '3')
  expect(await freeOnDevice(device)).toEqual({ usable: 3 * 1024 * MIB, gpu: device })
})

it('is the machine’s own on a processor, and without a driver', async () => {
  vi.stubEnv('PATH', fakeDriver(folder, answers.two))
  for (const other of ['AMD EPYC', 'GPU', 'GPU 5: NVIDIA L4']) expect((await freeOnDevice(other)).gpu).toBeNull()
  vi.stubEnv('PATH', fakeDriver(folder, answers.broken, 9))
  const { usable, gpu } = await freeOnDevice(device)
  expect(gpu).toBeNull()
  expect(usable).toBeGreaterThan(0)
})
