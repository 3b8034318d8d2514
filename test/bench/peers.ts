import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cacheRoot, place } from '../../scripts/setup/cache.mjs'

const execute = promisify(execFile)
const programs = join('test', 'bench', 'peers')
const requirements = join(programs, 'requirements.txt')

/**
 * Runs one of the Python programs that we compare with, and gives back what it printed. NumPy, TensorFlow and Keras are installed once, by
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
  const folder = join(cacheRoot(), 'peers', key)
  if (!existsSync(folder)) {
    process.stderr.write('Installing NumPy, TensorFlow and Keras for comparison (once) …\n')
    await place(folder, async (temporary: string) => {
      await execute('python3', ['-m', 'venv', temporary])
      await execute(
        join(temporary, 'bin', 'python'),
        ['-m', 'pip', 'install', '--quiet', '--require-hashes', '--only-binary=:all:', '-r', requirements],
        { maxBuffer: 16 * 1024 * 1024 },
      )
    })
  }
  return join(folder, 'bin', 'python')
}
