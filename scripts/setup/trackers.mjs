import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { alone, cacheRoot, place } from './cache.mjs'
import { canRun, lastLine, run } from './command.mjs'
import { SetupProblem } from './problem.mjs'
import { pins } from './root.mjs'
import { say, whileSaying } from './say.mjs'

/** Of packages that the tests read our tracker files with. */
const wanted = Object.entries(pins.trackers).map(([name, version]) => `${name}==${version}`)

/**
 * The real TensorBoard and MLflow, for the tests alone: gives back `{ok: true, python, packages}`, where `packages` is a folder for PYTHONPATH, or
 * `{ok: false, reason, fix}` where they cannot be had.
 */
export async function setUpTrackers() {
  try {
    const python = pythonWithPip()
    const packages = await folderFor(python)
    if (!fs.existsSync(packages)) await alone('trackers', () => install(python, packages))
    return { ok: true, python, packages }
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error
    return { ok: false, reason: error.reason, fix: error.fix }
  }
}

function pythonWithPip() {
  const python = ['python3', 'python'].find((program) => canRun(program, ['-m', 'pip', '--version']))
  if (python !== undefined) return python
  throw new SetupProblem('Python 3 with pip was not found.', 'Install it (Debian: apt-get install python3-pip).')
}

/** Some packages have parts that are compiled for one version of Python. */
async function folderFor(python) {
  const { output } = await run(python, ['-c', 'import sys; print(sys.version)'])
  const key = createHash('sha256')
    .update([...wanted, output].join('\n'))
    .digest('hex')
  return path.join(cacheRoot(), 'trackers', key.slice(0, 16))
}

async function install(python, folder) {
  if (fs.existsSync(folder)) return
  say(`Installing ${wanted.join(' and ')} for the tests (about 270 MB on disk, once) …`)
  await place(folder, async (temporary) => {
    const args = ['-m', 'pip', 'install', '--target', temporary, '--only-binary=:all:', '--no-cache-dir']
    args.push('--disable-pip-version-check', '--no-warn-script-location', '--retries', '2', '--timeout', '30')
    const { code, output } = await whileSaying('Installing', () => run(python, [...args, ...wanted]))
    if (code === 0) return
    throw new SetupProblem(
      `${wanted.join(' and ')} could not be installed (${lastLine(output)}).`,
      'Check the network connection and start again.',
    )
  })
}
