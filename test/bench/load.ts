import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareData } from '../../src/main/datasets/prepare'
import { CsrBuilder } from '../../src/main/numeric/csr'
import { openStore } from '../../src/main/store/open'
import { defaultPreparation, defaultSplit } from '../../src/shared/runs'
import { best, timingsOf, plain, type Benchmark, type BenchmarkResult, type Timing } from './benchmark'
import { fittedExponent } from './growth'
import { writeSynthetic } from './synthetic'

const PER_USER = 80
const ITEMS = 20_000
const sizes = [12_500, 50_000, 200_000]
/** Interactions per second that the engine promises. */
const TARGET = 20e6

export const load: Benchmark = {
  name: 'load',
  what: 'SQLite → sparse histories, and SQLite → implicit positives → split → sparse histories as a run needs them, in interactions per second; the ratio is to the promised 20 million',
  run(say) {
    const folder = mkdtempSync(join(tmpdir(), 'vasp-bench-'))
    const store = openStore(folder)
    return measure(store, say).finally(() => {
      store.close()
      rmSync(folder, { recursive: true, force: true })
    })
  },
}

async function measure(store: ReturnType<typeof openStore>, say: (line: string) => void): Promise<BenchmarkResult[]> {
  const results: BenchmarkResult[] = []
  const growth: { size: number; cost: number }[] = []
  for (const users of sizes) {
    const interactions = users * PER_USER
    say(`Writing ${(interactions / 1e6).toFixed(0)} million interactions …`)
    const dataset = writeSynthetic(store, `synthetic ${users}`, { users, items: ITEMS, perUser: PER_USER })
    const name = `${(interactions / 1e6).toFixed(0)} million interactions of ${users} users`
    const measured = async (what: string, work: () => unknown): Promise<Timing> => {
      const timing = best(await timingsOf(3, 1, async () => Promise.resolve(work())))
      const rate = interactions / timing.seconds
      results.push(
        {
          case: `${name}: ${what}`,
          value: rate / 1e6,
          unit: 'million interactions/s',
          ratio: rate / TARGET,
          target: 1,
          met: rate >= TARGET,
        },
        plain(
          `${name}: ${what}`,
          interactions / timing.processorSeconds / 1e6,
          'million interactions per processor second',
        ),
      )
      return timing
    }
    await measured('SQLite → CSR', () => {
      const csr = new CsrBuilder(ITEMS)
      for (const { items } of store.datasets.histories(dataset)) csr.add(items)
      return csr.finish()
    })
    const { seconds } = await measured('SQLite → positives, split and CSR', () =>
      prepareData(store, dataset, defaultPreparation, defaultSplit),
    )
    growth.push({ size: interactions, cost: seconds })
  }
  return [...results, plain('growth: exponent of the time to positives, split and CSR', fittedExponent(growth), '')]
}
