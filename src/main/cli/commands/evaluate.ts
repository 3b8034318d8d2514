import type { Command } from 'commander'
import { z } from 'zod'
import { evaluateResult } from '../../../shared/runs'
import { follow } from '../follow'
import { metricsTable } from '../metrics-text'
import { read, wholeNumber } from '../options'
import { existingRun } from '../resolve'
import { withSession, type Invocation } from '../session'
import { readUsers, userColumn, warnOfUnknown } from '../users-file'

const options = z.object({ run: z.number(), users: z.string().optional(), skipUnknown: z.boolean().default(false) })

export function addEvaluate(program: Command, invocation: Invocation): void {
  program
    .command('evaluate')
    .summary('measure a run on its test users or on chosen users')
    .description(
      'Measures a run on its held-out test users, or on the users listed in a file. The model sees 80 % of each user’s history and is measured on the rest.',
    )
    .requiredOption('--run <id>', 'run, see vasp runs', wholeNumber(1))
    .option('--users <file>', 'text file with one user id per line, or a table with a column user_id')
    .option('--skip-unknown', 'leave out users who are not in the data set')
    .helpGroup('Models:')
    .addHelpText('after', '\nExamples:\n  $ vasp evaluate --run 3\n  $ vasp evaluate --run 3 --users vip.txt --json')
    .action((_options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const asked = read(options, command)
        const run = await existingRun(session.client, asked.run)
        const users =
          asked.users === undefined
            ? null
            : await readUsers(session.terminal, asked.users, await userColumn(session, run))
        const { skipUnknown } = asked
        if (users && skipUnknown) await warnOfUnknown(session, run, users)
        const { job } = await session.client.runs.evaluate({ run, users, skipUnknown })
        const result = await follow(session, job, 'The evaluation', evaluateResult)
        for (const warning of result.warnings) session.terminal.warning(warning)
        session.terminal.result(result, () =>
          metricsTable(`run ${run}`, [[users ? 'chosen users' : 'test', result.metrics]]),
        )
      }),
    )
}
