import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { z } from 'zod'
import { errorShape, type ErrorShape } from '../../src/shared/errors'
import { appRoot } from './studio.fixture'

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'vasp-cli-'))
const cli = join(appRoot, 'out/main/cli.js')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A folder with a library of its own and the built command line working on it. */
export interface Desk {
  readonly folder: string
  readonly library: string
  /** Runs `vasp …` to its end. */
  vasp(...args: string[]): Promise<Ended>
  /** Runs `vasp … --json`, expects exit code 0, and reads the one document on standard output. */
  json<Schema extends z.ZodType>(schema: Schema, ...args: string[]): Promise<z.output<Schema>>
  /** Runs `vasp … --json`, expects an error document and nothing else, and returns it with the exit code. */
  failure(...args: string[]): Promise<ErrorShape & { exit: number | null }>
  /** Starts `vasp …` and leaves it running. */
  start(...args: string[]): ChildProcess
  remove(): void
}

/**
 * @param env added to the environment of all commands
 * @param folder of another desk, to work on its library
 */
export function newDesk(env: Readonly<Record<string, string>> = {}, folder = newFolder()): Desk {
  if (!existsSync(cli)) throw new Error('The command line is not built: run `npm run build` first.')
  const library = join(folder, 'library')

  const start = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [cli, ...args], {
      cwd: folder,
      env: { ...process.env, ...env, VASP_LIBRARY: library },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const vasp = (...args: string[]): Promise<Ended> => ended(start(...args))

  return {
    folder,
    library,
    vasp,
    start,
    async json(schema, ...args) {
      const { code, stdout, stderr } = await vasp(...args, '--json')
      expect(code, `vasp ${args.join(' ')}: ${stderr}${stdout}`).toBe(0)
      return schema.parse(JSON.parse(stdout))
    },
    async failure(...args) {
      const { code, stdout } = await vasp(...args, '--json')
      const { error } = z.strictObject({ error: z.strictObject(errorShape.shape) }).parse(JSON.parse(stdout))
      expect(error.message).toMatch(/^[^\s].+[.!?)]$/s)
      expect(error.next).toMatch(/^[A-Z].+/s)
      return { ...error, exit: code }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Collects a process's output until it has ended. */
export function ended(child: ChildProcess): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
}

/** Resolves with the output so far once `stream` of a running process contains `wanted`. */
export function outputMatching(child: ChildProcess, stream: 'stdout' | 'stderr', wanted: RegExp): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) => {
    child[stream]?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (wanted.test(text)) resolve(text)
    })
    child.once('close', (code) => reject(new Error(`It ended with ${String(code)} after saying: ${text}`)))
  })
}
