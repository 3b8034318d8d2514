import fs from 'node:fs'
import path from 'node:path'
import { lastLine, run } from '../setup/command.mjs'
import { electronDist, electronVersion } from '../setup/electron.mjs'
import { SetupProblem } from '../setup/problem.mjs'
import { root } from '../setup/root.mjs'
import { say, whileSaying } from '../setup/say.mjs'

/** The Electron that goes into the package: `{dist, version}`. */
async function electronToPack() {
  const dist = electronDist()
  if (dist !== null) return { dist, version: electronVersion() }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupProblem('Electron is not there to be packed.', 'Run npm start once, so that it is fetched.')
  }
  say('Electron’s own program is not there: packing the test Electron. Use the result for tests only.')
  const { setUpTestElectron } = await import('../setup/test-electron.mjs')
  const { folder, version } = await setUpTestElectron()
  return { dist: folder, version }
}

/** Packs the built application into `dist/`, reads its fuses back, and gives back its program. */
export async function packageApp(args) {
  const { dist, version } = await electronToPack()
  const builder = path.join(root, 'node_modules/electron-builder/cli.js')
  const options = [`-c.electronDist=${dist}`, `-c.electronVersion=${version}`, '--publish', 'never', ...args]
  const { code, output } = await whileSaying('Packing', () =>
    run(process.execPath, [builder, ...options], { cwd: root }),
  )
  if (code !== 0) {
    process.stderr.write(output)
    throw new SetupProblem(
      `The application could not be packed (${lastLine(output)}).`,
      'What electron-builder said stands above.',
    )
  }
  const folders = fs.readdirSync(path.join(root, 'dist')).filter((name) => name.endsWith('-unpacked'))
  const name = process.platform === 'win32' ? 'VASP Studio.exe' : 'vasp-studio'
  const program = path.join(root, 'dist', folders[0] ?? '', name)
  // A package, which a fresh clone has only once they are installed.
  const { requireFuses } = await import('../packaging/fuses.mjs')
  await requireFuses(program)
  return program
}
