import { CommanderError, type Command } from 'commander'
import type { ErrorShape } from '../../shared/errors'
import { exitCodeOf, shapeOf } from './exit'
import { vaspProgram } from './program'
import type { Invocation } from './session'
import { Terminal } from './terminal'

/**
 * Runs one command line and resolves to its exit code; every failure has been printed by then.
 * @param args without node and script @param built folder of the built cli.js
 */
export async function runCommandLine(args: readonly string[], built: string): Promise<number> {
  const invocation: Invocation = { built, exitCode: 0, newLibrary: false }
  const program = vaspProgram(invocation)
  const terminal = new Terminal({ json: args.includes('--json'), quiet: false })
  try {
    await program.parseAsync(args, { from: 'user' })
    return invocation.exitCode
  } catch (error) {
    if (error instanceof CommanderError) {
      // Requested help and version also end by an exception.
      if (error.exitCode === 0) return 0
      terminal.failure(usageError(error, commandOf(program, args)))
      return 2
    }
    const shape = shapeOf(error)
    terminal.failure(shape)
    return invocation.exitCode === 0 ? exitCodeOf(shape) : invocation.exitCode
  }
}

function usageError(error: CommanderError, command: string): ErrorShape {
  const missing = error.code === 'commander.help'
  const words = error.message.replace(/^error: /, '').trim()
  return {
    code: 'BAD_INPUT',
    message: missing ? 'No command is given.' : sentence(words),
    next: `See ${command} --help.`,
  }
}

/** "unknown option '--x'\n(Did you mean --y?)" → "Unknown option '--x'. (Did you mean --y?)" */
function sentence(words: string): string {
  const [first = '', ...rest] = words.split('\n')
  const start = first.charAt(0).toUpperCase() + first.slice(1)
  return [/[.?!]$/.test(start) ? start : `${start}.`, ...rest].join(' ')
}

/** The command whose help to read: `vasp train`, or `vasp` if none was recognised. */
function commandOf(program: Command, args: readonly string[]): string {
  let command = program
  const path = [program.name()]
  for (const arg of args) {
    const sub = command.commands.find((candidate) => candidate.name() === arg)
    if (!sub) continue
    command = sub
    path.push(arg)
  }
  return path.join(' ')
}
