import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { StudioError } from '../../shared/errors'
import type { DatasetId } from '../../shared/ids'
import { defaultPreparation, defaultSplit, type SplitSettings } from '../../shared/runs'
import { openStore } from '../store/open'
import type { Store } from '../store/store'
import { prepareData } from './prepare'
import type { PreparedData } from './prepared'
import { prepareByFile, splitFileOf } from './split-by-file'
import { readSplitFile, type SplitFile } from './split-file'
import { type Ratings, writeRatings } from './written-dataset.fixture'

let library: string
let store: Store
let written = 0
beforeAll(() => {
  library = mkdtempSync(join(tmpdir(), 'vasp-file-'))
  store = openStore(library)
})
afterAll(() => {
  store.close()
  rmSync(library, { recursive: true, force: true })
})

const items = 9
const preparation = { ...defaultPreparation, minInteractions: 1 }
const write = (ratings: Ratings): DatasetId => writeRatings(store, `set ${written++}`, items, ratings)
const byFile = (dataset: DatasetId, file: SplitFile): PreparedData =>
  prepareByFile(store, dataset, preparation, { ...defaultSplit, method: 'file' }, file, 'it.json')
const refused = (message: RegExp): unknown =>
  expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringMatching(message) as string })

/** Tables of 12 to 20 users with times, in which everybody likes three items first and some others later. */
const tables = fc
  .array(
    fc.uniqueArray(fc.tuple(fc.integer({ min: 3, max: items - 1 }), fc.constantFrom(3, 5)), {
      selector: ([item]) => item,
      maxLength: 6,
    }),
    { minLength: 12, maxLength: 20 },
  )
  .map((users): Ratings =>
    Object.fromEntries(
      users.map((rated, user) => [
        `u${user}`,
        [[0, 5], [1, 5], [2, 5], ...rated].map(
          ([item, rating], at) => [item ?? 0, rating ?? 0, 86_400 * (at + user)] as const,
        ),
      ]),
    ),
  )
const settings = fc
  .record({
    method: fc.constantFrom<SplitSettings['method'][]>('users', 'leave-last-out', 'date'),
    seed: fc.nat(1000),
    test: fc.constantFrom(null, 2),
  })
  .map((chosen): SplitSettings => ({ ...defaultSplit, ...chosen, date: '1970-01-10' }))

/** A table may leave nobody to measure, which is refused and says nothing here. */
function preparedOrSkipped(dataset: DatasetId, split: SplitSettings): PreparedData {
  try {
    return prepareData(store, dataset, preparation, split)
  } catch (error) {
    fc.pre(!(error instanceof StudioError))
    throw error
  }
}

describe('a split file', () => {
  test('restores the same matrices, whatever split made the file', () => {
    fc.assert(
      fc.property(tables, settings, (ratings, split) => {
        const dataset = write(ratings)
        const data = preparedOrSkipped(dataset, split)
        const file = splitFileOf(store, dataset, preparation, data)
        const again = byFile(dataset, readSplitFile(JSON.stringify(file), 'it.json'))
        const { summary, ...matrices } = again
        const { summary: before, ...expected } = data
        expect(matrices).toEqual(expected)
        expect(summary).toEqual({ ...before, validationFrom: null, filters: [] })
        // Whole users are held out by users only: other tools then need no more than ids.
        if (split.method === 'users') expect(file.train.every((entry) => typeof entry === 'string')).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('keeps its own order of items and users', () => {
    const dataset = write({
      a: [
        [0, 5],
        [1, 5],
        [2, 5],
      ],
      b: [
        [2, 5],
        [0, 5],
      ],
      c: [
        [1, 5],
        [2, 5],
      ],
      d: [
        [3, 1],
        [0, 5],
      ],
    })
    const data = byFile(dataset, {
      catalogue: ['i2', 'i0', 'i3', 'i1'],
      train: ['d', 'a'],
      validation: [{ user: 'c', foldIn: ['i2'], targets: ['i1'] }],
      test: [{ user: 'b', foldIn: ['i0'], targets: ['i2'] }],
    })
    expect([...data.catalogue]).toEqual([2, 0, 3, 1])
    expect([...data.trainUsers]).toEqual([3, 0])
    // Item i3 of user d is rated below the threshold.
    expect([...data.train.indices]).toEqual([1, 1, 3, 0])
    expect([...data.test.foldIn.indices, ...data.test.targets.indices]).toEqual([1, 0])
  })
})

describe('a split file is refused', () => {
  const good: SplitFile = {
    catalogue: ['i0', 'i1', 'i2'],
    train: ['a'],
    validation: [{ user: 'b', foldIn: ['i0'], targets: ['i1'] }],
    test: [{ user: 'c', foldIn: ['i0', 'i1'], targets: ['i2'] }],
  }
  const read = (change: object): unknown => readSplitFile(JSON.stringify({ ...good, ...change }), 'it.json')

  test('where it is no JSON or not of the form', () => {
    expect(() => readSplitFile('{', 'it.json')).toThrow(refused(/it\.json is not a JSON/))
    expect(() => read({ test: undefined })).toThrow(refused(/it\.json is not a split file: test/))
    expect(() => read({ catalogue: [1, 2] })).toThrow(refused(/catalogue\.0/))
    expect(() => read({ test: [] })).toThrow(refused(/not a split file: test/))
    expect(readSplitFile(JSON.stringify({ ...good, dataset: 'others say more' }), 'it.json')).toEqual(good)
  })

  const problems: [string, object, RegExp][] = [
    ['an item is twice in the catalogue', { catalogue: ['i0', 'i1', 'i2', 'i0'] }, /1 item \(“i0”\) twice/],
    ['a user is twice among the training users', { train: ['a', 'a'] }, /1 user \(“a”\) twice in train/],
    ['an item is not in the catalogue', { catalogue: ['i0'] }, /2 items \(“i1”, “i2”\) that are not in its catalogue/],
    [
      'a target is among what is shown',
      { test: [{ user: 'c', foldIn: ['i0'], targets: ['i0'] }] },
      /“c”\) with an item twice/,
    ],
    ['a measured user is trained on', { train: ['a', 'c'] }, /“c”\) whose targets are trained on/],
    ['a target is trained on', { train: [{ user: 'b', items: ['i1'] }] }, /“b”\) whose targets are trained on/],
    [
      'a test target is shown in validation',
      { validation: [{ user: 'c', foldIn: ['i2'], targets: ['i1'] }] },
      /“c”\) whose test targets are shown in validation/,
    ],
  ]
  test.each(problems)('where %s', (_, change, message) => {
    expect(() => read(change)).toThrow(refused(message))
  })

  test('where it names users, items or interactions that the data set has not, with counts and examples', () => {
    const dataset = write({
      a: [[0, 5]],
      b: [
        [0, 5],
        [1, 5],
      ],
      c: [
        [0, 5],
        [1, 5],
        [2, 5],
      ],
    })
    expect(byFile(dataset, good).summary.testUsers).toBe(1)
    expect(() => byFile(dataset, { ...good, catalogue: [...good.catalogue, 'x1', 'x2', 'x3', 'x4', 'x5'] })).toThrow(
      refused(/5 items \(“x1”, “x2”, “x3” and 2 more\) that “set \d+” does not have/),
    )
    expect(() => byFile(dataset, { ...good, train: ['a', 'z'] })).toThrow(refused(/1 user \(“z”\) that/))
    const stranger = { user: 'b', foldIn: ['i0'], targets: ['i2'] }
    expect(() => byFile(dataset, { ...good, validation: [stranger] })).toThrow(
      refused(/1 user \(“b”\) with items that they do not have/),
    )
  })
})
