import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ended } from './vasp.fixture'
import { appRoot } from './studio.fixture'

export { ended, type Ended } from './vasp.fixture'

const cli = join(appRoot, 'out/main/cli.js')
const killedAt = join(appRoot, 'test/fixtures/processes/killed-at.cjs')

/** Starts `vasp …` on a library. @param within a program that starts it, as `unshare` does */
export function startCli(
  library: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  within: readonly string[] = [],
): ChildProcess {
  if (!existsSync(cli)) throw new Error('The command line is not built: run `npm run build` first.')
  const [program = process.execPath, ...rest] = [...within, process.execPath, cli, '--library', library, ...args]
  return spawn(program, rest, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** One moment at which a process is killed, see fixtures/processes/killed-at.cjs. */
export interface Moment {
  readonly call: 'rename' | 'link' | 'rmSync' | 'send'
  /** A pattern of its first argument. */
  readonly argument: string
  readonly when?: 'before' | 'after'
}

/** Runs `vasp …` until it, or its worker, is killed at a given moment. Throws if it ends otherwise. */
export async function killedAtMoment(library: string, args: readonly string[], moment: Moment): Promise<void> {
  const host = startCli(library, args, {
    NODE_OPTIONS: `--require=${killedAt}`,
    VASP_TEST_KILL: JSON.stringify(moment),
  })
  const { code, stdout, stderr } = await ended(host)
  const killed = code === null || `${stdout}${stderr}`.includes('SIGKILL')
  if (!killed) throw new Error(`vasp ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`)
}
