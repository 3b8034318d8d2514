import { Option, type Command } from 'commander'
import { z } from 'zod'
import type { Dataset } from '../../../shared/datasets'
import { cancelled } from '../../../shared/errors'
import { formatBytes, formatCount, formatDuration } from '../../../shared/format'
import { runId, type JobId, type RunId } from '../../../shared/ids'
import { modelKind, unitOf, type ConfigField } from '../../../shared/models'
import { repetitionText } from '../../../shared/repetition-text'
import { disturbanceOf, timeEstimateText } from '../../../shared/time-estimate'
import { protocolWarnings } from '../../../shared/protocol-warnings'
import { passedOver, trainResult, type NewTraining, type TrainResult } from '../../../shared/runs'
import { trackerWarnings } from '../../../shared/trackers'
import { follow } from '../follow'
import { membersTable } from '../members-table'
import { metricsTable } from '../metrics-text'
import { combiningKinds, exampleBaseline, firstModel, modelKinds } from '../model-names'
import { collectedTags, keyValue, read, runList, wholeNumber } from '../options'
import { addProtocolOptions, protocolFor, protocolOf, protocolShape } from '../protocol-options'
import { datasetNamed, existingRun } from '../resolve'
import { withSession, type Invocation, type Session } from '../session'
import { addTrackerOptions, trackerShape, trackersOf } from '../tracker-options'

const options = z.object({
  data: z.string(),
  model: modelKind,
  preset: z.string().optional(),
  set: z.record(z.string(), z.string()).default({}),
  seed: z.number(),
  ...protocolShape,
  name: z.string().optional(),
  after: z.number().optional(),
  keepState: z.boolean().default(false),
  members: z.array(runId).optional(),
  tag: z.array(z.string()).default([]),
  note: z.string().optional(),
  estimate: z.boolean().default(false),
  ...trackerShape,
})

export function addTrain(program: Command, invocation: Invocation): void {
  const baseline = exampleBaseline.kind
  const [product = firstModel.kind] = combiningKinds
  const command = program
    .command('train')
    .summary('train a model and measure it on held-out users')
    .description(
      'Trains a model on a data set. Whole users are held out, or their last items (--split). After each epoch (or candidate) the model is measured on the validation users and the best weights are kept; at the end it is measured once on the test users.',
    )
    .requiredOption('--data <name>', 'data set, by name or id')
    .addOption(new Option('--model <model>', 'what to train').choices(modelKinds).makeOptionMandatory())
    .option('--preset <preset>', 'settings to start from (vasp models lists them)')
    .option('--set <key=value>', 'change one setting; repeat for more', keyValue)
    .option(
      '--members <runs>',
      `for ${combiningKinds.join(', ')}: multiply these trained runs, separated by commas, instead of training; see vasp combine`,
      runList,
    )
    .option('--seed <n>', 'seed of all random draws in training', wholeNumber(0), 1)
    .option('--name <name>', 'name of the run')
    .option('--keep-state', 'keep the state at the end, so that the run can be trained further (vasp resume --stages)')
    .option('--after <run>', 'start once this run has finished', wholeNumber(1))
    .option('--tag <tag>', 'give the run a tag; repeat for more', collectedTags)
    .option('--note <text>', 'a note about the run, as Markdown')
    .option('--estimate', 'only say how long it would take and how much memory it would need, from a few steps')
  addProtocolOptions(addTrackerOptions(command))
    .helpGroup('Models:')
    .addHelpText(
      'after',
      `
Examples:
  $ vasp train --data "MovieLens small" --model ${firstModel.kind} --seed 1
  $ vasp train --data 1 --model ${baseline} --test 60 --validation 60
  $ vasp train --data 1 --model ${baseline} --split leave-last-out
  $ vasp train --data ml-1m --model ${baseline} --split ml-1m-split.json
  $ vasp train --data 1 --model ${firstModel.kind} --preset compact --set stages=1e-3x20,1e-4x10 --json
  $ vasp train --data 1 --model ${firstModel.kind} --set training=alternating
  $ vasp train --data 1 --model ${product} --set members=${modelKinds.slice(1, 3).join()}
  $ vasp train --data 1 --model ${product} --members 3,4
  $ vasp train --data 1 --model ${firstModel.kind} --tensorboard runs --mlflow mlruns

A combination of trained runs uses their preparation and split, and has one setting: weights=equal or weights=validation.`,
    )
    .action((_options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const { data, ...asked } = read(options, command)
        const dataset = await datasetNamed(session.client, data)
        const { verdict } = await session.client.system.accelerator()
        if (verdict.isProblem) session.terminal.note(`${verdict.reason} ${verdict.fix}`)
        const request: NewTraining = {
          dataset: dataset.id,
          model: asked.model,
          preset: asked.preset ?? null,
          overrides: asked.set,
          seed: asked.seed,
          ...(await protocolAsked(session, asked, dataset)),
          name: asked.name ?? null,
          members: asked.members ?? null,
          keepState: asked.keepState,
          tags: asked.tag,
          ...(asked.note !== undefined && { note: asked.note }),
          trackers: trackersOf(asked),
          after: asked.after === undefined ? null : await existingRun(session.client, asked.after),
        }
        await (asked.estimate ? reportEstimate(session, request) : trainAndReport(session, request))
      }),
    )

  program
    .command('models')
    .summary('list the models with their presets and settings')
    .description('Lists every model with its presets and the settings that --set changes.')
    .helpGroup('Models:')
    .action((_options: unknown, command: Command) =>
      withSession(invocation, command, async ({ client, terminal }) => {
        const models = await client.runs.models()
        terminal.result({ models }, () =>
          models
            .map((model) =>
              [
                `${model.kind}  ${model.name}: ${model.summary}${
                  model.linear ? ' Explained by the contribution of each item of the history.' : ''
                }`,
                ...model.presets.map(
                  (preset) =>
                    `  --preset ${preset.name}${preset.name === model.defaultPreset ? ' (default)' : ''}: ${preset.description}`,
                ),
                ...model.fields.map(
                  (field) => `  --set ${field.key}=${placeholder(field)}  ${field.help || field.label}`,
                ),
              ].join('\n'),
            )
            .join('\n\n'),
        )
      }),
    )
}

/** `<epochs>`, or `…` where the value counts nothing. */
function placeholder(field: ConfigField): string {
  const unit = unitOf(field)
  return unit === null ? '…' : `<${unit}>`
}

/** The protocol of the options; for a combination of trained runs, missing options follow the first of the runs. */
async function protocolAsked(
  session: Session,
  asked: Omit<z.infer<typeof options>, 'data'>,
  dataset: Dataset,
): ReturnType<typeof protocolOf> {
  const [member] = asked.members ?? []
  if (member === undefined) return protocolFor(session, asked, dataset)
  return protocolOf(session, asked, await session.client.runs.get({ run: await existingRun(session.client, member) }))
}

/** Trains one run and prints its figures; for a combination of trained runs also its members, their weights and the reasons. */
export async function trainAndReport(session: Session, request: NewTraining): Promise<void> {
  await reportTraining(session, await train(session, request))
}

/** Prints how long a run would take, and its memory; trains nothing. */
async function reportEstimate({ client, terminal, interrupts }: Session, request: NewTraining): Promise<void> {
  const stopping = new AbortController()
  const time = await interrupts.during(
    () => stopping.abort(cancelled('The estimate')),
    () => client.runs.estimateTime(request, { signal: stopping.signal }),
  )
  const memory = await client.runs.estimate(request)
  const training = (await client.runs.models()).find(({ kind }) => kind === request.model)?.training ?? 'gradient'
  const disturbance = disturbanceOf(time)
  if (disturbance !== null) terminal.warning(disturbance)
  terminal.result({ time, memory }, () => {
    const said = timeEstimateText(time, training)
    const free = `${formatBytes(memory.usable)} free${memory.gpu === null ? '' : ` on ${memory.gpu}`}`
    return [
      `${said.time}: ${said.detail}`,
      ...(memory.peak === null ? [] : [`Memory: about ${formatBytes(memory.peak)}, ${free}.`]),
    ].join('\n')
  })
}

/** Prints the figures of a finished training. */
export async function reportTraining(session: Session, result: TrainResult): Promise<void> {
  const run = await session.client.runs.get({ run: result.run })
  const { members, repeats } = run
  const untracked = trackerWarnings(run)
  for (const warning of untracked) session.terminal.warning(warning)
  const also = { ...(members && { members }), ...(repeats && { repeats }) }
  session.terminal.result({ ...result, warnings: [...result.warnings, ...untracked], ...also }, () =>
    [
      ...(members === null ? [] : [membersTable(members), '']),
      trainedText(result),
      ...(repeats === null ? [] : ['', ...repetitionText(repeats)]),
    ].join('\n'),
  )
}

/** Trains one run to its end; warnings about its data are printed as soon as they are prepared, not after hours. */
export async function train(session: Session, request: NewTraining): Promise<TrainResult> {
  const { client, terminal } = session
  const { run, job } = await client.runs.train(request)
  terminal.note(`Run ${run}: ${request.members ? 'combining trained runs' : `training ${request.model}`}`)
  return followTraining(session, run, job)
}

/** Follows a training to its end. */
export async function followTraining(session: Session, run: RunId, job: JobId): Promise<TrainResult> {
  const { client, terminal } = session
  let stage = ''
  let warned = false
  const before = (await client.runs.get({ run })).continued.length
  let hasBegun = false
  return follow(session, job, 'The training', trainResult, async (event) => {
    // Where it goes on is known before its first epoch.
    if (event.type === 'epoch' && !hasBegun) {
      hasBegun = true
      const { continued } = await client.runs.get({ run })
      for (const text of continued.slice(before).map(passedOver)) if (text !== null) terminal.warning(text)
    }
    if (warned || (event.type === 'progress' && event.progress.stage === stage)) return
    if (event.type === 'progress') stage = event.progress.stage
    const { splitSummary } = await client.runs.get({ run })
    if (splitSummary === null) return
    warned = true
    for (const warning of protocolWarnings(splitSummary)) terminal.warning(warning)
  })
}

/** The text about a finished training. */
const trainedText = (result: TrainResult): string =>
  [
    `Run ${result.run} finished in ${formatDuration(result.seconds)}: best epoch ${result.bestEpoch}, ${formatCount(result.rowsPerSecond)} rows/s, peak memory ${formatBytes(result.peakBytes)}${result.estimatedBytes === null ? '' : ` (estimated ${formatBytes(result.estimatedBytes)})`}.`,
    '',
    metricsTable('', [
      ['validation', result.validation],
      ['test', result.test],
    ]),
    '',
    `Next: vasp recommend --run ${result.run} --user ID`,
  ].join('\n')
