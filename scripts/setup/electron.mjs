import fs from 'node:fs'
import path from 'node:path'
import { alone, cacheRoot } from './cache.mjs'
import { lastLine, run } from './command.mjs'
import { ageOfOutcome, readOutcome, writeOutcome } from './outcome.mjs'
import { root } from './root.mjs'
import { say, whileSaying } from './say.mjs'

const day = 86_400_000
const minute = 60_000

const electronPackage = path.join(root, 'node_modules/electron')
const outcomeFile = () => path.join(cacheRoot(), 'electron', 'last-setup.json')

/** Electron's program, or null if it does not exist: `ELECTRON_OVERRIDE_DIST_PATH`, otherwise the electron package's own download. */
function electronProgram() {
  const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? path.join(electronPackage, 'dist')
  const program = path.join(folder, names[process.platform] ?? 'electron')
  return fs.existsSync(program) ? program : null
}

/** The folder of a real Electron for packaging, or null. */
export const electronDist = () => {
  const program = electronProgram()
  return program === null || process.platform === 'darwin' ? null : path.dirname(program)
}

export const electronVersion = () =>
  JSON.parse(fs.readFileSync(path.join(electronPackage, 'package.json'), 'utf8')).version

/**
 * Gives back `{program}`, or `{reason}` where Electron cannot be had. The electron package downloads its binary itself and checks it
 * against the checksums it carries; a failure is kept for a day, so that the next start does not wait for it again.
 */
export async function findElectron({ retry = false } = {}) {
  const present = electronProgram()
  if (present !== null) return { program: present }
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH) {
    return {
      reason: `ELECTRON_OVERRIDE_DIST_PATH names a folder without Electron (${process.env.ELECTRON_OVERRIDE_DIST_PATH})`,
    }
  }
  const last = readOutcome(outcomeFile())
  if (!retry && last?.ok === false && last.version === electronVersion() && ageOfOutcome(last) < day)
    return { reason: last.reason }
  return alone('electron', async () => {
    say(`Downloading Electron ${electronVersion()} (about 120 MB, once) …`)
    const { code, output } = await whileSaying('Downloading Electron', () =>
      run(process.execPath, [path.join(electronPackage, 'install.js')], { cwd: electronPackage, timeout: 10 * minute }),
    )
    const program = electronProgram()
    const reason = program === null ? `Electron's program could not be downloaded (${failure(code, output)})` : ''
    writeOutcome(outcomeFile(), {
      ok: program !== null,
      version: electronVersion(),
      reason,
      fix: 'npm start -- --retry',
    })
    return program === null ? { reason } : { program }
  })
}

function failure(code, output) {
  const line = output.split('\n').find((text) => /\b(error|failed|E[A-Z]{4,})\b/i.test(text))
  return (line ?? (code === 0 ? 'no file came' : lastLine(output))).trim().slice(0, 160)
}

/** Why no window can be opened here, or null if one can. */
export function whyNoWindow() {
  if (process.platform !== 'linux') return null
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'There is no display'
  if (process.getuid?.() === 0) return 'Electron does not run as root with its sandbox'
  return null
}
