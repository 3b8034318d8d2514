import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { fieldsOf, modelOf, models, type ModelDefinition } from '../../src/main/models/registry'
import { openStore } from '../../src/main/store/open'
import { runId } from '../../src/shared/ids'
import type { ModelConfig, ModelKind } from '../../src/shared/models'
import { plain, type Benchmark, type BenchmarkResult } from './benchmark'
import { fittedExponent } from './growth'
import { writeSynthetic } from './synthetic'

const trained = z.looseObject({ run: runId, peakBytes: z.number(), estimatedBytes: z.number() })

interface Case {
  readonly model: ModelKind
  readonly items: number
  /** 3,000 by default. */
  readonly users?: number
  readonly overrides: ModelConfig
}

/** Few solutions: further ones take no more memory than the first. */
const solved = { lambdas: '100', l1s: '5,1', l2s: '200', iterations: 2, epochs: 2 }
/** Of these sizes a model has those that are among its settings. */
const small = { hidden: 256, latent: 128, batchRows: 256, ...solved }
const middle = { hidden: 512, latent: 256, batchRows: 512 }
const large = { hidden: 1024, latent: 512, batchRows: 512, ...solved }
const ofModel = ({ settings }: ModelDefinition, sizes: ModelConfig): ModelConfig => {
  const keys = fieldsOf(settings).map(({ key }) => key)
  return Object.fromEntries(Object.entries(sizes).filter(([key]) => keys.includes(key)))
}

const [first] = models
/** Every model small and large; the first of them at more sizes, with gradient accumulation and in large steps; models that are solved also with more users than items. */
const cases: readonly Case[] = [
  ...models.flatMap((model) => [
    { model: model.kind, items: 3_000, overrides: ofModel(model, small) },
    { model: model.kind, items: 10_000, overrides: ofModel(model, large) },
    ...(model.training === 'closed-form'
      ? [{ model: model.kind, items: 9_000, users: 15_000, overrides: ofModel(model, large) }]
      : []),
  ]),
  ...(first
    ? [middle, { ...middle, batchRows: 2048 }, { ...large, batchRows: 1024, accumulate: 4 }].map((sizes, at) => ({
        model: first.kind,
        items: at === 0 ? 6_000 : 10_000,
        overrides: ofModel(first, sizes),
      }))
    : []),
]
const USERS = 3_000
const PER_USER = 40

/** Ever more users who share the same number of interactions: what may grow is a number per user and metric. */
const userCounts = [12_500, 25_000, 50_000, 100_000]
const INTERACTIONS = 1_000_000

const execute = promisify(execFile)

/** How memory is allocated is up to each worker (`worker-environment.ts`), not to what `scripts/bench.mjs` sets for models that it trains in its own process. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => name !== 'GLIBC_TUNABLES' && !name.startsWith('MALLOC_')),
)

/** Trains a run in a library by the command line, as anybody would, and measures nothing itself. */
async function train(library: string, data: string, model: string, overrides: ModelConfig, extra: string[] = []) {
  const settings = Object.entries(overrides).flatMap(([key, value]) => ['--set', `${key}=${String(value)}`])
  const { stdout } = await execute(
    process.execPath,
    [
      'out/main/cli.js',
      'train',
      '--library',
      library,
      '--data',
      data,
      '--model',
      model,
      ...settings,
      ...extra,
      '--json',
    ],
    { env: environment, maxBuffer: 64 * 1024 * 1024 },
  )
  return trained.parse(JSON.parse(stdout))
}

/** A run's measured peak against the estimate before it. */
async function againstEstimate(library: string, say: (line: string) => void): Promise<BenchmarkResult[]> {
  const results: BenchmarkResult[] = []
  for (const { model, items, users = USERS, overrides } of cases) {
    const shown = Object.entries(overrides).map(([key, value]) => `${key}=${String(value)}`)
    say(`Training ${[`${model} of ${items} items`, ...shown].join(', ')} …`)
    const name = `${items} items, ${users} users`
    const store = openStore(library)
    if (!store.datasets.list().some((dataset) => dataset.name === name))
      writeSynthetic(store, name, { users, items, perUser: PER_USER })
    store.close()
    const stages = modelOf(model).training === 'gradient' ? { stages: '1e-3x1' } : {}
    const { peakBytes, estimatedBytes } = await train(library, name, model, { ...overrides, ...stages })
    const ratio = peakBytes / estimatedBytes
    results.push({
      case: `${[model, name, ...shown].join(', ')}: peak ÷ estimate (0.8 to 1.2)`,
      value: peakBytes / 2 ** 30,
      unit: 'GiB',
      ratio,
      target: 1.2,
      bound: 'most',
      met: ratio >= 0.8 && ratio <= 1.2,
    })
  }
  return results
}

/** Training, validation and test of ever more users. */
async function byUsers(library: string, say: (line: string) => void): Promise<BenchmarkResult[]> {
  const results: BenchmarkResult[] = []
  const growth: { size: number; cost: number }[] = []
  for (const users of userCounts) {
    say(`Training on ${users} users …`)
    const name = `${users} users`
    const store = openStore(library)
    writeSynthetic(store, name, { users, items: 2_000, perUser: INTERACTIONS / users })
    store.close()
    const overrides = { hidden: 32, stages: '1e-3x1', batchRows: 500 }
    const test = String(users / 10)
    const { peakBytes } = await train(library, name, 'mult-dae', overrides, ['--test', test, '--validation', test])
    growth.push({ size: users, cost: peakBytes })
    results.push(
      plain(
        `mult-dae, ${users} users with a million interactions, a fifth of them measured: peak of the worker`,
        peakBytes / 2 ** 20,
        'MiB',
      ),
    )
  }
  return [...results, plain('growth with users: exponent of the peak', fittedExponent(growth), '')]
}

export const memory: Benchmark = {
  name: 'memory',
  what: 'the highest resident memory of training workers, as a ratio to what the engine estimates before a run; and how it grows with the number of users',
  async run(say) {
    const library = await mkdtemp(join(tmpdir(), 'vasp-bench-'))
    try {
      return [...(await againstEstimate(library, say)), ...(await byUsers(library, say))]
    } finally {
      await rm(library, { recursive: true, force: true })
    }
  },
}
