import { join } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import { readDevice, requireDevice } from '../../shared/devices'
import { libraryFolder } from '../engine/default-library'
import type { Engine } from '../engine/engine'
import { Interrupts } from './interrupts'
import { Terminal } from './terminal'

/** Options of every command. */
export const globalOptions = z.object({
  library: z.string().optional(),
  device: z.string().optional(),
  newLibrary: z.boolean().default(false),
  json: z.boolean().default(false),
  quiet: z.boolean().default(false),
})

/** What a command works with: the engine on the chosen library, the terminal, and interrupts. */
export interface Session {
  readonly engine: Engine
  readonly client: Engine['client']
  readonly library: string
  readonly terminal: Terminal
  readonly interrupts: Interrupts
}

/** The folder of the built bundle, and the exit code of the process; one per invocation. */
export interface Invocation {
  /** Folder of cli.js; worker.js is beside it, the renderer beside the folder. */
  readonly built: string
  exitCode: number
  /** Whether a new library may be made in a folder that has files of one but no database. */
  newLibrary: boolean
}

/** How long an interrupted command waits for the engine to end its workers before the process ends regardless. */
const patienceMs = 2000

export const terminalOf = (command: Command): Terminal => new Terminal(globalOptions.parse(command.optsWithGlobals()))

/** Starts an engine on `library` for the duration of `work`, and always shuts it down. */
export async function withEngine(
  invocation: Invocation,
  options: { library: string; host: 'cli' | 'browser'; terminal: Terminal },
  work: (session: Session) => Promise<void>,
): Promise<void> {
  // Loaded on demand, so that --help and usage errors do not wait for SQLite.
  const { startEngine } = await import('../engine/engine')
  const { forkedWorker } = await import('../jobs/forked-worker')
  const engine = await startEngine({
    library: options.library,
    newLibrary: invocation.newLibrary,
    host: options.host,
    spawnWorker: forkedWorker(join(invocation.built, 'worker.js')),
    appRoot: join(invocation.built, '..', '..'),
  })
  const interrupts = new Interrupts((code) => {
    const end = (): never => process.exit(code)
    setTimeout(end, patienceMs)
    engine.close().then(end, end)
  })
  try {
    await work({ engine, client: engine.client, library: options.library, terminal: options.terminal, interrupts })
  } finally {
    options.terminal.clear()
    if (options.host === 'cli' && interrupts.exitCode === null)
      await backUpWhereDue(engine, options.terminal, interrupts)
    await engine.close()
    interrupts.release()
    if (interrupts.exitCode !== null) invocation.exitCode = interrupts.exitCode
  }
}

/** Makes the day's backup after a command that changed something. If it fails, a message says so, but the command, which has done its work, succeeds. */
async function backUpWhereDue({ context }: Engine, terminal: Terminal, interrupts: Interrupts): Promise<void> {
  const { backups } = context
  const failure = await interrupts.during(
    () => void backups.close(),
    () => backups.lookAtEnd(() => terminal.note('Backing up the library (once a day) …')),
  )
  if (failure) terminal.warning(`${failure.message} ${failure.next}`)
}

/** Runs a usual command: with an engine on the library of `--library` or `VASP_LIBRARY`. */
export const withSession = (
  invocation: Invocation,
  command: Command,
  work: (session: Session) => Promise<void>,
): Promise<void> => {
  const { library } = globalOptions.parse(command.optsWithGlobals())
  const options = { library: libraryFolder(library), host: 'cli', terminal: terminalOf(command) } as const
  return withEngine(invocation, options, async (session) => {
    await requireAskedDevice(session)
    await work(session)
  })
}

/** A GPU named by `--device` must exist: nobody wants to train for hours on another device. */
async function requireAskedDevice({ client }: Session): Promise<void> {
  const asked = process.env['VASP_DEVICE']
  if (!asked) return
  const device = readDevice(asked, 'The device')
  if (device !== 'auto' && device !== 'cpu') requireDevice(device, await client.system.gpus())
}
