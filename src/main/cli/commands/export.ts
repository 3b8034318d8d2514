import { Option, type Command } from 'commander'
import { z } from 'zod'
import { badInput } from '../../../shared/errors'
import { formatBytes, formatCounted } from '../../../shared/format'
import { exportLists } from '../exported-lists'
import { read, wholeNumber } from '../options'
import { checkOutput, copyTo } from '../output-file'
import { existingRun } from '../resolve'
import { withSession, type Invocation } from '../session'

const options = z.object({
  run: z.number(),
  all: z.boolean().default(false),
  user: z.array(z.string()).optional(),
  k: z.number(),
  out: z.string(),
  force: z.boolean().default(false),
})

export function addExport(program: Command, invocation: Invocation): void {
  program
    .command('export')
    .summary('write the top items of all or chosen users to CSV')
    .description(
      'Writes the best unseen items of each user to a CSV file: user, rank, item, title, score, flvae, nease, and a column for each other member of a product. Titles that a spreadsheet would run as formulas are guarded.',
    )
    .requiredOption('--run <id>', 'run, see vasp runs', wholeNumber(1))
    .addOption(new Option('--all', 'every user of the data set').conflicts('user'))
    .option('--user <id...>', 'only these users')
    .option('--k <n>', 'items per user', wholeNumber(1, 1000), 100)
    .requiredOption('--out <file>', 'CSV file to write')
    .option('--force', 'replace the file if it exists')
    .helpGroup('Recommendations:')
    .addHelpText('after', '\nExamples:\n  $ vasp export --run 3 --all --k 100 --out recommendations.csv')
    .action((_options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const asked = read(options, command)
        if (!asked.all && !asked.user) throw badInput('Whose lists to export is not said.', 'Add --all, or --user ID.')
        const target = await checkOutput(asked.out, asked.force)
        const run = await existingRun(session.client, asked.run)
        const written = await exportLists(session, { run, users: asked.user ?? 'all', k: asked.k }, (source) =>
          copyTo(source, target),
        )
        const { users, rows, bytes, peakBytes } = written
        const result = { file: target, users, rows, bytes, peakBytes }
        session.terminal.result(
          result,
          () =>
            `Wrote ${formatCounted(result.rows, 'row')} for ${formatCounted(result.users, 'user')} to ${target} (${formatBytes(result.bytes)}), with ${formatBytes(result.peakBytes)} of memory.`,
        )
      }),
    )
}
