import fs from 'node:fs'
import path from 'node:path'
import { electronDist } from '../setup/electron.mjs'
import { SetupProblem } from '../setup/problem.mjs'
import { root } from '../setup/root.mjs'
import { chromiumProgram } from '../setup/system-packages.mjs'
import { packageApp } from './package-app.mjs'
import { startDisplay } from './display.mjs'
import { runVitest } from './vitest-part.mjs'

/** The Electron for the tests, as environment of the specs: the product's own if it exists, otherwise the test runtime. */
async function electronForTests() {
  const dist = electronDist()
  if (dist !== null) return { dist, env: { VASP_E2E_ELECTRON: path.join(dist, 'electron') } }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupProblem(
      `There is no test Electron for ${process.platform}-${process.arch}.`,
      'Start the app once, so that it fetches Electron.',
    )
  }
  const { setUpTestElectron } = await import('../setup/test-electron.mjs')
  const { folder, program, sqliteBinding } = await setUpTestElectron()
  return { dist: folder, env: { VASP_E2E_ELECTRON: program, VASP_SQLITE_BINDING: sqliteBinding } }
}

const spec = (name, env) => [`e2e: ${name}`, ['--project', 'e2e', `test/e2e/${name}.spec.ts`], env]

/** Names of the specs, sorted. */
const specs = () =>
  fs
    .readdirSync(path.join(root, 'test/e2e'))
    .filter((file) => file.endsWith('.spec.ts'))
    .map((file) => file.slice(0, -'.spec.ts'.length))
    .sort()
const inElectron = () => specs().filter((name) => name.startsWith('electron'))
const inChromium = () => specs().filter((name) => !name.startsWith('electron') && !name.startsWith('packaged'))

/** The parts in real windows: Chromium against the browser host, Electron, the packaged application. */
export async function runEndToEnd(tally, missingPackages) {
  const chromium = chromiumProgram()
  if (chromium === null) tally.cannotRun('e2e: chromium', missingPackages ?? 'Chromium was not found.')
  else for (const name of inChromium()) tally.add(await runVitest(...spec(name, { VASP_E2E_CHROMIUM: chromium })))

  const own = await startDisplay()
  const display = own?.display ?? process.env.DISPLAY
  if (!display) {
    for (const part of ['electron', 'packaged'])
      tally.cannotRun(`e2e: ${part}`, missingPackages ?? 'There is no display and no Xvfb.')
    return
  }
  try {
    const electron = await electronForTests()
    const env = { ...electron.env, DISPLAY: display }
    for (const name of inElectron()) tally.add(await runVitest(...spec(name, env)))
    const program = await packageApp(['--dir'])
    for (const name of ['packaged', 'packaged-fuses'])
      tally.add(await runVitest(...spec(name, { ...env, VASP_E2E_PACKAGED: program })))
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error
    tally.cannotRun('e2e: electron and packaged', `${error.reason} ${error.fix}`)
  } finally {
    own?.stop()
  }
}
