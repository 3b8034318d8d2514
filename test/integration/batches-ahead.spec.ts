import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { TrainingBatch } from '../../src/main/models/model'
import { csrFromRows } from '../../src/main/numeric/csr'
import { seededRandom } from '../../src/main/numeric/random'
import { batchesOnDemand, trainingRandom, type BatchSource, type Sweep } from '../../src/main/training/sweep'
import { BatchesAhead } from '../../src/main/worker/batches-ahead'
import { appRoot } from './studio.fixture'

const entry = join(appRoot, 'out/main/batches.js')
const random = seededRandom(5)
const train = csrFromRows(
  Array.from({ length: 57 }, () =>
    random.shuffle(Int32Array.from({ length: 20 }, (_, i) => i)).slice(0, 3 + random.integer(9)),
  ),
  20,
)
const sweeps: Sweep[] = [
  { epoch: 1, sweep: 0 },
  { epoch: 1, sweep: 1 },
  { epoch: 2, sweep: 0 },
]

let ahead: BatchesAhead | null = null
afterEach(() => ahead?.close())

async function all(source: BatchSource): Promise<TrainingBatch[]> {
  const batches: TrainingBatch[] = []
  for (const sweep of sweeps) for await (const batch of source.batches(sweep)) batches.push(batch)
  return batches
}

it.each([true, false])(
  'gives from its thread what would be made on demand, sweep after sweep (augment: %s)',
  async (augment) => {
    const plan = { batchRows: 8, augment }
    ahead = new BatchesAhead(entry, { train, plan, seed: 7 })
    const made = await all(ahead)
    expect(made.length).toBeGreaterThan(20)
    expect(made).toEqual(await all(batchesOnDemand(train, plan, trainingRandom(7))))
    expect(made).not.toEqual(await all(batchesOnDemand(train, plan, trainingRandom(8))))
  },
)

it('rejects waiting requests if its thread failed', async () => {
  ahead = new BatchesAhead(join(appRoot, 'out/main/no-such-thread.js'), {
    train,
    plan: { batchRows: 8, augment: true },
    seed: 7,
  })
  await expect(all(ahead)).rejects.toThrow('no-such-thread.js')
  await expect(all(ahead)).rejects.toThrow('no-such-thread.js')
})
