import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { estimateMemory } from '../../src/main/models/memory-estimate'
import { openStore } from '../../src/main/store/open'
import { runId } from '../../src/shared/ids'
import type { ModelConfig } from '../../src/shared/models'
import { plain, type Benchmark, type BenchmarkResult } from './benchmark'
import { fittedExponent } from './growth'
import { writeSynthetic } from './synthetic'

const trained = z.looseObject({ run: runId, peakBytes: z.number() })

interface Case {
  readonly items: number
  readonly overrides: ModelConfig
}

/** Small, middle and large for a machine of a few gigabytes. */
const cases: readonly Case[] = [
  { items: 3_000, overrides: { hidden: 256, latent: 128, batchRows: 256 } },
  { items: 6_000, overrides: { hidden: 512, latent: 256, batchRows: 512 } },
  { items: 10_000, overrides: { hidden: 1024, latent: 512, batchRows: 512 } },
  { items: 10_000, overrides: { hidden: 1024, latent: 512, batchRows: 1024, accumulate: 4 } },
]
const USERS = 3_000
const PER_USER = 40

/** Ever more users who share the same number of interactions: what may grow is a number per user and metric. */
const userCounts = [12_500, 25_000, 50_000, 100_000]
const INTERACTIONS = 1_000_000

const execute = promisify(execFile)

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
    { maxBuffer: 64 * 1024 * 1024 },
  )
  return trained.parse(JSON.parse(stdout))
}

/** A run's measured peak against what was estimated before it began. */
async function againstEstimate(library: string, say: (line: string) => void): Promise<BenchmarkResult[]> {
  const results: BenchmarkResult[] = []
  for (const { items, overrides } of cases) {
    const shown = Object.entries(overrides).map(([key, value]) => `${key}=${String(value)}`)
    say(`Training VASP of ${items} items, ${shown.join(', ')} …`)
    const name = `${items} items`
    const store = openStore(library)
    if (!store.datasets.list().some((dataset) => dataset.name === name))
      writeSynthetic(store, name, { users: USERS, items, perUser: PER_USER })
    store.close()
    const run = await train(library, name, 'vasp', { ...overrides, stages: '1e-3x1' })
    const after = openStore(library)
    const { config, splitSummary } = after.runs.get(run.run)
    after.close()
    const estimate = estimateMemory({
      model: 'vasp',
      config,
      items: splitSummary?.items ?? items,
      users: USERS,
      interactions: USERS * PER_USER,
    })
    const ratio = run.peakBytes / estimate.peak
    results.push({
      case: `VASP, ${items} items, ${shown.join(', ')}: peak ÷ estimate (0.8 to 1.2)`,
      value: run.peakBytes / 2 ** 30,
      unit: 'GiB',
      ratio,
      target: 1.2,
      bound: 'most',
      met: ratio >= 0.8 && ratio <= 1.2,
    })
  }
  return results
}

/** Training, validation, test and export of ever more users, a tenth of them held out. */
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
