import { Option, type Command } from 'commander'
import { z } from 'zod'
import { badInput } from '../../../shared/errors'
import { formatTime } from '../../../shared/format'
import { experimentId } from '../../../shared/ids'
import { segmentName } from '../../../shared/metrics'
import { experimentStateText } from '../experiment-text'
import { noBomHelp } from '../export-options'
import { read, wholeNumber } from '../options'
import { withSession, type Invocation } from '../session'
import { number, table, text } from '../table'
import { finish, outputOf, segmentOption, showTables } from './reproduce'

const options = z.object({
  show: z.number().optional(),
  resume: z.number().optional(),
  out: z.string().optional(),
  force: z.boolean().default(false),
  bom: z.boolean(),
  segment: segmentName.optional(),
})

/** `experiments`: lists experiments; `--show` prints the tables of one, `--resume` trains its missing runs. */
export function addExperiments(program: Command, invocation: Invocation): void {
  program
    .command('experiments')
    .summary('list experiments, show their tables, train what is missing')
    .description(
      'Lists the experiments of the library with their progress. --show prints the tables of one from the runs that have finished; --resume first trains the runs that are missing, failed or cancelled.',
    )
    .addOption(new Option('--show <id>', 'print the tables of this experiment').argParser(wholeNumber(1)))
    .addOption(
      new Option('--resume <id>', 'train the missing runs of this experiment, then print its tables')
        .argParser(wholeNumber(1))
        .conflicts('show'),
    )
    .addOption(segmentOption())
    .option('--out <file>', 'also write the tables: .csv, .md or .tex')
    .option('--force', 'replace the file if it exists')
    .option('--no-bom', noBomHelp)
    .helpGroup('Models:')
    .addHelpText('after', '\nExamples:\n  $ vasp experiments\n  $ vasp experiments --show 3 --out table.tex')
    .action((_options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const { client, terminal } = session
        const asked = read(options, command)
        const chosen = asked.resume ?? asked.show
        if (chosen !== undefined) {
          const output = await outputOf(asked)
          const id = experimentId.parse(chosen)
          const experiment = await client.experiments.get({ id })
          const heldOut = experiment.kind === 'search' ? 'validation' : 'test'
          if (heldOut === 'validation' && asked.segment)
            throw badInput('A search is measured on all validation users.', 'Leave out --segment.')
          const wanted = { heldOut, segment: asked.segment ?? null, output } as const
          if (asked.resume === undefined && experiment.state !== 'running') {
            await showTables(session, experiment, wanted)
            return
          }
          if (experiment.state === 'stopped') await client.experiments.resume({ id })
          await finish(invocation, session, { id }, wanted)
          return
        }
        const experiments = await client.experiments.list()
        terminal.result({ experiments }, () =>
          experiments.length === 0
            ? 'No experiments yet. Start one: vasp reproduce --table 1 --data NAME'
            : table(
                [number('id'), text('name'), text('data sets'), text('state'), text('begun')],
                experiments.map((experiment) => [
                  String(experiment.id),
                  experiment.name,
                  experiment.datasets.map(({ name }) => name).join(', '),
                  experimentStateText(experiment),
                  formatTime(experiment.createdAt),
                ]),
              ),
        )
      }),
    )
}
