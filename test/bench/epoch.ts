import { resolve } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { configure, modelOf } from '../../src/main/models/registry'
import { csrFromRows } from '../../src/main/numeric/csr'
import { seededRandom } from '../../src/main/numeric/random'
import { epochBatches, rowsPerEpoch } from '../../src/main/training/batches'
import { BatchesAhead } from '../../src/main/worker/batches-ahead'
import { plain, type Benchmark, type BenchmarkResult } from './benchmark'
import { fittedExponent } from './growth'
import { syntheticHistory } from './synthetic'

/** MovieLens-20M after the usual preparation: 136,677 users, 20,108 items, 73 interactions each. */
const ITEMS = 20_108
const PER_USER = 73
const ALL_USERS = 136_677
const PLAN = { batchRows: 512, augment: true }
/** Samples of the users: an epoch of all takes minutes and shows no more. */
const sizes = [512, 1_024, 2_048]

export const epoch: Benchmark = {
  name: 'epoch',
  what: 'an epoch of VASP compact with A/B augmentation over users in the shape of MovieLens-20M; the ratios of waiting and preparing are shares of the epoch',
  async run(say) {
    const model = await configure(modelOf('vasp'), 'compact', { batchRows: PLAN.batchRows }).create(
      ITEMS,
      seededRandom(1),
    )
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
        const source = new BatchesAhead(resolve('out', 'main', 'batches.js'), { train, plan: PLAN, seed: 4 })
        for await (const batch of source.batches({ epoch: 1, sweep: 0 })) {
          // As the training loop does: messages of the thread arrive in between.
          await nextTurn()
          const stepStarted = performance.now()
          await model.trainStep(batch)
          computing += (performance.now() - stepStarted) / 1000
        }
        const seconds = (performance.now() - started) / 1000
        await source.close()
        const onDemand = performance.now()
        let batches = 0
        for (const { input } of epochBatches(train, PLAN, random)) batches += input.rows > 0 ? 1 : 0
        const preparing = (performance.now() - onDemand) / 1000
        growth.push({ size: users, cost: seconds })
        results.push(
          plain(`${users} users: epoch`, rowsPerEpoch(users, PLAN) / seconds, 'rows/s'),
          {
            ...plain(`${users} users: waiting for batches that a thread prepares`, seconds - computing, 's'),
            ratio: (seconds - computing) / seconds,
          },
          {
            ...plain(`${users} users: preparing the same ${batches} batches on this thread`, preparing, 's'),
            ratio: preparing / seconds,
          },
        )
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
