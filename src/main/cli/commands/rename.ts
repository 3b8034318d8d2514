import type { Command } from 'commander'
import { wholeNumber } from '../options'
import { datasetNamed, existingRun, preparationNamed } from '../resolve'
import { withSession, type Invocation } from '../session'

/** `rename`: changes only names. */
export function addRename(program: Command, invocation: Invocation): void {
  const renaming = program
    .command('rename')
    .summary('rename a data set, a run or a preparation')
    .description('Renames a data set (all its versions), a run or a preparation. Nothing else changes.')
    .helpGroup('Data:')
    .addHelpText(
      'after',
      '\nExamples:\n  $ vasp rename dataset films "MovieLens small"\n  $ vasp rename run 7 "Final model"',
    )

  renaming
    .command('dataset')
    .argument('<data>', 'name or id, see vasp datasets')
    .argument('<name>', 'its new name')
    .action((data: string, name: string, _options: unknown, command: Command) =>
      withSession(invocation, command, async ({ client, terminal }) => {
        const { id, name: before } = await datasetNamed(client, data)
        const renamed = await client.datasets.rename({ id, name })
        terminal.result({ renamed: 'dataset', id, name: renamed.name }, () =>
          sentence('data set', before, renamed.name),
        )
      }),
    )

  renaming
    .command('run')
    .argument('<id>', 'id of the run, see vasp runs', wholeNumber(1))
    .argument('<name>', 'its new name')
    .action((id: number, name: string, _options: unknown, command: Command) =>
      withSession(invocation, command, async ({ client, terminal }) => {
        const run = await existingRun(client, id)
        const renamed = await client.runs.rename({ run, name })
        terminal.result({ renamed: 'run', id: run, name: renamed.name }, () => `Run ${run} is now "${renamed.name}".`)
      }),
    )

  renaming
    .command('preparation')
    .argument('<preparation>', 'its name, see vasp preparations')
    .argument('<name>', 'its new name')
    .action((called: string, name: string, _options: unknown, command: Command) =>
      withSession(invocation, command, async ({ client, terminal }) => {
        const { id, name: before } = await preparationNamed(client, called)
        const renamed = await client.preparations.rename({ id, name })
        terminal.result({ renamed: 'preparation', id, name: renamed.name }, () =>
          sentence('preparation', before, renamed.name),
        )
      }),
    )
}

const sentence = (what: string, before: string, now: string): string => `The ${what} "${before}" is now "${now}".`
