import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { errorShape } from '../../src/shared/errors'
import { pause, waitUntil } from './waiting'

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface StartOptions {
  readonly library?: string
  readonly cwd?: string
  /** Added to the environment; undefined removes a name. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly uid?: number
  /** Flags of Node itself. */
  readonly flags?: readonly string[]
  /** Program to run in place of this Node. */
  readonly node?: string
  /** Milliseconds after which a command that should have ended is killed. */
  readonly limit?: number
}

/** A started `vasp`: the first of a process group of its own. */
export interface Started {
  readonly child: ChildProcess
  readonly pid: number
  readonly ended: Promise<Ended>
  /** What it has said so far. */
  said(): { stdout: string; stderr: string }
}

const defaultLimit = 120_000

/** The built command line of the checkout in `root`, run from outside as a person would. */
export class Product {
  readonly #cli: string

  constructor(readonly root: string) {
    this.#cli = join(root, 'out/main/cli.js')
    if (!existsSync(this.#cli)) throw new Error('The command line is not built: run `npm run build` first.')
  }

  /** Starts `vasp …` in a process group of its own. */
  start(args: readonly string[], options: StartOptions = {}): Started {
    const { library, cwd = this.root, env = {}, uid, flags = [], node = process.execPath } = options
    const child = spawn(node, [...flags, this.#cli, ...args], {
      cwd,
      env: cleanEnvironment({ ...(library === undefined ? {} : { VASP_LIBRARY: library }), ...env }),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      ...(uid === undefined ? {} : { uid, gid: uid }),
    })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
    })
    return { child, pid: child.pid ?? 0, ended, said: () => ({ stdout, stderr }) }
  }

  /** Runs `vasp …` to its end; one that does not end within the limit is killed, and its signal says so. */
  async run(args: readonly string[], options: StartOptions = {}): Promise<Ended> {
    const started = this.start(args, options)
    const clock = setTimeout(() => killGroup(started.pid), options.limit ?? defaultLimit)
    try {
      return await started.ended
    } finally {
      clearTimeout(clock)
    }
  }

  /** Runs `vasp … --json` and reads its document. Throws if it failed. */
  async json<Schema extends z.ZodType>(
    schema: Schema,
    args: readonly string[],
    options: StartOptions = {},
  ): Promise<z.output<Schema>> {
    const ended = await this.run([...args, '--json'], options)
    if (ended.code !== 0) throw new Error(`vasp ${args.join(' ')} ended with ${endText(ended)}`)
    return schema.parse(JSON.parse(ended.stdout))
  }
}

const failureDocument = z.object({ error: errorShape })

/** The error document of a command that was run with `--json`; null if it printed none. */
export function failureOf({ stdout }: Ended): z.infer<typeof errorShape> | null {
  try {
    return failureDocument.parse(JSON.parse(stdout)).error
  } catch {
    return null
  }
}

export const endText = ({ code, signal, stdout, stderr }: Ended): string =>
  `${signal ?? `exit code ${code}`}: ${(stderr.trim() || stdout.trim()).replaceAll(/\s+/g, ' ').slice(-300)}`

/** Our environment without variables that name a library, and with the given ones. */
function cleanEnvironment(more: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const { VASP_LIBRARY: _library, VASP_DEVICE: _device, ...rest } = process.env
  return Object.fromEntries(Object.entries({ ...rest, ...more }).filter(([, value]) => value !== undefined))
}

/** Kills every process of a group, if there is one still. */
export function killGroup(leader: number): void {
  signal(-leader, 'SIGKILL')
}

/** Kills one process; @returns false if it had ended already. */
export const kill = (pid: number): boolean => signal(pid, 'SIGKILL')

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}

/** Living processes of the group that `leader` began; those that only wait to be reaped do not count. */
export function groupOf(leader: number): number[] {
  return processes().flatMap(({ pid, group }) => (group === leader ? [pid] : []))
}

/** Living children of a process, and theirs. */
export function descendantsOf(pid: number): number[] {
  const all = processes()
  const found: number[] = []
  for (let next = [pid]; next.length > 0;) {
    next = all.flatMap((one) => (next.includes(one.parent) ? [one.pid] : []))
    found.push(...next)
  }
  return found
}

function processes(): { pid: number; parent: number; group: number }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    const text = readIfThere(`/proc/${name}/stat`)
    const [state, parent, group] = text?.slice(text.lastIndexOf(') ') + 2).split(' ') ?? []
    if (state === undefined || state === 'Z' || state === 'X') return []
    return [{ pid: Number(name), parent: Number(parent), group: Number(group) }]
  })
}

/** A process may end while it is looked at. */
function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return null
    throw error
  }
}

/** Resident memory of a process in bytes. */
export function residentBytes(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  if (kib === undefined) throw new Error(`Process ${pid} does not tell its resident memory.`)
  return Number(kib) * 1024
}

export const openFilesOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length

/** Waits until a group has ended by itself; kills the remaining processes and returns their number. */
export async function endOfGroup(leader: number, patience: number): Promise<number> {
  if (await waitUntil(() => groupOf(leader).length === 0, patience)) return 0
  const left = groupOf(leader).length
  killGroup(leader)
  while (groupOf(leader).length > 0) await pause(20)
  return left
}

/** Writes `users` × `perUser` ratings with planted tastes: user u rates items of block u mod 10. Users begin at `from`. */
export function writeRatings(file: string, users: number, perUser: number, from = 1): string {
  const rows = ['userId,movieId,rating,timestamp']
  for (let user = from; user < from + users; user++)
    for (let n = 0; n < perUser; n++)
      rows.push(`${user},${(user % 10) * 30 + ((user * 7 + n * 13) % 30)},${3 + ((user + n) % 5) / 2},${1_000_000 + n}`)
  writeFileSync(file, `${rows.join('\n')}\n`)
  return file
}

/** The columns of those files. */
export const ratingsMapping = { user: 'userId', item: 'movieId', rating: 'rating', time: 'timestamp' }
