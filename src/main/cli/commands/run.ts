import { Argument, type Command } from 'commander'
import { environmentLines } from '../../../shared/provenance'
import { repetitionText } from '../../../shared/repetition-text'
import { runStatusWord } from '../run-text'
import { wholeNumber } from '../options'
import { existingRun } from '../resolve'
import { withSession, type Invocation } from '../session'
import { listing } from '../table'
import { followTraining, reportTraining } from './train'

const runArgument = (): Argument => new Argument('<run>', 'run, see vasp runs').argParser(wholeNumber(1))

/** `run`: what one run was made with, and the same run again. */
export function addRun(program: Command, invocation: Invocation): void {
  const run = program
    .command('run')
    .summary('show a run or train it again')
    .description('Shows what a run was trained and computed with, or trains it again.')
    .helpGroup('Models:')
    .addHelpText(
      'after',
      `
Examples:
  $ vasp run show 3 --json
  $ vasp run again 3`,
    )

  run
    .command('show')
    .summary('show what a run was trained and computed with')
    .description('Shows the settings, the data, the figures of a run, and what it was computed with.')
    .addArgument(runArgument())
    .action((asked: number, _options: unknown, command: Command) =>
      withSession(invocation, command, async ({ client, terminal }) => {
        const shown = await client.runs.get({ run: await existingRun(client, asked) })
        const { id, name, status: _, model, preset, seed, datasetName, datasetVersion, fingerprint } = shown
        terminal.result(shown, () =>
          listing([
            ['Run', `${id} (${name}), ${runStatusWord(shown)}`],
            ['Model', preset === null ? model : `${model}, preset ${preset}`],
            [
              'Settings',
              Object.entries(shown.config)
                .map((pair) => pair.join('='))
                .join(', '),
            ],
            ['Seed', String(seed)],
            ['Data set', `${datasetName}, version ${datasetVersion}`],
            ['SHA-256 of the data', fingerprint],
            ...(shown.environment ? environmentLines(shown.environment) : []),
            ...(shown.repeats ? [['Repeats', repetitionText(shown.repeats).join(' ')] as const] : []),
            ...(shown.imported
              ? [['Imported', `from ${shown.imported.file}, run ${shown.imported.run} there`] as const]
              : []),
          ]),
        )
      }),
    )

  run
    .command('again')
    .summary('train a finished run again and compare the weights')
    .description(
      'Trains a finished run again as a new run, with the same settings, seed, data and split. When it has finished, it says whether the weights are the same, and what the two runs were computed with where that differs.',
    )
    .addArgument(runArgument())
    .action((asked: number, _options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const { client, terminal } = session
        const id = await existingRun(client, asked)
        const { run: again, job } = await client.runs.repeat({ run: id })
        terminal.note(`Run ${again}: training run ${id} again`)
        await reportTraining(session, await followTraining(session, again, job))
      }),
    )
}
