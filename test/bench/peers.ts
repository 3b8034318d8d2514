import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cacheRoot } from '../../src/main/devices/cache'

const execute = promisify(execFile)
const programs = join('test', 'bench', 'peers')
const requirements = join(programs, 'requirements.txt')

/**
 * Runs one of the Python programs that we compare with, and returns its output. NumPy, TensorFlow and Keras are installed once, by
 * hash, into an environment of their own in the user's cache (about 1.5 GB); that needs Python 3.11 with venv, on Linux x64.
 */
export async function runPeer(program: string, parameters: readonly string[]): Promise<string> {
  const python = await environment()
  const { stdout } = await execute(python, [join(programs, program), ...parameters], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
    maxBuffer: 16 * 1024 * 1024,
  })
  return stdout
}

async function environment(): Promise<string> {
  const key = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16)
  const parent = join(cacheRoot(), 'peers')
  const folder = join(parent, key)
  if (!existsSync(folder)) {
    process.stderr.write('Installing NumPy, TensorFlow and Keras for comparison (once) …\n')
    mkdirSync(parent, { recursive: true })
    // Gets its name only when it is whole, so that an interrupted installation is never mistaken for one.
    const temporary = mkdtempSync(join(parent, '.tmp-'))
    try {
      await execute('python3', ['-m', 'venv', temporary])
      await execute(
        join(temporary, 'bin', 'python'),
        ['-m', 'pip', 'install', '--quiet', '--require-hashes', '--only-binary=:all:', '-r', requirements],
        { maxBuffer: 16 * 1024 * 1024 },
      )
      renameSync(temporary, folder)
    } catch (error) {
      rmSync(temporary, { recursive: true, force: true })
      throw error
    }
  }
  return join(folder, 'bin', 'python')
}
