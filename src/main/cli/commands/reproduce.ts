import { Option, type Command } from 'commander'
import { z } from 'zod'
import { badInput, StudioError } from '../../../shared/errors'
import { presetSet, type ExperimentDetail, type TableFormat } from '../../../shared/experiments'
import { formatCounted } from '../../../shared/format'
import { type HeldOutSet, metricNames, segmentName, type SegmentName } from '../../../shared/metrics'
import { experimentTablesText } from '../experiment-text'
import { marked, noBomHelp } from '../export-options'
import { followExperiment } from '../follow-experiment'
import { read, wholeNumber } from '../options'
import { checkOutput, writeTo, type OutputFile } from '../output-file'
import { addProtocolOptions, protocolFor, protocolShape } from '../protocol-options'
import { datasetNamed } from '../resolve'
import { withSession, type Invocation, type Session } from '../session'

const tables = { '1': 'table-1', '2': 'table-2', '3': 'table-3', ablations: 'ablations', product: 'product' } as const

const options = z.object({
  data: z.string(),
  table: z.enum(['1', '2', '3', 'ablations', 'product']),
  seeds: z.number(),
  presetSet,
  fresh: z.boolean().default(false),
  out: z.string().optional(),
  force: z.boolean().default(false),
  bom: z.boolean(),
  segment: segmentName.optional(),
  ...protocolShape,
})

export function addReproduce(program: Command, invocation: Invocation): void {
  const command = program
    .command('reproduce')
    .summary('reproduce a table of the paper on your data')
    .description(
      'Trains every system of a table of the paper on a data set, one run after the other, and prints the table: means with standard errors, the best of each column and the systems that are not significantly different from it. Finished runs with the same data, split, settings and seed are reused, so an interrupted command continues where it stopped. If a run fails, the others go on, the notes of the table give the reason, and the exit code is 1.',
    )
    .requiredOption('--data <name>', 'data set, by name or id')
    .addOption(
      new Option(
        '--table <table>',
        '1: losses; 2: ways of training; 3: all systems; ablations: one setting changed at a time; product: the best product of trained models, which is not in the paper',
      )
        .choices(Object.keys(tables))
        .makeOptionMandatory(),
    )
    .option('--seeds <n>', 'train with the seeds 1 … n', wholeNumber(1, 100), 1)
    .addOption(
      new Option('--preset-set <set>', 'small: each model’s default preset; paper: the sources’ own settings')
        .choices(presetSet.options)
        .default('small'),
    )
    .addOption(segmentOption())
    .option('--fresh', 'train everything again, even if an identical run exists')
    .option('--out <file>', 'also write the table: .csv, .md or .tex')
    .option('--force', 'replace the file if it exists')
    .option('--no-bom', noBomHelp)
  addProtocolOptions(command)
    .helpGroup('Models:')
    .addHelpText(
      'after',
      `
Examples:
  $ vasp reproduce --table 1 --data "MovieLens small"
  $ vasp reproduce --table 3 --data ml-20m --preset-set paper --seeds 3 --out table3.tex`,
    )
    .action((_options: unknown, invoked: Command) =>
      withSession(invocation, invoked, async (session) => {
        const asked = read(options, invoked)
        const dataset = await datasetNamed(session.client, asked.data)
        const output = await outputOf(asked)
        const { preparation, split } = await protocolFor(session, asked, dataset)
        const created = await session.client.experiments.create({
          name: null,
          subject: { kind: tables[asked.table], presets: asked.presetSet },
          datasets: [dataset.id],
          preparations: [preparation],
          splits: [split],
          seeds: Array.from({ length: asked.seeds }, (_, index) => index + 1),
          reuse: !asked.fresh,
        })
        await finish(invocation, session, created, { heldOut: 'test', segment: asked.segment ?? null, output })
      }),
    )
}

/** `--segment`, which `finish` reads. */
export const segmentOption = (): Option =>
  new Option(
    '--segment <name>',
    'only these test users, by activity, or targets among these items, by popularity',
  ).choices(segmentName.options)

export interface Output {
  readonly file: OutputFile
  readonly format: TableFormat
  readonly bom: boolean
}

const formats: Readonly<Record<string, TableFormat>> = { csv: 'csv', md: 'markdown', tex: 'latex' }

/** The output file of a table, checked before anything is trained. Throws BAD_INPUT for an ending that names no format. */
export async function outputOf({
  out,
  force,
  bom,
}: {
  readonly out?: string | undefined
  readonly force: boolean
  /** Whether a CSV file begins with a byte-order mark. */
  readonly bom: boolean
}): Promise<Output | null> {
  if (out === undefined) return null
  const format = formats[/\.(\w+)$/.exec(out)?.[1]?.toLowerCase() ?? '']
  if (!format) throw badInput(`${out} has no known file extension.`, 'Use a name that ends in .csv, .md or .tex.')
  return { file: await checkOutput(out, force), format, bom: bom && format === 'csv' }
}

/** What is shown of an experiment, and where it is written to. */
export interface Wanted {
  readonly heldOut: HeldOutSet
  readonly segment: SegmentName | null
  readonly output: Output | null
}

/**
 * Follows an experiment to its end and prints its tables. Failed runs are reported as warnings and set the exit code to 1; if all have failed, throws the
 * error of the first.
 */
export async function finish(
  invocation: Invocation,
  session: Session,
  { id }: Pick<ExperimentDetail, 'id'>,
  wanted: Wanted,
): Promise<void> {
  session.terminal.note(`Experiment ${id}`)
  const experiment = await followExperiment(session, id)
  const failures = experiment.runs.flatMap(({ label, seed, state, error }) =>
    state === 'failed' && error ? [{ label, seed, error }] : [],
  )
  for (const { label, seed, error } of failures)
    session.terminal.warning(`${label}, seed ${seed}, failed: ${error.message} ${error.next}`.trim())
  const [first] = failures
  if (first && experiment.finished === 0) throw new StudioError(first.error)
  if (first) invocation.exitCode = 1
  await showTables(session, experiment, wanted)
}

/** Prints the tables of an experiment, and writes them if that was requested. */
export async function showTables(
  session: Session,
  experiment: ExperimentDetail,
  { output, ...figures }: Wanted,
): Promise<void> {
  const { client, terminal } = session
  const request = { id: experiment.id, metrics: metricNames, ...figures }
  const tables = await client.experiments.tables(request)
  if (output) {
    const { text } = await client.experiments.write({ ...request, format: output.format })
    await writeTo(session, marked(text, output.bom), output.file)
  }
  const { id, finished, total, reused, failed } = experiment
  terminal.result({ experiment, tables }, () =>
    [
      experimentTablesText(tables),
      '',
      `Experiment ${id}: ${finished} of ${formatCounted(total, 'run')}, ${reused} of them reused${failed > 0 ? `, ${failed} failed` : ''}.${output ? ` Written to ${output.file.path}.` : ''}`,
    ].join('\n'),
  )
}
