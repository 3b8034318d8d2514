import { modelEntry, resolveConfig } from '../../src/main/models/registry'
import { csrFromRows } from '../../src/main/numeric/csr'
import { seededRandom } from '../../src/main/numeric/random'
import { epochBatches, rowsPerEpoch } from '../../src/main/training/batches'
import { plain, type Benchmark, type BenchmarkResult } from './benchmark'
import { fittedExponent } from './growth'
import { syntheticHistory } from './synthetic'

/** MovieLens-20M after the usual preparation: 136,677 users, 20,108 items, 73 interactions each. */
const ITEMS = 20_108
const PER_USER = 73
const ALL_USERS = 136_677
const PLAN = { batchRows: 512, augment: true }
/** Samples of the users: an epoch of all takes minutes and tells no more. */
const sizes = [512, 1_024, 2_048]

export const epoch: Benchmark = {
  name: 'epoch',
  what: 'an epoch of VASP compact with A/B augmentation over users in the shape of MovieLens-20M; the ratio of “preparing batches” is its share of the epoch',
  async run(say) {
    const entry = modelEntry('vasp')
    const create = await entry.load()
    const model = create(resolveConfig(entry, 'compact', { batchRows: PLAN.batchRows }), ITEMS, seededRandom(1))
    if (model.training !== 'gradient') throw new Error('VASP is trained by steps')
    const results: BenchmarkResult[] = []
    const growth: { size: number; cost: number }[] = []
    try {
      model.beginStage({ learningRate: 1e-4, epochs: 1 })
      for (const users of sizes) {
        say(`An epoch of ${users} users …`)
        const random = seededRandom(4)
        const shape = { users, items: ITEMS, perUser: PER_USER }
        const train = csrFromRows(
          Array.from({ length: users }, () => syntheticHistory(shape, random)),
          ITEMS,
        )
        const started = performance.now()
        let computing = 0
        for (const batch of epochBatches(train, PLAN, random)) {
          const stepStarted = performance.now()
          await model.trainStep(batch)
          computing += (performance.now() - stepStarted) / 1000
        }
        const seconds = (performance.now() - started) / 1000
        growth.push({ size: users, cost: seconds })
        results.push(plain(`${users} users: epoch`, rowsPerEpoch(users, PLAN) / seconds, 'rows/s'), {
          ...plain(`${users} users: preparing batches`, seconds - computing, 's'),
          ratio: (seconds - computing) / seconds,
        })
      }
    } finally {
      model.dispose()
    }
    const last = growth.at(-1)
    const exponent = fittedExponent(growth)
    return [
      ...results,
      plain('growth: exponent of the time', exponent, ''),
      plain(
        `all ${ALL_USERS} users, by that exponent`,
        (last?.cost ?? 0) * (ALL_USERS / (last?.size ?? 1)) ** exponent,
        's',
      ),
    ]
  },
}
