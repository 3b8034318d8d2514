import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openElectron, required, type ElectronHost } from './hosts'
import { wholePath } from './journey'

let host: ElectronHost

beforeAll(async () => {
  host = await openElectron(required('VASP_E2E_PACKAGED'), null)
})
afterAll(() => host.close())

describe('the packaged application', () => {
  it('runs from the archive, with native code beside it', async () => {
    expect(
      await host.application.evaluate(({ app }) => ({ packaged: app.isPackaged, path: app.getAppPath() })),
    ).toEqual({
      packaged: true,
      path: expect.stringMatching(/resources.app\.asar$/),
    })
    const unpacked = path.join(path.dirname(required('VASP_E2E_PACKAGED')), 'resources/app.asar.unpacked/node_modules')
    expect(fs.existsSync(path.join(unpacked, 'better-sqlite3'))).toBe(true)
    expect(host.page.url()).toMatch(/^app:\/\/ui\//)
  })

  it('goes the whole way from the sample to a file', async () => {
    await wholePath(host, { stages: '1e-3x3', k: 5 })
    expect(host.complaints).toEqual([])
  })
})
