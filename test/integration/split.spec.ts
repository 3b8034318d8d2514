import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { importResult } from '../../src/shared/datasets'
import { evaluateResult, splitSummary, trainResult, type TrainResult } from '../../src/shared/runs'
import { openStore } from '../../src/main/store/open'
import { rowOf } from '../../src/main/numeric/csr'
import { appRoot, writeRatings } from './studio.fixture'
import { newDesk, type Desk } from './vasp.fixture'

const shared = join(appRoot, '../shared')
const splitFile = z.object({ catalogue: z.array(z.string()), train: z.array(z.unknown()), test: z.array(z.unknown()) })
const exported = z.object({ file: z.string(), bytes: z.number(), summary: splitSummary })
const checked = z.object({ summary: splitSummary })
const ease = ['--model', 'ease', '--set', 'lambdas=10,100']

let desk: Desk
let trained: TrainResult
beforeAll(async () => {
  desk = newDesk()
  writeRatings(join(desk.folder, 'ratings.csv'), 120, 20)
  await desk.json(importResult, 'import', 'ratings.csv', '--name', 'planted')
  trained = await desk.json(trainResult, 'train', '--data', 'planted', '--model', 'ease', '--test', '15')
})
afterAll(() => desk.remove())

const withoutTimes = ({ validation, test, segments }: TrainResult): unknown => ({ validation, test, segments })

describe('a split', () => {
  it('goes out with a run and in with another, to exactly the same figures', async () => {
    const out = await desk.json(exported, 'split', 'export', '--run', String(trained.run), '--out', 'run.json')
    expect(out.summary).toMatchObject({ testUsers: 15, recallDenominator: 'min(k, |R|)' })
    const file = splitFile.parse(JSON.parse(readFileSync(out.file, 'utf8')))
    expect(file.train.every((entry) => typeof entry === 'string')).toBe(true)
    const { summary } = await desk.json(checked, 'split', 'import', 'run.json', '--data', 'planted')
    expect(summary).toEqual({ ...out.summary, filters: [] })

    const again = await desk.json(trainResult, 'train', '--data', 'planted', '--model', 'ease', '--split', 'run.json')
    expect(withoutTimes(again)).toEqual(withoutTimes(trained))
    const evaluated = await desk.json(evaluateResult, 'evaluate', '--run', String(again.run))
    expect(evaluated.metrics).toEqual(trained.test)
    // The file itself is no longer needed, and is exported unchanged.
    await desk.json(exported, 'split', 'export', '--run', String(again.run), '--out', 'copy.json')
    expect(readFileSync(join(desk.folder, 'copy.json'), 'utf8')).toBe(readFileSync(out.file, 'utf8'))
  })

  it('made of settings is the one that training with them uses', async () => {
    for (const options of [
      ['--test', '15'],
      ['--split', 'leave-last-out'],
    ]) {
      const out = await desk.json(exported, 'split', 'export', '--data', 'planted', ...options, '--force')
      const [direct, byFile] = [
        await desk.json(trainResult, 'train', '--data', 'planted', '--model', 'popularity', ...options),
        await desk.json(trainResult, 'train', '--data', 'planted', '--model', 'popularity', '--split', out.file),
      ]
      expect(withoutTimes(byFile)).toEqual(withoutTimes(direct))
    }
  })

  it('is stored with its run: nobody measured is trained on, and nobody is shown what they are asked for', () => {
    const store = openStore(desk.library)
    try {
      const run = store.runs.list(null).find(({ id }) => id === trained.run)
      const split = run && store.runs.split(run.id)
      if (!split?.test || !split.validation) throw new Error('The split was not stored.')
      const everybody = [...split.trainUsers, ...split.validationUsers, ...split.testUsers]
      expect(new Set(everybody).size).toBe(everybody.length)
      expect(split.test.foldIn.rows).toBe(15)
      for (const { foldIn, targets } of [split.test, split.validation])
        for (let row = 0; row < foldIn.rows; row++) {
          const shown = new Set(rowOf(foldIn, row))
          expect(rowOf(targets, row).some((item) => shown.has(item))).toBe(false)
        }
    } finally {
      store.close()
    }
  })

  it('is refused with counts and examples if it does not fit, and if it is not a split', async () => {
    const strange = {
      catalogue: ['0', 'nowhere'],
      train: ['1'],
      validation: [{ user: '2', foldIn: ['0'], targets: ['nowhere'] }],
      test: [{ user: '3', foldIn: ['0'], targets: ['nowhere'] }],
    }
    writeFileSync(join(desk.folder, 'strange.json'), JSON.stringify(strange))
    writeFileSync(join(desk.folder, 'list.json'), '[]')
    const train = (...options: string[]) => desk.failure('train', '--data', 'planted', ...ease, ...options)
    const bad = (message: RegExp): unknown => ({
      exit: 2,
      code: 'BAD_INPUT',
      message: expect.stringMatching(message) as string,
      next: expect.any(String) as string,
    })
    const named = /strange\.json names 1 item \(“nowhere”\)/
    expect(await desk.failure('split', 'import', 'strange.json', '--data', 'planted')).toEqual(bad(named))
    expect(await train('--split', 'strange.json')).toEqual(bad(named))
    expect(await train('--split', 'list.json')).toEqual(bad(/list\.json is not a split file/))
    expect(await train('--split', 'leave-one-out')).toEqual(bad(/"leave-one-out" is neither a way to split nor a file/))
    expect(await train('--split', 'date')).toEqual(bad(/needs a date/))
    expect(await desk.failure('split', 'export', '--out', 'nothing.json')).toEqual(bad(/No split is given/))
    expect(existsSync(join(desk.folder, 'nothing.json'))).toBe(false)
  })
})

const ml1m = join(shared, 'data/ml-1m/positives_ge4.csv')
const reference = join(shared, 'reference/ml-1m-split.json')
const absent = [ml1m, reference].filter((file) => !existsSync(file))

// MovieLens 1M may not be copied into the project: without ../shared there is nothing to compare with.
describe.skipIf(absent.length > 0)(
  `the split of MovieLens 1M${absent.length > 0 ? ` (absent: ${absent.join(', ')})` : ''}`,
  () => {
    it('fits the data as it lies, every user and item of it', async () => {
      await desk.json(importResult, 'import', ml1m, '--name', 'ml-1m')
      const { summary } = await desk.json(checked, 'split', 'import', reference, '--data', 'ml-1m')
      expect(summary).toMatchObject({ items: 3499, trainUsers: 4834, validationUsers: 600, testUsers: 600 })
    })
  },
)
