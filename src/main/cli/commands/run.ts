import { stat } from 'node:fs/promises'
import { Argument, Option, type Command } from 'commander'
import { z } from 'zod'
import { badInput, cancelled } from '../../../shared/errors'
import { formatBytes, formatCounted, formatTime } from '../../../shared/format'
import { environmentLines } from '../../../shared/provenance'
import { repetitionText } from '../../../shared/repetition-text'
import { trackerKind, trackerKinds, trackerTexts, trackerWarnings, type TrackerKind } from '../../../shared/trackers'
import { runStatusWord } from '../run-text'
import { read, runList, wholeNumber } from '../options'
import { checkOutput, writeTo } from '../output-file'
import { existingRun, existingRuns } from '../resolve'
import { withSession, type Invocation, type Session } from '../session'
import { listing } from '../table'
import { trackerFolder } from '../tracker-options'
import { followTraining, reportTraining } from './train'

const exportOptions = z.object({
  withData: z.boolean().default(false),
  force: z.boolean().default(false),
  to: trackerKind.optional(),
})

const runArgument = (): Argument => new Argument('<run>', 'run, see vasp runs').argParser(wholeNumber(1))

/** `run`: what one run was made with, the same run again, and runs as files. */
export function addRun(program: Command, invocation: Invocation): void {
  const run = program
    .command('run')
    .summary('show a run, train it again, or move it to another machine')
    .description('Shows what a run was trained and computed with, trains it again, or writes and reads it as one file.')
    .helpGroup('Models:')
    .addHelpText(
      'after',
      `
Examples:
  $ vasp run show 3 --json
  $ vasp run again 3
  $ vasp run export 3 films.vasprun --with-data
  $ vasp run export 3,4,7 mlruns --to mlflow
  $ vasp run import films.vasprun`,
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
        for (const warning of trackerWarnings(shown)) terminal.warning(warning)
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
            ...(shown.startedAt === null ? [] : [['Started', formatTime(shown.startedAt)] as const]),
            ...(shown.endedAt === null ? [] : [['Ended', formatTime(shown.endedAt)] as const]),
            ...shown.trackers.map(({ kind, folder }) => [trackerTexts[kind].title, folder] as const),
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

  run
    .command('export')
    .summary('write a run to one file, or runs for TensorBoard or MLflow')
    .description(
      'Writes a finished run to one file: its settings, figures, epochs, split, per-user values, items and weights, and what it was computed with. Another library imports it if it has the same data, or with the data of the file (--with-data). The file is a ZIP archive of JSON and safetensors, with the SHA-256 of each. With --to, writes one or more runs that have ended to a log folder of TensorBoard or a file store of MLflow: their epochs, figures, settings, tags and note.',
    )
    .addArgument(
      new Argument('<run>', 'run, see vasp runs; several with commas between them, with --to').argParser(runList),
    )
    .argument('<file>', 'file to write, such as films.vasprun; with --to, the folder')
    .addOption(new Option('--to <tracker>', 'write to the folder of this tracker instead').choices(trackerKinds))
    .option('--with-data', 'write the items and histories of its data set as well')
    .option('--force', 'replace the file, or what the folder has of these runs')
    .action((asked: number[], file: string, _options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const { withData, force, to } = read(exportOptions, command)
        if (to !== undefined) {
          if (withData) throw badInput('--with-data is for the file of a run.', 'Leave it out, or leave out --to.')
          await exportTo(session, asked, file, { to, force })
          return
        }
        const [only, ...others] = asked
        if (only === undefined || others.length > 0)
          throw badInput('A file has one run.', 'Export each run to a file of its own, or add --to.')
        const target = await checkOutput(file, force)
        const id = await existingRun(session.client, only)
        const { bytes: content } = session.engine.runFile(id, withData)
        await session.interrupts.during(
          () => content.destroy(cancelled('The export')),
          () => writeTo(session, content, target),
        )
        const { size } = await stat(target.path)
        session.terminal.result(
          { run: id, file: target.path, bytes: size, withData },
          () => `Wrote run ${id}${withData ? ' with its data' : ''} to ${target.path} (${formatBytes(size)}).`,
        )
      }),
    )

  run
    .command('import')
    .summary('import a run from its file')
    .description(
      'Imports a run that vasp run export wrote. It belongs to the data set of this library with the same content; if there is none, the data set is imported from the file as well.',
    )
    .argument('<file>', 'file of a run')
    .action((file: string, _options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const stopping = new AbortController()
        const imported = await session.interrupts.during(
          () => stopping.abort(cancelled('The import')),
          () => session.client.runs.import({ file: session.engine.registerFile(file) }, { signal: stopping.signal }),
        )
        const { run: id, datasetName, madeDataset } = imported
        session.terminal.result(
          imported,
          () =>
            `Imported run ${id} of “${datasetName}”, ${madeDataset ? 'whose data came from the file as well' : 'which was already in the library'}.\n\nNext: vasp run show ${id}`,
        )
      }),
    )
}

/** Writes runs to the folder of a tracker, and prints where they are. */
async function exportTo(
  { client, engine, terminal }: Session,
  asked: readonly number[],
  given: string,
  { to, force }: { to: TrackerKind; force: boolean },
): Promise<void> {
  const ids = await existingRuns(client, asked)
  const folder = trackerFolder(given)
  const runs = await engine.exportToTracker(ids, { to, folder, force })
  for (const { run, estimatedTimes } of runs)
    if (estimatedTimes)
      terminal.warning(
        `The times of the epochs of run ${run} are computed from their durations, because they were not stored when it was trained.`,
      )
  const { title, shownBy } = trackerTexts[to]
  terminal.result({ to, folder, runs }, () =>
    [
      ...runs.map(
        ({ run, path, epochs }) => `Wrote run ${run} for ${title} (${formatCounted(epochs, 'epoch')}): ${path}`,
      ),
      '',
      `Next: ${shownBy(folder)}`,
    ].join('\n'),
  )
}
