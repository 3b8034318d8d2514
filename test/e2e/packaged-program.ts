import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses'

/** A packed application in a folder of its own, whose program and archive can be changed without the original's. */
export interface PackagedCopy {
  readonly program: string
  readonly resources: string
  remove(): void
}

/**
 * A copy of a packed application with some fuses other than they are shipped. Files are shared with the original, but for the program and the
 * archive.
 */
export async function packagedCopy(
  program: string,
  fuses: Readonly<Partial<Record<keyof typeof FuseV1Options, boolean>>>,
): Promise<PackagedCopy> {
  const original = path.dirname(program)
  const folder = fs.mkdtempSync(path.join(path.dirname(original), '.copy-'))
  const own = [path.basename(program), path.join('resources', 'app.asar')]
  for (const entry of fs.readdirSync(original, { recursive: true, withFileTypes: true })) {
    const from = path.join(entry.parentPath, entry.name)
    const relative = path.relative(original, from)
    const to = path.join(folder, relative)
    if (entry.isDirectory()) fs.mkdirSync(to, { recursive: true })
    else {
      fs.mkdirSync(path.dirname(to), { recursive: true })
      if (own.includes(relative)) fs.copyFileSync(from, to)
      else fs.linkSync(from, to)
    }
  }
  const copy = path.join(folder, path.basename(program))
  const changes = Object.entries(fuses).map(([name, on]) => [FuseV1Options[name as keyof typeof FuseV1Options], on])
  await flipFuses(copy, { version: FuseVersion.V1, ...(Object.fromEntries(changes) as Record<number, boolean>) })
  return {
    program: copy,
    resources: path.join(folder, 'resources'),
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
  }
}

/** What became of a program that was started and ended by the test. */
export interface Started {
  /** Whether it opened a library, as the application does when it starts. */
  readonly application: boolean
  readonly stderr: string
}

/** Starts a packed program and ends it once it has opened its library, or has ended by itself, or after the time that a start takes at most. */
export async function startPackaged(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Started> {
  const library = fs.mkdtempSync(path.join(os.tmpdir(), 'vasp-e2e-'))
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const child = spawn(program, [...args, ...asRoot, '--disable-gpu'], {
    env: { ...process.env, VASP_LIBRARY: library, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null
  const database = path.join(library, 'library.db')
  try {
    const deadline = Date.now() + 60_000
    while (isRunning() && !fs.existsSync(database) && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 100))
    const application = fs.existsSync(database)
    return { application, stderr }
  } finally {
    // With the processes that Chromium started.
    if (isRunning() && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    await ended
    fs.rmSync(library, { recursive: true, force: true })
  }
}
