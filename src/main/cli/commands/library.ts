import type { Command } from 'commander'
import { z } from 'zod'
import type { DatasetDependents } from '../../../shared/datasets'
import { formatBytes, formatCount, formatTime } from '../../../shared/format'
import { confirm } from '../confirm'
import { read, wholeNumber } from '../options'
import { datasetNamed, existingRun, preparationNamed } from '../resolve'
import { withSession, type Invocation } from '../session'
import { number, table, text } from '../table'

const deleteOptions = z.object({ yes: z.boolean().default(false) })

/** `datasets` and `delete`: the contents of the library. */
export function addLibrary(program: Command, invocation: Invocation): void {
  program
    .command('datasets')
    .summary('list the data sets of the library')
    .description('Lists the data sets of the library.')
    .helpGroup('Data:')
    .action((_options: unknown, command: Command) =>
      withSession(invocation, command, async ({ client, terminal }) => {
        const datasets = await client.datasets.list()
        terminal.result({ datasets }, () =>
          datasets.length === 0
            ? 'No data sets yet. Import one: vasp import FILE --name NAME'
            : table(
                [
                  number('id'),
                  text('name'),
                  number('version'),
                  number('users'),
                  number('items'),
                  number('interactions'),
                  number('rejected'),
                  text('imported'),
                ],
                datasets.map((dataset) => [
                  String(dataset.id),
                  dataset.name,
                  String(dataset.version),
                  formatCount(dataset.users),
                  formatCount(dataset.items),
                  formatCount(dataset.interactions),
                  formatCount(dataset.rejected),
                  formatTime(dataset.createdAt),
                ]),
              ),
        )
      }),
    )

  const deleting = program
    .command('delete')
    .summary('delete a data set, a run or a preparation')
    .description(
      'Deletes a data set with all its runs and exports, a run with its weights and exports, or saved filters. This cannot be undone.',
    )
    .helpGroup('Data:')
    .addHelpText('after', '\nExamples:\n  $ vasp delete run 7\n  $ vasp delete dataset "MovieLens small" --yes')

  deleting
    .command('dataset')
    .description(
      'Deletes a data set with its runs, their weights and exports: all versions by name, or one version by id or as NAME@2. On a terminal it first lists what will be deleted.',
    )
    .argument('<id>', 'name, NAME@version or id, see vasp datasets')
    .option('-y, --yes', 'do not ask on a terminal')
    .action((id: string, _options: unknown, command: Command) =>
      withSession(invocation, command, async ({ client, terminal }) => {
        const dataset = await datasetNamed(client, id)
        const versions = dataset.name.toLowerCase() === id.toLowerCase() ? 'all' : 'this'
        const dependents = await client.datasets.dependents({ id: dataset.id, versions })
        const what = `data set "${dataset.name}"${dependentsText(dependents)}`
        await confirm(read(deleteOptions, command).yes, `Delete ${what}? This cannot be undone.`, 'Deleting')
        const { freedBytes } = await client.datasets.delete({ id: dataset.id, versions })
        terminal.result(
          { deleted: 'dataset', id: dataset.id, freedBytes, dependents },
          () => `Deleted ${what}, ${formatBytes(freedBytes)} freed.`,
        )
      }),
    )

  deleting
    .command('run')
    .description('Deletes one run with its weights and exports.')
    .argument('<id>', 'id of the run, see vasp runs', wholeNumber(1))
    .option('-y, --yes', 'do not ask on a terminal')
    .action((id: number, _options: unknown, command: Command) =>
      withSession(invocation, command, async ({ client, terminal }) => {
        const run = await existingRun(client, id)
        await confirm(read(deleteOptions, command).yes, `Delete run ${run}? This cannot be undone.`, 'Deleting')
        const { freedBytes } = await client.runs.delete({ run })
        terminal.result(
          { deleted: 'run', id: run, freedBytes },
          () => `Deleted run ${run}, ${formatBytes(freedBytes)} freed.`,
        )
      }),
    )

  deleting
    .command('preparation')
    .description('Deletes saved filters. Runs keep the filters with which they were trained.')
    .argument('<name>', 'its name, see vasp preparations')
    .option('-y, --yes', 'do not ask on a terminal')
    .action((called: string, _options: unknown, command: Command) =>
      withSession(invocation, command, async ({ client, terminal }) => {
        const { id, name } = await preparationNamed(client, called)
        await confirm(
          read(deleteOptions, command).yes,
          `Delete preparation "${name}"? This cannot be undone.`,
          'Deleting',
        )
        await client.preparations.delete({ id })
        terminal.result({ deleted: 'preparation', id }, () => `Deleted preparation "${name}".`)
      }),
    )
}

/** What is deleted with a data set: `, versions 1 and 2, with 3 runs, 1 export`. */
function dependentsText({ versions, runs, exports, maps, experiments }: DatasetDependents): string {
  const counted = (count: number, one: string): string[] =>
    count === 0 ? [] : [`${formatCount(count)} ${one}${count === 1 ? '' : 's'}`]
  const parts = [
    ...counted(runs.length, 'run'),
    ...counted(exports, 'export'),
    ...counted(maps, 'map'),
    ...counted(experiments.length, 'experiment'),
  ]
  const which = versions.length > 1 ? ` (${versions.length} versions)` : ''
  return `${which}${parts.length > 0 ? ` with ${parts.join(', ')}` : ''}`
}
