import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { RunId } from '../../src/shared/ids'
import { defaultPreparation, defaultSplit } from '../../src/shared/runs'
import type { Metrics } from '../../src/shared/metrics'
import { configure, modelOf } from '../../src/main/models/registry'
import { csrFromRows, type Csr } from '../../src/main/numeric/csr'
import type { JobContext } from '../../src/main/numeric/job-context'
import { seededRandom } from '../../src/main/numeric/random'
import { openStore } from '../../src/main/store/open'
import type { Store } from '../../src/main/store/store'
import { train } from '../../src/main/training/train'
import { BatchesAhead } from '../../src/main/worker/batches-ahead'
import { RunStates, stateBytes } from '../../src/main/worker/run-states'
import { median, plain, type Benchmark, type BenchmarkResult } from './benchmark'
import { syntheticHistory, writeSynthetic } from './synthetic'

/** MovieLens-1M after the usual preparation: its users, items, and liked items of a user. */
const SHAPE = { users: 6040, items: 3533, perUser: 95 }
/** Long enough for states at the share of the time that keeping them may take. */
const EPOCHS = 20
/** Of a first training that only brings the memory into use. */
const FIRST_EPOCHS = 10
/** Trainings with and without states, in turn, so that both see the same machine. */
const ROUNDS = 2
const MOST_TIME = 1.03

const configured = (epochs: number) => configure(modelOf('vasp'), 'compact', { stages: `1e-4x${epochs}`, patience: 0 })
const context: JobContext & { pause: AbortSignal; writeThread: string } = {
  pause: new AbortController().signal,
  signal: new AbortController().signal,
  progress: () => undefined,
  writeThread: resolve('out', 'main', 'writes.js'),
}
/** Validation is left out, because it takes as long with states as without. */
const unmeasured: Metrics = {
  'ndcg@100': { mean: 0, se: null, users: 0 },
  'recall@20': { mean: 0, se: null, users: 0 },
  'recall@50': { mean: 0, se: null, users: 0 },
}

interface Trained {
  /** Seconds of all epochs. */
  readonly seconds: number
  readonly kept: number
  readonly bytes: number
}

async function trained(histories: Csr, store: Store, run: RunId | null, epochs = EPOCHS): Promise<Trained> {
  const wanted = configured(epochs)
  const model = await wanted.create(SHAPE.items, seededRandom(1))
  const settings = wanted.loop
  if (!settings) throw new Error('VASP is trained by steps')
  const plan = { batchRows: settings.batchRows, augment: settings.augment }
  const batches = new BatchesAhead(resolve('out', 'main', 'batches.js'), { train: histories, plan, seed: 1 })
  const bytesOfState = stateBytes(model)
  const states = run === null ? null : new RunStates(store, run, context, 0, bytesOfState)
  let kept = 0
  const started = performance.now()
  let seconds = 0
  try {
    await train(
      {
        model,
        train: histories,
        steps: { settings, batches },
        validate: () => Promise.resolve(unmeasured),
        checkpoint: { save: () => Promise.resolve(), restoreBest: () => Promise.resolve() },
        onEpoch: () => {
          seconds = (performance.now() - started) / 1000
        },
        states: states && {
          due: (at) => states.due(at),
          async keep(position, tensors) {
            kept++
            await states.keep(position, tensors)
            seconds = (performance.now() - started) / 1000
          },
        },
      },
      context,
    )
    return { seconds, kept, bytes: run === null ? 0 : (store.runs.states(run)[0]?.bytes ?? 0) }
  } finally {
    await states?.close()
    await batches.close()
    model.dispose()
  }
}

async function measure(store: Store, say: (line: string) => void): Promise<BenchmarkResult[]> {
  const random = seededRandom(4)
  const histories = csrFromRows(
    Array.from({ length: SHAPE.users }, () => syntheticHistory(SHAPE, random)),
    SHAPE.items,
  )
  const dataset = writeSynthetic(store, 'resume', { ...SHAPE, users: 10 })
  const { id } = store.runs.create({
    name: 'resume',
    dataset,
    model: 'vasp',
    preset: 'compact',
    config: configured(EPOCHS).config,
    seed: 1,
    preparation: defaultPreparation,
    split: defaultSplit,
  })
  say('A first training, so that the memory is there …')
  await trained(histories, store, null, FIRST_EPOCHS)
  const rounds: { without: Trained; with: Trained }[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    say(`Round ${round} of ${ROUNDS}: ${EPOCHS} epochs without states and with them …`)
    rounds.push({ without: await trained(histories, store, null), with: await trained(histories, store, id) })
  }
  const without = median(rounds.map((round) => round.without.seconds))
  const kept = median(rounds.map((round) => round.with.seconds))
  const ratio = median(rounds.map((round) => round.with.seconds / round.without.seconds))
  const states = median(rounds.map((round) => round.with.kept))
  return [
    plain('an epoch without states', without / EPOCHS, 's'),
    {
      case: 'an epoch with states ÷ without',
      value: kept / EPOCHS,
      unit: 's',
      ratio,
      target: MOST_TIME,
      bound: 'most',
      // Without a state, the ratio says nothing.
      met: ratio <= MOST_TIME && states > 0,
    },
    plain(`states kept in ${EPOCHS} epochs`, states, ''),
    plain('size of a state', (rounds.at(-1)?.with.bytes ?? NaN) / 2 ** 20, 'MiB'),
  ]
}

export const resume: Benchmark = {
  name: 'resume',
  what: 'keeping the states from which an interrupted run goes on: epochs of VASP compact over users in the shape of MovieLens-1M, with states and without, in turn; the ratio is the median of the rounds',
  async run(say) {
    const folder = mkdtempSync(join(tmpdir(), 'vasp-bench-'))
    const store = openStore(folder)
    try {
      return await measure(store, say)
    } finally {
      store.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
