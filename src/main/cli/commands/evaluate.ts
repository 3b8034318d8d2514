import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import { badInput, toErrorShape } from '../../../shared/errors'
import { evaluateResult } from '../../../shared/runs'
import { follow } from '../follow'
import { metricsTable } from '../metrics-text'
import { read, wholeNumber } from '../options'
import { existingRun } from '../resolve'
import { withSession, type Invocation } from '../session'

const options = z.object({ run: z.number(), users: z.string().optional() })

export function addEvaluate(program: Command, invocation: Invocation): void {
  program
    .command('evaluate')
    .summary('measure a run on its test users or on chosen users')
    .description(
      'Measures a run on its held-out test users, or on the users listed in a file. Each user shows 80 % of the history and is measured on the rest.',
    )
    .requiredOption('--run <id>', 'run, see vasp runs', wholeNumber(1))
    .option('--users <file>', 'text file with one user id per line')
    .helpGroup('Models:')
    .addHelpText('after', '\nExamples:\n  $ vasp evaluate --run 3\n  $ vasp evaluate --run 3 --users vip.txt --json')
    .action((_options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const asked = read(options, command)
        const run = await existingRun(session.client, asked.run)
        const users = asked.users === undefined ? null : await readUsers(asked.users)
        const { job } = await session.client.runs.evaluate({ run, users })
        const result = await follow(session, job, 'The evaluation', evaluateResult)
        session.terminal.result(result, () =>
          metricsTable(`run ${run}`, [[users ? 'chosen users' : 'test', result.metrics]]),
        )
      }),
    )
}

/** Distinct user ids, one per line. Throws BAD_INPUT for a file without any, or one that cannot be read. */
async function readUsers(file: string): Promise<string[]> {
  const content = await readFile(file, 'utf8').catch((error: unknown) => {
    const { message, next } = toErrorShape(error)
    throw badInput(`The users of ${file} cannot be read: ${message}`, next, { cause: error })
  })
  const lines = content.replace(/^\uFEFF/, '').split(/\r?\n/)
  const users = [...new Set(lines.map((line) => line.trim()).filter((line) => line !== ''))]
  if (users.length > 0) return users
  throw badInput(`${file} names no users.`, 'Write one user id per line.')
}
