import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { AttackReport } from './attack'

/** What a build is made of: changes elsewhere leave the product as the commit has it. */
const sources = ['src', 'resources', 'package.json', 'package-lock.json', 'electron.vite.config.ts']

const packageFile = z.object({ version: z.string() })

/** Names the attacked product, so that stored figures show whether they are of today's product. */
export async function attackedProduct(root: string): Promise<AttackReport['product']> {
  const { version } = packageFile.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')))
  if (!existsSync(join(root, '.git'))) return { version, commit: null, changed: false }
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('git', ['-C', root, ...args])).stdout.trim()
  return {
    version,
    commit: await git('rev-parse', '--short=10', 'HEAD'),
    changed: (await git('status', '--porcelain', '--', ...sources)) !== '',
  }
}
