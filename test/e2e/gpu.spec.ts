import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import pins from '../../resources/native-runtime.json'
import { cacheRoot } from '../../src/main/devices/cache'
import { answers, fakeDriver } from '../fixtures/fake-driver'
import { openChromium, required, type Host } from './hosts'
import { accessibilityFindings } from './looks'
import { registerChecksums } from '../../src/main/store/row-checksum'

/** A machine with a driver that names two GPUs, and an index of packages that holds nothing. */
let folder: string
let host: Host

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vasp-gpu-'))
  const runtime = `tensorflow/${pins.tensorflow.version}-${pins.tensorflow.variant}`
  fs.mkdirSync(path.join(folder, 'cache/tensorflow'), { recursive: true })
  fs.symlinkSync(path.join(cacheRoot(), runtime), path.join(folder, 'cache', runtime))
  fs.mkdirSync(path.join(folder, 'index'))
  vi.stubEnv('VASP_CACHE', path.join(folder, 'cache'))
  vi.stubEnv('VASP_DEVICE', '')
  vi.stubEnv('PATH', fakeDriver(folder, answers.two))
  vi.stubEnv('PIP_NO_INDEX', '1')
  vi.stubEnv('PIP_FIND_LINKS', path.join(folder, 'index'))
  host = await openChromium(required('VASP_E2E_CHROMIUM'))
})
afterAll(async () => {
  await host.close()
  vi.unstubAllEnvs()
  fs.rmSync(folder, { recursive: true, force: true })
})

const open = (place: string): Promise<void> =>
  host.page.evaluate((hash) => {
    location.hash = hash
  }, `#/${place}`)

describe('a machine with GPUs', () => {
  it('shows how busy and how full they are, and why they are not used', async () => {
    const { page } = host
    await page.getByTestId('nav-system').click()
    await expect.poll(() => page.getByTestId('gpu-0').getByTestId('gpu-busy').textContent()).toBe('99 %')
    expect(await page.getByTestId('gpu-1').getByTestId('gpu-memory').textContent()).toBe('512 MiB of 40.0 GiB')
    expect(await page.getByTestId('gpu-reason').textContent()).toContain('TensorFlow for CUDA 12 is not installed')
    await page.locator('[data-testid="check-gpu"][data-ok="false"]').waitFor({ timeout: 60_000 })
    expect(await accessibilityFindings(host)).toEqual([])
    // The figures follow the driver.
    fakeDriver(folder, answers.two.replace('99, 71', '12, 60'))
    await expect
      .poll(() => page.getByTestId('gpu-0').getByTestId('gpu-busy').textContent(), { timeout: 15_000 })
      .toBe('12 %')
  })

  it('remembers the device that was chosen', async () => {
    const { page } = host
    await page.getByTestId('device').click()
    await page.getByRole('option', { name: 'Processor' }).click()
    await expect.poll(() => page.getByTestId('gpu-reason').textContent()).toContain('The processor is selected.')
    await page.reload()
    await expect.poll(() => page.getByTestId('device').textContent()).toContain('Processor')
    await page.getByTestId('device').click()
    await page.getByRole('option', { name: 'GPU 1: NVIDIA A100' }).click()
    await expect.poll(() => page.getByTestId('gpu-reason').textContent()).toContain('is not installed')
  })

  it('says why a set-up failed, and can begin it again', async () => {
    const { page } = host
    await page.getByTestId('set-up-cuda').click()
    const build = page.getByTestId('cuda-build')
    await expect
      .poll(() => build.textContent(), { timeout: 60_000 })
      .toContain(`tensorflow ${pins.tensorflow.version} could not be downloaded`)
    expect(await build.textContent()).toContain('continues where it stopped')
    await page.getByTestId('set-up-cuda').waitFor()
  })

  it('reports it in the form of a new run', async () => {
    const { page } = host
    await open('data')
    await page.getByTestId('import-sample').first().click()
    await page
      .getByTestId('dataset-list')
      .getByRole('link', { name: /MovieLens/ })
      .waitFor({ timeout: 60_000 })
    await open('runs/new')
    const device = page.getByTestId('compute-device')
    await device.waitFor()
    expect(await device.textContent()).toMatch(/The processor of this machine.*not installed.*vasp setup --cuda/)
  })

  it('shows the GPU of a run while it trains on it, and none where it trains on the processor', async () => {
    const { page } = host
    await page.getByTestId('start-training').click()
    await page.locator('[data-testid="run-state"][data-state="running"]').waitFor({ timeout: 60_000 })
    const database = new Database(path.join(host.library, 'library.db'))
    registerChecksums(database, host.library)
    const recorded = (): string | null =>
      z.string().nullable().parse(database.prepare('SELECT environment FROM run WHERE id = 1').pluck().get())
    await expect.poll(recorded, { timeout: 60_000 }).not.toBeNull()
    await page.reload()
    await page.getByTestId('run-progress').waitFor()
    expect(await page.getByTestId('run-gpu').count()).toBe(0)
    // As a worker records it that computes on one.
    const environment = { backend: 'tensorflow', version: '2.21.0', device: 'GPU 1: NVIDIA A100-SXM4-40GB', threads: 2 }
    database.prepare('UPDATE run SET environment = ? WHERE id = 1').run(JSON.stringify(environment))
    database.close()
    await page.reload()
    await expect
      .poll(() => page.getByTestId('run-gpu').getByTestId('gpu-memory').textContent(), { timeout: 15_000 })
      .toBe('512 MiB of 40.0 GiB')
    await page.getByTestId('cancel-run').click()
    await page.locator('[data-testid="run-state"][data-state="cancelled"]').waitFor({ timeout: 30_000 })
    expect(await page.getByTestId('run-gpu').count()).toBe(0)
  })
})
