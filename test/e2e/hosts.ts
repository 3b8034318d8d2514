import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { _electron, chromium, errors, type ElectronApplication, type Page } from 'playwright-core'

export const root = path.resolve(import.meta.dirname, '../..')

/** Chromium refuses its sandbox to root; everyone else tests with it. */
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []

/** A host that shows the app on a library of its own. */
export interface Host {
  readonly page: Page
  readonly library: string
  /** What went wrong in the page: uncaught errors and messages at error level. */
  readonly complaints: string[]
  close(): Promise<void>
}

export interface ElectronHost extends Host {
  readonly application: ElectronApplication
}

const newLibrary = (): string => fs.mkdtempSync(path.join(os.tmpdir(), 'vasp-e2e-'))

export function required(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: run these tests with npm test.`)
  return value
}

function listenForComplaints(page: Page): string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  return complaints
}

type Variables = Readonly<Record<string, string>>

function environment(library: string, more: Variables = {}): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { ...Object.fromEntries(entries), VASP_LIBRARY: library, ...more }
}

/** How often a program is started before its test fails, and for how many milliseconds Playwright waits for it. */
const starts = { most: 3, patience: 60_000 }

/**
 * Starts a program. Playwright misses the event of the first navigation if it attaches while the window commits it, waits for it for ever and ends the
 * program, whose window is open and idle (1 of 40 starts on two busy cores): only then it is started again.
 */
async function launched(options: NonNullable<Parameters<typeof _electron.launch>[0]>): Promise<ElectronApplication> {
  for (let start = 1; ; start++)
    try {
      return await _electron.launch({ ...options, timeout: starts.patience })
    } catch (error) {
      const isAttached = error instanceof errors.TimeoutError && error.message.includes('DevTools listening')
      if (!isAttached || start === starts.most) throw error
    }
}

/**
 * Starts Electron: with the built app of this checkout, or a packaged program, which needs no folder.
 * @param env added to its environment
 */
export async function openElectron(program: string, folder: string | null, env: Variables = {}): Promise<ElectronHost> {
  const library = newLibrary()
  const application = await launched({
    executablePath: program,
    args: [...asRoot, '--disable-gpu', ...(folder === null ? [] : [folder])],
    env: environment(library, env),
  })
  const page = await application.firstWindow()
  const complaints = listenForComplaints(page)
  return {
    application,
    page,
    library,
    complaints,
    async close() {
      await application.close()
      fs.rmSync(library, { recursive: true, force: true })
    },
  }
}

/** Starts the browser host on a free port and opens its address in Chromium. */
export async function openChromium(program: string): Promise<Host> {
  const library = newLibrary()
  const served = spawn(process.execPath, [path.join(root, 'out/main/cli.js'), 'serve', '--port', '0'], {
    env: environment(library),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => served.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    served.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk
      const address = /http:\/\/\S+/.exec(said)?.[0]
      if (address !== undefined) resolve(address)
    })
    served.once('error', reject)
    served.once('exit', (code) => reject(new Error(`vasp serve ended with exit code ${code ?? 'none'}.`)))
  })
  const browser = await chromium.launch({ executablePath: program, args: asRoot })
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  const complaints = listenForComplaints(page)
  await page.goto(url)
  return {
    page,
    library,
    complaints,
    async close() {
      await browser.close()
      served.kill('SIGTERM')
      await ended
      fs.rmSync(library, { recursive: true, force: true })
    },
  }
}
