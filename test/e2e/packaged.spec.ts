import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openElectron, required, type ElectronHost } from './hosts'
import { wholePath } from './journey'
import { packagedCopy, type PackagedCopy } from './packaged-program'

/** As it is shipped but for one fuse: Playwright attaches through the inspector, which the shipped program does not open. */
let copy: PackagedCopy
let host: ElectronHost | null = null

beforeAll(async () => {
  copy = await packagedCopy(required('VASP_E2E_PACKAGED'), { EnableNodeCliInspectArguments: true })
})
afterEach(async () => {
  await host?.close()
  host = null
})
afterAll(() => copy.remove())

describe('the packaged application', () => {
  it('runs from the archive, with native code beside it, and goes the whole way from the sample to a file', async () => {
    host = await openElectron(copy.program, null)
    expect(
      await host.application.evaluate(({ app }) => ({ packaged: app.isPackaged, path: app.getAppPath() })),
    ).toEqual({
      packaged: true,
      path: expect.stringMatching(/resources.app\.asar$/),
    })
    expect(fs.existsSync(path.join(copy.resources, 'app.asar.unpacked/node_modules/better-sqlite3'))).toBe(true)
    expect(host.page.url()).toMatch(/^app:\/\/ui\//)
    await wholePath(host, { settings: { stages: '1e-3x3' }, k: 5, backend: 'tensorflow' })
    expect(host.complaints).toEqual([])
  })

  it('goes the same way in WebAssembly on a machine without native TensorFlow', async () => {
    const cache = fs.mkdtempSync(path.join(os.tmpdir(), 'vasp-empty-'))
    host = await openElectron(copy.program, null, { VASP_CACHE: cache })
    const settings = { stages: '1e-2x3', hidden: '32', latent: '16' }
    await wholePath(host, { settings, mostPopular: '20 %', k: 5, backend: 'wasm' })
    expect(host.complaints).toEqual([])
    fs.rmSync(cache, { recursive: true, force: true })
  })
})
