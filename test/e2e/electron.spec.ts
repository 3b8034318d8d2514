import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openElectron, required, root, type ElectronHost } from './hosts'
import { weirdImport } from './import-journey'
import { wholePath } from './journey'
import { readingImport } from './reading-journey'

let host: ElectronHost

beforeAll(async () => {
  host = await openElectron(required('VASP_E2E_ELECTRON'), root)
})
afterAll(() => host.close())

describe('the desktop application', () => {
  it('gives its page neither Node nor Electron', async () => {
    const reach = await host.page.evaluate(() => ({
      origin: location.origin,
      globals: ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer'].filter((name) => name in window),
    }))
    expect(reach).toEqual({ origin: 'app://ui', globals: [] })
  })

  it('lets the page load nothing from elsewhere and run no text as code', async () => {
    const refused = await host.page.evaluate(async () => {
      const violations: string[] = []
      document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective))
      const fetched = await fetch('https://example.org/').then(
        () => true,
        () => false,
      )
      const script = document.createElement('script')
      script.textContent = 'window.injected = true'
      document.body.append(script)
      await new Promise((resolve) => setTimeout(resolve, 200))
      return { fetched, injected: 'injected' in window, violations }
    })
    expect(refused).toMatchObject({ fetched: false, injected: false })
    expect(refused.violations).toEqual(expect.arrayContaining(['connect-src', 'script-src-elem']))
    host.complaints.length = 0
  })

  it('goes the whole way from the sample to a file', async () => {
    await wholePath(host, { settings: {}, interrupted: true, k: 10 })
    expect(host.complaints).toEqual([])
  })

  it('imports a file that no program writes on purpose', async () => {
    await weirdImport(host, () => Promise.resolve())
    expect(host.complaints).toEqual([])
  })

  it('shows how it reads files, has that changed, and keeps it', async () => {
    await readingImport(host, () => Promise.resolve())
    expect(host.complaints).toEqual([])
  })

  // Last, because Playwright waits for a navigation that the application has refused.
  it('grants no permission, opens no other window and does not leave its page', async () => {
    const permission = await host.page.evaluate(
      async () => (await navigator.permissions.query({ name: 'geolocation' })).state,
    )
    expect(permission).toBe('denied')
    const before = host.page.url()
    await host.page.evaluate(() => {
      window.open('https://example.org/')
      location.href = 'https://example.org/'
    })
    await host.page.waitForTimeout(300)
    expect(host.application.windows()).toHaveLength(1)
    expect(host.page.url()).toBe(before)
    host.complaints.length = 0
  })
})

describe('a defect in the desktop application', () => {
  it.each(['exception', 'rejection'])('is told with its place and ends it in order: %s', async (kind) => {
    const { application, library } = await openElectron(required('VASP_E2E_ELECTRON'), root)
    const locks = path.join(library, 'processes')
    expect(fs.readdirSync(locks)).toHaveLength(1)
    const told = path.join(library, 'told.json')
    const running = application.process()
    let stderr = ''
    running.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const ended = new Promise<number | null>((resolve) => running.once('exit', resolve))
    const planted = application.evaluate(
      ({ dialog }, { file, kind }) => {
        const { writeFileSync } = process.getBuiltinModule('node:fs')
        dialog.showMessageBox = (...args: unknown[]) => {
          writeFileSync(file, JSON.stringify(args.at(-1)))
          return Promise.resolve({ response: 0, checkboxChecked: false })
        }
        setTimeout(() => {
          if (kind === 'rejection') void Promise.reject(new TypeError('nobody expected this'))
          else throw new TypeError('nobody expected this')
        }, 0)
      },
      { file: told, kind },
    )
    // The application may end before it answers.
    planted.catch(() => undefined)
    expect(await ended).toBe(1)
    expect(stderr).toMatch(/TypeError: nobody expected this\n\s+at /)
    expect(JSON.parse(fs.readFileSync(told, 'utf8'))).toMatchObject({
      message: 'VASP Studio has to close because of a defect.',
      detail: expect.stringMatching(/Start it again.*TypeError: nobody expected this\n\s+at /s) as string,
    })
    // A killed process leaves its lock behind for the next start.
    expect(fs.readdirSync(locks)).toEqual([])
    fs.rmSync(library, { recursive: true, force: true })
  })
})
