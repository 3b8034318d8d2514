import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { canRun, lastLine, run } from './command.mjs'
import { say, whileSaying } from './say.mjs'

/** What the end-to-end tests need of a Debian-like system; newer releases renamed some libraries, hence the alternatives. */
const needed = [
  ['xvfb'],
  ['xauth'],
  ['libgtk-3-0', 'libgtk-3-0t64'],
  ['libnss3'],
  ['libasound2', 'libasound2t64'],
  ['libgbm1'],
  ['libxss1'],
  ['unzip'],
  ['chromium', 'chromium-browser'],
]

const isInstalled = (name) => {
  const { status, stdout } = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Abbrev}', name], { encoding: 'utf8' })
  return status === 0 && stdout.startsWith('ii')
}

/** Whether apt offers a package of exactly this name. */
const isOffered = (name) =>
  /Candidate: (?!\(none\))/.test(spawnSync('apt-cache', ['policy', name], { encoding: 'utf8' }).stdout)

const missing = () => needed.filter((names) => !names.some(isInstalled))

/**
 * Installs the missing system packages where this process may; gives back null, or in one sentence what is missing and the command
 * that installs it.
 */
export async function installSystemPackages() {
  if (process.platform !== 'linux') return null
  if (!fs.existsSync('/etc/debian_version') || !canRun('dpkg-query')) {
    return canRun('Xvfb', ['-help']) && canRun('unzip', ['-v'])
      ? null
      : 'Xvfb, GTK 3, NSS, unzip and Chromium are needed; install them with the system’s package manager.'
  }
  const names = missing().map((alternatives) => alternatives[0])
  if (names.length === 0) return null
  const command = `apt-get install -y --no-install-recommends ${names.join(' ')}`
  if (process.getuid?.() !== 0) return `System packages are missing: run “sudo ${command}”.`
  say(`Installing system packages: ${names.join(', ')} …`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await whileSaying('Updating package lists', () => run('apt-get', ['update'], { env }))
  const offered = missing().map((alternatives) => alternatives.find(isOffered) ?? alternatives[0])
  const { code, output } = await whileSaying('Installing system packages', () =>
    run('apt-get', ['install', '-y', '--no-install-recommends', ...offered], { env }),
  )
  return code === 0 ? null : `System packages could not be installed (${lastLine(output)}): run “${command}”.`
}

/** Chromium's program, or null. */
export const chromiumProgram = () =>
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => fs.existsSync(file)) ??
  null
