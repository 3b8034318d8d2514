import type { Command } from 'commander'
import { z } from 'zod'
import { badInput } from '../../../shared/errors'
import { formatBytes, formatCount, formatCounted } from '../../../shared/format'
import type { SplitSummary } from '../../../shared/runs'
import { splitResult, type SplitExportRequest } from '../../../shared/splits'
import { follow } from '../follow'
import { exampleBaseline } from '../model-names'
import { numberOrNone, numberOrNull, read, wholeNumber } from '../options'
import { checkOutput, copyTo } from '../output-file'
import { addProtocolOptions, likedHelp, protocolFor, protocolShape, standardProtocol } from '../protocol-options'
import { datasetNamed, existingRun } from '../resolve'
import { withSession, type Invocation, type Session } from '../session'

const exportOptions = z.object({
  data: z.string().optional(),
  run: z.number().optional(),
  out: z.string(),
  force: z.boolean().default(false),
  ...protocolShape,
})
const importOptions = z.object({ data: z.string(), threshold: numberOrNull.optional() })

export function addSplit(program: Command, invocation: Invocation): void {
  const split = program
    .command('split')
    .summary('export or import a split as a file')
    .description(
      'Writes a split as a JSON file that other tools can read (catalogue, train, validation and test with fold-in and targets, all ids as text), or reads one, so that all tools are compared on identical users and items.',
    )
    .helpGroup('Data:')

  const exporting = split
    .command('export')
    .summary('write the split of a run, or of a data set with given settings')
    .description('Writes the split of a run, or the split that the options define for a data set, to a file.')
    .option('--data <name>', 'data set, by name or id')
    .option('--run <id>', 'run whose split to write, see vasp runs', wholeNumber(1))
    .option('--out <file>', 'JSON file to write', 'split.json')
    .option('--force', 'replace the file if it exists')
  addProtocolOptions(exporting)
    .addHelpText(
      'after',
      `
Examples:
  $ vasp split export --data "MovieLens small" --split-seed 7 --out split.json
  $ vasp split export --run 3 --out split.json
  $ vasp train --data "MovieLens small" --model ${exampleBaseline.kind} --split split.json`,
    )
    .action((_options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const asked = read(exportOptions, command)
        const target = await checkOutput(asked.out, asked.force)
        const { job, file } = await session.client.splits.export(await exportRequest(session, asked, command))
        const { summary, bytes } = await follow(session, job, 'The export', splitResult)
        await copyTo(session, session.engine.writtenFile(file), target)
        session.terminal.result(
          { file: target.path, bytes, summary },
          () => `Wrote ${target.path} (${formatBytes(bytes)}): ${summaryText(summary)}.`,
        )
      }),
    )

  split
    .command('import')
    .summary('import a split file and check it against a data set')
    .description(
      'Imports a split file into the library and summarises it for a data set. vasp train --split FILE does the same and trains with it.',
    )
    .argument('<file>', 'split file, as vasp split export writes it')
    .requiredOption('--data <name>', 'data set, by name or id')
    .option('--threshold <value>', likedHelp, numberOrNone)
    .addHelpText('after', '\nExamples:\n  $ vasp split import ml-1m-split.json --data ml-1m')
    .action((file: string, _options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const asked = read(importOptions, command)
        const dataset = await datasetNamed(session.client, asked.data)
        const { job } = await session.client.splits.check({
          dataset: dataset.id,
          preparation: {
            ...standardProtocol(dataset).preparation,
            ...(asked.threshold === undefined ? {} : { threshold: asked.threshold }),
          },
          file: await session.client.splits.import({ file: session.engine.registerFile(file) }),
        })
        const { summary } = await follow(session, job, 'The check', splitResult)
        session.terminal.result({ summary }, () => `${file} fits "${dataset.name}": ${summaryText(summary)}.`)
      }),
    )
}

/** Throws BAD_INPUT if the options describe a split in addition to that of a run. */
function refuseBesideRun(command: Command): void {
  const said = command.options.find(
    (option) => option.attributeName() in protocolShape && command.getOptionValue(option.attributeName()) !== undefined,
  )
  if (said)
    throw badInput(
      `${said.long ?? said.flags} has no effect with --run: the run’s own split is written.`,
      'Leave it out, or give the data set instead (--data).',
    )
}

async function exportRequest(
  session: Session,
  asked: z.infer<typeof exportOptions>,
  command: Command,
): Promise<SplitExportRequest> {
  if ((asked.data === undefined) === (asked.run === undefined))
    throw badInput('No split is given.', 'Give either --data NAME or --run ID.')
  if (asked.run !== undefined) {
    refuseBesideRun(command)
    return { of: 'run', run: await existingRun(session.client, asked.run) }
  }
  const dataset = await datasetNamed(session.client, asked.data ?? '')
  const { preparation, split } = await protocolFor(session, asked, dataset)
  return { of: 'settings', dataset: dataset.id, preparation, split }
}

const summaryText = (summary: SplitSummary): string =>
  `${formatCounted(summary.items, 'item')}, ${formatCounted(summary.trainUsers, 'training user')} with ${formatCounted(summary.trainInteractions, 'interaction')}, ${formatCount(summary.validationUsers)} validation and ${formatCounted(summary.testUsers, 'test user')}`
