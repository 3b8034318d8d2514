import { Option, type Command } from 'commander'
import { z } from 'zod'
import { badInput } from '../../../shared/errors'
import { formatBytes, formatCounted } from '../../../shared/format'
import { listSource, unknownUsers } from '../../../shared/explore'
import { exportRequest } from '../../../shared/exports'
import { memberColumns } from '../../models/registry'
import { noBomHelp, unknownUsersOption, warnOfLength } from '../export-options'
import { exportLists } from '../exported-lists'
import { numberBy, read, wholeNumber } from '../options'
import { checkOutput, copyTo } from '../output-file'
import { existingRun } from '../resolve'
import { exceptions, readUsers, userColumn, warnOfUnknown } from '../users-file'
import { withSession, type Invocation } from '../session'

const options = z.object({
  run: z.number(),
  all: z.boolean().default(false),
  user: z.array(z.string()).optional(),
  users: z.string().optional(),
  skipUnknown: z.boolean().default(false),
  unknownUsers,
  bom: z.boolean(),
  k: z.number(),
  out: z.string(),
  force: z.boolean().default(false),
})

export function addExport(program: Command, invocation: Invocation): void {
  program
    .command('export')
    .summary('write the top items of all or chosen users to CSV')
    .description(
      `Writes the best unseen items of each user to a CSV file: user, rank, item, title, score, ${memberColumns([]).join(', ')}, a column for each other member of a product, and source: ${listSource.enum.model}, or ${listSource.enum.popularity} if the model knows no item of a user. Titles that a spreadsheet would run as formulas get a leading apostrophe.`,
    )
    .requiredOption('--run <id>', 'run, see vasp runs', wholeNumber(1))
    .addOption(new Option('--all', 'every user of the data set').conflicts(['user', 'users']))
    .addOption(new Option('--user <id...>', 'only these users').conflicts('users'))
    .option('--users <file>', 'only the users in this file: one id per line, or a table with a column user_id')
    .option('--skip-unknown', 'leave out users who are not in the data set')
    .addOption(unknownUsersOption())
    .option('--k <n>', 'items per user', numberBy(exportRequest.shape.k), 100)
    .requiredOption('--out <file>', 'CSV file to write')
    .option('--force', 'replace the file if it exists')
    .option('--no-bom', noBomHelp)
    .helpGroup('Recommendations:')
    .addHelpText(
      'after',
      '\nExamples:\n  $ vasp export --run 3 --all --k 100 --out recommendations.csv\n  $ vasp export --run 3 --users vip.txt --skip-unknown --out vip.csv',
    )
    .action((_options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const asked = read(options, command)
        if (!asked.all && !asked.user && asked.users === undefined)
          throw badInput('No users are given.', 'Add --all, --user ID or --users FILE.')
        const target = await checkOutput(asked.out, asked.force)
        const run = await existingRun(session.client, asked.run)
        const named =
          asked.users === undefined
            ? asked.user
            : await readUsers(session.terminal, asked.users, await userColumn(session, run))
        const { k, skipUnknown, unknownUsers, bom } = asked
        if (named && skipUnknown) await warnOfUnknown(session, run, named)
        const request = { run, users: named ?? ('all' as const), k, skipUnknown, unknownUsers, bom }
        await warnOfLength(session, request)
        const written = await exportLists(session, request, (source) => copyTo(session, source, target))
        const { users, popular, leftOut, rows, bytes, peakBytes } = written
        const result = { file: target.path, users, popular, leftOut, rows, bytes, peakBytes }
        session.terminal.result(
          result,
          () =>
            `Wrote ${formatCounted(rows, 'row')} for ${formatCounted(users, 'user')} to ${target.path} (${formatBytes(bytes)}), with ${formatBytes(peakBytes)} of memory.${exceptions(result)}`,
        )
      }),
    )
}
