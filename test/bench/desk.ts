import { runId, type DatasetId, type RunId } from '../../src/shared/ids'
import { targetMetricNames, type Metrics, type TestMetrics } from '../../src/shared/metrics'
import { defaultPreparation, defaultSplit } from '../../src/shared/runs'
import { configure, modelOf } from '../../src/main/models/registry'
import { csrFromRows } from '../../src/main/numeric/csr'
import { seededRandom } from '../../src/main/numeric/random'
import { meanAndError } from '../../src/main/numeric/statistics'
import { openStore } from '../../src/main/store/open'
import type { Store } from '../../src/main/store/store'
import { openChromium, required, type Host } from '../e2e/hosts'
import { median, type Benchmark, type BenchmarkResult } from './benchmark'
import { writeSynthetic } from './synthetic'

const SIZES = [10, 100, 1000]
const EPOCHS = 100
const TEST_USERS = 1000
const COMPARED = 20
const ROUNDS = 5
/** Most milliseconds until the table with the most runs shows its rows, and until a comparison shows its figures. */
const MOST = { table: 300, comparison: 500 }

/** Stores a finished run with all that a training stores, but for its weights. */
function plant(store: Store, dataset: DatasetId, number: number): RunId {
  const random = seededRandom(number)
  const quality = 0.2 + 0.2 * random.uniform()
  const perUser = Float32Array.from({ length: TEST_USERS }, () => Math.min(1, quality * 2 * random.uniform()))
  const figure = meanAndError(perUser)
  const headline: Metrics = { 'ndcg@100': figure, 'recall@20': figure, 'recall@50': figure }
  const test = Object.fromEntries(targetMetricNames.map((name) => [name, figure])) as TestMetrics
  const { config } = configure(modelOf('vasp'), 'compact', { latent: 64 + (number % 5) * 64 })
  return store.transaction(() => {
    const { id } = store.runs.create({
      name: `VASP ${number}`,
      ...{ dataset, model: 'vasp', preset: 'compact', config, seed: number },
      ...{ preparation: defaultPreparation, split: defaultSplit },
    })
    store.runs.started(id, { backend: 'tensorflow', version: '2.21.0', device: 'CPU', threads: 2 })
    const users = Int32Array.from({ length: TEST_USERS }, (_, user) => user)
    const heldOut = {
      foldIn: csrFromRows(
        Array.from(users, () => [0, 1, 2]),
        20,
      ),
      targets: csrFromRows(
        Array.from(users, () => [3]),
        20,
      ),
    }
    store.runs.saveSplit(
      id,
      {
        catalogue: Int32Array.from({ length: 20 }, (_, item) => item),
        trainUsers: users,
        validationUsers: users.subarray(0, 1),
        testUsers: users,
        trainCounts: new Int32Array(20).fill(1),
        validation: { foldIn: csrFromRows([[0]], 20), targets: csrFromRows([[1]], 20) },
        test: heldOut,
      },
      {
        ...{ items: 20, trainUsers: TEST_USERS, validationUsers: 1, testUsers: TEST_USERS },
        ...{ trainInteractions: TEST_USERS, droppedUsers: 0, filters: [], validationFrom: null },
        recallDenominator: 'min(k, |R|)',
      },
    )
    for (let epoch = 1; epoch <= EPOCHS; epoch++)
      store.runs.addEpoch(id, {
        epoch,
        label: 'lr 1e-4',
        loss: { focal: 3 / epoch, kl: 0.5, total: 3 / epoch + 0.5 },
        validation: headline,
        seconds: 2,
        rowsPerSecond: 3000,
      })
    for (const name of targetMetricNames) store.runs.saveUserMetric(id, 'test', name, perUser)
    store.runs.finish(id, {
      ...{ bestEpoch: EPOCHS, validation: headline, test, segments: [], seconds: 200, rowsPerSecond: 3000 },
      ...{ peakBytes: 2 ** 30, parameters: 1e6 },
    })
    return id
  })
}

/** Milliseconds from a click on `link`, or from a new address, to the frame that shows the wanted element. */
const opened = ({ page }: Host, from: { readonly link: string } | { readonly hash: string }, wanted: string) =>
  page.evaluate(
    ([begin, shown]) =>
      new Promise<number>((resolve) => {
        const began = performance.now()
        if ('link' in begin) document.querySelector<HTMLElement>(begin.link)?.click()
        else location.hash = begin.hash
        const look = (): void => {
          if (document.querySelector(shown)) requestAnimationFrame(() => resolve(performance.now() - began))
          else requestAnimationFrame(look)
        }
        look()
      }),
    [from, wanted] as const,
  )

/** Milliseconds for a page that has been loaded, but whose questions have not been asked yet. */
async function afresh(host: Host, hash: string, link: string, wanted: string): Promise<number> {
  const { page } = host
  // The code of the page is loaded once before, as in an application that has been used.
  await page.evaluate((to) => (location.hash = to), hash)
  await page.locator(wanted).first().waitFor({ timeout: 120_000 })
  await page.evaluate(() => (location.hash = '#/system'))
  await page.reload()
  await page.locator(link).first().waitFor({ timeout: 120_000 })
  await page.waitForTimeout(1500)
  return opened(host, { link }, wanted)
}

async function measure(host: Host, say: (line: string) => void): Promise<BenchmarkResult[]> {
  const store = openStore(host.library)
  const dataset = writeSynthetic(store, 'desk', { users: TEST_USERS, items: 20, perUser: 5 })
  const results: BenchmarkResult[] = []
  const tables = new Map<number, number>()
  try {
    let planted = 0
    for (const size of SIZES) {
      say(`${size} runs of ${EPOCHS} epochs …`)
      while (planted < size) plant(store, dataset, ++planted)
      const times: number[] = []
      for (let round = 0; round < ROUNDS; round++)
        times.push(await afresh(host, '#/runs', '[data-testid="nav-runs"]', '[data-testid="run-list"] tr[data-row]'))
      tables.set(size, median(times))
      const largest = size === SIZES.at(-1)
      const base = tables.get(SIZES[0] ?? 0) ?? NaN
      results.push({
        case: `table of ${size} runs opens`,
        value: median(times),
        unit: 'ms',
        ratio: size === SIZES[0] ? null : median(times) / base,
        target: largest ? MOST.table : null,
        bound: 'most',
        met: largest ? median(times) <= MOST.table : null,
      })
    }
    say(`A comparison of ${COMPARED} runs …`)
    const chosen = Array.from({ length: COMPARED }, (_, index) => runId.parse(index + 1)).join(',')
    const times: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      await host.page.evaluate(() => (location.hash = '#/system'))
      await host.page.reload()
      await host.page.locator('[data-testid="nav-runs"]').waitFor()
      await host.page.waitForTimeout(1500)
      times.push(
        await opened(host, { hash: `#/runs/compare?runs=${chosen}` }, '[data-testid="compared-figures"] tbody tr'),
      )
    }
    results.push({
      case: `comparison of ${COMPARED} runs, ${TEST_USERS} users`,
      value: median(times),
      unit: 'ms',
      ratio: null,
      target: MOST.comparison,
      bound: 'most',
      met: median(times) <= MOST.comparison,
    })
    return results
  } finally {
    store.close()
  }
}

export const desk: Benchmark = {
  name: 'desk',
  what: 'the table of runs and a comparison in Chromium, with stored runs of 100 epochs: from the click to the frame with the rows, nothing known to the page before; the ratio is to 10 runs',
  async run(say) {
    const host = await openChromium(required('VASP_E2E_CHROMIUM'))
    try {
      return await measure(host, say)
    } finally {
      await host.close()
    }
  },
}
