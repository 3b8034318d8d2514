import fs from 'node:fs'
import path from 'node:path'
import { alone } from './cache.mjs'
import { lastLine } from './command.mjs'
import { npm } from './npm.mjs'
import { SetupProblem } from './problem.mjs'
import { root as checkout } from './root.mjs'
import { say, whileSaying } from './say.mjs'

/**
 * Whether node_modules holds what package-lock.json says. npm writes its own record there as the last step of an install,
 * so an interrupted one never looks complete. Packages of other platforms are optional and may be missing.
 */
export function packagesAreInstalled(root = checkout) {
  const record = path.join(root, 'node_modules/.package-lock.json')
  if (!fs.existsSync(record)) return false
  const wanted = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages
  const installed = JSON.parse(fs.readFileSync(record, 'utf8')).packages
  return Object.entries(wanted).every(([place, entry]) => {
    if (place === '') return true
    const found = installed[place]
    if (found === undefined) return entry.optional === true || entry.devOptional === true
    return found.version === entry.version && found.integrity === entry.integrity
  })
}

/** Installs missing or outdated packages of the lock file. Their install scripts are not run. */
export async function installPackages() {
  if (packagesAreInstalled()) return
  await alone(`packages-${checkout.replaceAll(/[^\w]+/g, '-')}`, async () => {
    if (packagesAreInstalled()) return
    say('Installing packages from the lock file (about 900 MB on disk, once) …')
    // Not `npm ci`: it refuses a lock file without the packages of other platforms, and a registry that does not offer those
    // leaves them out of it. Versions and hashes are the lock file's all the same, and the file is left as it is.
    const { code, output } = await whileSaying('Installing packages', () =>
      npm(['install', '--ignore-scripts', '--no-save', '--no-audit', '--no-fund'], { cwd: checkout }),
    )
    if (code === 0) return
    throw new SetupProblem(
      `The packages could not be installed (${lastLine(output)}).`,
      'Check the network connection and the free disk space, then start again.',
    )
  })
}
