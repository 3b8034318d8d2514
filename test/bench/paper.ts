import type { TrainingBatch } from '../../src/main/models/model'
import { configure, modelOf } from '../../src/main/models/registry'
import { csrFromRows, type Csr } from '../../src/main/numeric/csr'
import { seededRandom } from '../../src/main/numeric/random'
import { median, plain, type Benchmark, type Timing } from './benchmark'
import { denseGflop, PEAK_GFLOP, plainMatMul, weightsOf } from './peak'
import { syntheticHistory } from './synthetic'

/** The paper's largest model: its widths, all of MovieLens-20M's items, its rows of a step. */
const ITEMS = 20_720
const ROWS = 1024
const WIDTHS = { hidden: 4096, latent: 2048, batchRows: ROWS }
const STEPS = 10
/** Items of a row: half of a MovieLens-20M history, as A/B augmentation shows it. */
const SEEN = 37
/** GiB that the steps may take. */
const MEMORY = 20
/** Least share of a plain product's speed that the dense part must reach. */
const OF_PEAK = 0.85

export const paper: Benchmark = {
  name: 'paper',
  what: 'ten steps of VASP at the paper’s full size (20,720 items, 4,096 and 2,048 wide, 1,024 rows), each on other histories: speed, memory and loss',
  async run(say) {
    const random = seededRandom(1)
    say(`Making a VASP of ${ITEMS} items …`)
    const model = await configure(modelOf('vasp'), 'paper', WIDTHS).create(ITEMS, random)
    if (model.training !== 'gradient') throw new Error('VASP is trained by steps')
    const { all, dense } = weightsOf(model.parameters)
    const rows = (): Csr =>
      csrFromRows(
        Array.from({ length: ROWS }, () => syntheticHistory({ users: ROWS, items: ITEMS, perUser: SEEN }, random)),
        ITEMS,
      )
    const losses: number[] = []
    const seconds: number[] = []
    let peak = Number.NaN
    let plainProduct: Timing
    try {
      model.beginStage({ learningRate: 5e-5, epochs: 1 })
      for (let step = 0; step < STEPS; step++) {
        const batch: TrainingBatch = { input: rows(), target: rows() }
        const started = performance.now()
        const { total } = await model.trainStep(batch)
        seconds.push((performance.now() - started) / 1000)
        losses.push(total)
        say(`Step ${step + 1}: loss ${total.toFixed(3)}, ${seconds.at(-1)?.toFixed(1)} s`)
      }
      // The first of all benchmarks, so that the highest resident memory of the process is that of these steps.
      peak = process.resourceUsage().maxRSS / 2 ** 20
      plainProduct = await plainMatMul()
    } finally {
      model.dispose()
    }
    const [first = Number.NaN] = losses
    const last = losses.at(-1) ?? Number.NaN
    const fastest = Math.min(...seconds)
    const speed = denseGflop(dense, ROWS) / fastest
    const ofPlain = speed / (PEAK_GFLOP / plainProduct.seconds)
    return [
      plain('weights', all / 1e6, 'M'),
      plain('a step, median', median(seconds), 's'),
      plain('a step, fastest', fastest, 's'),
      {
        case: `dense part (${(dense / 1e6).toFixed(0)} M weights) of the fastest step; the ratio is to a plain matMul in the same run`,
        value: speed,
        unit: 'GFLOP/s',
        ratio: ofPlain,
        target: OF_PEAK,
        met: ofPlain >= OF_PEAK,
      },
      {
        case: 'highest resident memory; the ratio is to what it may be',
        value: peak,
        unit: 'GiB',
        ratio: peak / MEMORY,
        target: 1,
        bound: 'most',
        met: peak <= MEMORY,
      },
      {
        case: `loss after ${STEPS} steps; the ratio is to the first step’s`,
        value: last,
        unit: '',
        ratio: last / first,
        target: 1,
        bound: 'most',
        met: last < first,
      },
    ]
  },
}
