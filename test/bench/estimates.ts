import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { timeEstimate } from '../../src/shared/time-estimate'
import { openStore } from '../../src/main/store/open'
import { fieldsOf, modelOf } from '../../src/main/models/registry'
import type { Benchmark, BenchmarkResult } from './benchmark'
import { writeSynthetic } from './synthetic'

/** Of the pairs of a model and data, this share must be estimated within this share of the time that the training then takes. */
const SHARE = 0.8
const WITHIN = 0.3

const kinds = ['vasp', 'flvae', 'mult-dae', 'elsa', 'ease', 'itemknn', 'ials'] as const
const data = {
  small: { users: 600, items: 5000, perUser: 80 },
  medium: { users: 6040, items: 3533, perUser: 95 },
}
/** Few epochs, all of which are trained. */
const shortened = { stages: '1e-3x4', patience: 0 }

const execute = promisify(execFile)
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => name !== 'GLIBC_TUNABLES' && !name.startsWith('MALLOC_')),
)

/** Runs `vasp train` as anybody would, and reads what it prints. */
async function train(library: string, name: string, model: string, extra: readonly string[]): Promise<unknown> {
  const keys = fieldsOf(modelOf(model).settings).map(({ key }) => key)
  const settings = Object.entries(shortened).flatMap(([key, value]) =>
    keys.includes(key) ? ['--set', `${key}=${value}`] : [],
  )
  const { stdout } = await execute(
    process.execPath,
    [
      ...['out/main/cli.js', 'train', '--library', library, '--data', name, '--model', model],
      ...[...settings, '--quiet', '--json', ...extra],
    ],
    { env: environment, maxBuffer: 2 ** 26 },
  )
  return JSON.parse(stdout)
}

async function measure(library: string, say: (line: string) => void): Promise<BenchmarkResult[]> {
  const store = openStore(library)
  for (const [name, shape] of Object.entries(data)) writeSynthetic(store, name, shape)
  store.close()
  const results: BenchmarkResult[] = []
  for (const name of Object.keys(data))
    for (const kind of kinds) {
      say(`${kind} on ${name} …`)
      const { time } = z.object({ time: timeEstimate }).parse(await train(library, name, kind, ['--estimate']))
      const { seconds } = z.looseObject({ seconds: z.number() }).parse(await train(library, name, kind, []))
      results.push({
        case: `${kind}, ${name}: estimated ÷ taken`,
        value: seconds,
        unit: 's',
        ratio: time.total / seconds,
        target: null,
        met: null,
      })
    }
  const good = results.filter(({ ratio }) => ratio !== null && Math.abs(ratio - 1) <= WITHIN).length
  return [
    ...results,
    {
      case: `pairs within ${100 * WITHIN} %, of ${results.length}`,
      value: good,
      unit: '',
      ratio: good / results.length,
      target: SHARE,
      bound: 'least',
      met: good / results.length >= SHARE,
    },
  ]
}

export const estimates: Benchmark = {
  name: 'estimates',
  what: `the time that a run is estimated to take before it starts (vasp train --estimate), divided by what it then takes: ${kinds.length} models over data of ${Object.keys(data).length} sizes`,
  async run(say) {
    const library = await mkdtemp(join(tmpdir(), 'vasp-bench-'))
    try {
      return await measure(library, say)
    } finally {
      await rm(library, { recursive: true, force: true })
    }
  },
}
