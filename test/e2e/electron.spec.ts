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
    await wholePath(host, { settings: {}, k: 10 })
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
