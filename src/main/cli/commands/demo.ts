import { statSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import { importResult, type Dataset } from '../../../shared/datasets'
import { StudioError } from '../../../shared/errors'
import type { Explanations } from '../../../shared/explore'
import { enumerated, formatCounted, formatDuration } from '../../../shared/format'
import { metricNames } from '../../../shared/metrics'
import type { ModelKind } from '../../../shared/models'
import { defaultPreparation, defaultSplit, type TrainResult } from '../../../shared/runs'
import { libraryFolder } from '../../engine/default-library'
import { namedExplanation } from '../../models/named-factors'
import { exportLists } from '../exported-lists'
import { follow } from '../follow'
import { makeFolder } from '../make-folder'
import { figure } from '../metrics-text'
import { baselines, firstModel } from '../model-names'
import { read } from '../options'
import { copyTo } from '../output-file'
import { globalOptions, terminalOf, withEngine, type Invocation, type Session } from '../session'
import { number, table, text } from '../table'
import { explanationsText } from './explain'
import { train } from './train'

const options = z.object({ out: z.string().optional() })

/** The settings of the figures in the README. */
const heldOutUsers = 60
const seed = 1
const listLength = 100
const trained = [...baselines, firstModel]

interface Demo {
  readonly library: string
  readonly dataset: Dataset
  readonly runs: readonly ({ readonly model: ModelKind } & TrainResult)[]
  readonly user: string
  readonly explanations: Explanations
  readonly export: { readonly file: string; readonly users: number; readonly rows: number }
  readonly stages: readonly { readonly stage: string; readonly seconds: number }[]
}

export function addDemo(program: Command, invocation: Invocation): void {
  program
    .command('demo')
    .summary('import, train, evaluate and export the bundled sample')
    .description(
      `Imports the bundled MovieLens sample, trains ${enumerated(trained.map(({ name }) => name))}, measures each on ${heldOutUsers} held-out users, explains one user's recommendations and exports all lists to CSV. Works in a fresh folder unless --library or --out is given.`,
    )
    .option('--out <folder>', 'folder for the library and recommendations.csv')
    .helpGroup('System:')
    .addHelpText('after', '\nExamples:\n  $ vasp demo\n  $ vasp demo --out demo --json')
    .action(async (_options: unknown, command: Command) => {
      const { out } = read(options, command)
      const folder = out === undefined ? await mkdtemp(join(tmpdir(), 'vasp-demo-')) : resolve(out)
      if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) makeFolder(folder)
      const asked = globalOptions.parse(command.optsWithGlobals()).library ?? process.env.VASP_LIBRARY
      const library = asked ? libraryFolder(asked) : join(folder, 'library')
      const terminal = terminalOf(command)
      await withEngine(invocation, { library, host: 'cli', terminal }, async (session) => {
        const demo = await perform(session, join(folder, 'recommendations.csv'))
        const { explanations } = demo
        const named = { ...explanations, explanations: explanations.explanations.map(namedExplanation) }
        terminal.result({ ...demo, explanations: named }, () => demoText(demo))
      })
    })
}

async function perform(session: Session, file: string): Promise<Demo> {
  const { client, terminal } = session
  const stages: { stage: string; seconds: number }[] = []
  const timed = async <T>(stage: string, work: () => Promise<T>): Promise<T> => {
    const start = performance.now()
    const done = await work()
    const seconds = (performance.now() - start) / 1000
    stages.push({ stage, seconds })
    terminal.note(`${stage}: ${formatDuration(seconds)}`)
    return done
  }

  const dataset = await timed('import', () => sample(session))
  const runs: ({ model: ModelKind } & TrainResult)[] = []
  for (const { kind: model } of trained) {
    const result = await timed(`train ${model}`, () =>
      train(session, {
        dataset: dataset.id,
        model,
        preset: null,
        overrides: {},
        seed,
        preparation: { ...defaultPreparation, threshold: dataset.liked.threshold },
        split: { ...defaultSplit, seed, test: heldOutUsers, validation: heldOutUsers },
        name: null,
        members: null,
      }),
    )
    runs.push({ model, ...result })
  }
  const run = runs.at(-1)?.run
  const [first] = await client.datasets.users({ id: dataset.id, query: '', limit: 1 })
  if (run === undefined || first === undefined) throw noSample()
  const explanations = await timed('explain', () =>
    client.explore.explain({ run, who: { kind: 'user', user: first.id }, item: null }),
  )
  const lists = await timed('export', () =>
    exportLists(session, { run, users: 'all', k: listLength }, (written) =>
      copyTo(session, written, { path: file, replaces: true }),
    ),
  )
  return {
    library: session.library,
    dataset,
    runs,
    user: first.id,
    explanations,
    export: { file, users: lists.users, rows: lists.rows },
    stages,
  }
}

/** Imports the bundled sample. */
async function sample(session: Session): Promise<Dataset> {
  const { job } = await session.client.datasets.importSample()
  const { dataset } = await follow(session, job, 'The import', importResult)
  return session.client.datasets.get({ id: dataset })
}

const noSample = (): StudioError =>
  new StudioError({
    code: 'INTERNAL',
    message: 'Importing the bundled sample created no data set.',
    next: 'Install VASP Studio again; if it happens again, report it.',
  })

/** The number of recommendations explained on screen; --json has ten. */
const explanationsShown = 3

function demoText({ library, dataset, runs, user, explanations, export: lists, stages }: Demo): string {
  const trainSeconds = new Map(stages.map(({ stage, seconds }) => [stage, seconds]))
  return [
    `${dataset.name}: ${formatCounted(dataset.interactions, 'rating')} of ${formatCounted(dataset.users, 'user')}; ${heldOutUsers} test and ${heldOutUsers} validation users, seed ${seed}`,
    '',
    table(
      [text('model'), ...metricNames.map(number), number('time')],
      runs.map(({ model, test }) => [
        model,
        ...metricNames.map((name) => figure(test[name])),
        formatDuration(trainSeconds.get(`train ${model}`) ?? 0),
      ]),
    ),
    '',
    `Why ${firstModel.name} recommends what it recommends to user ${user}`,
    explanationsText({ ...explanations, explanations: explanations.explanations.slice(0, explanationsShown) }),
    '',
    `Lists of ${formatCounted(lists.users, 'user')}: ${lists.file} (${formatCounted(lists.rows, 'row')})`,
    `Library: ${library}`,
    `Stages: ${stages.map(({ stage, seconds }) => `${stage} ${formatDuration(seconds)}`).join(' · ')}`,
  ].join('\n')
}
