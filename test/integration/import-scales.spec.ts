import fc from 'fast-check'
import { expect, test } from 'vitest'
import { importRatings } from '../../src/main/importing/import-ratings'
import { warningsOf } from '../../src/shared/reading'
import { load, named, store, write } from './import-library'
import { recordingContext } from './recording-context'

const columns = { ...named, time: null }
const unlike = 'ratings as they are written, though they seem to be on different scales is a guess'

/** Scales with their steps, from the lowest rating up. */
const scales = {
  likes: [1],
  stars: [1, 2, 3, 4, 5],
  halves: [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5],
  points: [10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
  percent: Array.from({ length: 90 }, (_, at) => 10 + at),
} as const
type Scale = keyof typeof scales

/** Ratings that use all of a scale, each step as often as the others. */
const table = (scale: Scale, from: number, rows: number): string =>
  `user,item,rating\n${Array.from({ length: rows }, (_, at) => `u${at % 7},i${from + at},${scales[scale][at % scales[scale].length]}`).join('\n')}\n`

const pair = fc.constantFrom<[Scale, Scale, boolean]>(
  ['stars', 'points', true],
  ['halves', 'percent', true],
  ['likes', 'stars', true],
  ['likes', 'points', true],
  ['stars', 'stars', false],
  ['halves', 'stars', false],
  ['points', 'percent', false],
)

test('files with ratings on different scales warn, and files of one scale do not', async () => {
  await fc.assert(
    fc.asyncProperty(
      pair,
      fc.boolean(),
      fc.integer({ min: 20, max: 90 }),
      async ([one, other, areUnlike], turned, rows) => {
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        const files = [write('a.csv', table(one, 0, rows)), write('b.csv', table(other, 1000, rows))]
        const said = warningsOf((await load(turned ? files.reverse() : files, columns)).choices)
        expect(said.filter((warning) => warning.includes(unlike))).toHaveLength(areUnlike ? 1 : 0)
      },
    ),
    { numRuns: 14 },
  )
})

test('new ratings on another scale than the version to which they are added warn', async () => {
  await fc.assert(
    fc.asyncProperty(pair, fc.boolean(), async ([one, other, areUnlike], turned) => {
      for (const { id } of store.datasets.list()) store.datasets.delete(id)
      const [first, second] = turned ? [other, one] : [one, other]
      const { dataset } = await load(write('a.csv', table(first, 0, 90)), columns)
      const added = await importRatings(
        store,
        {
          name: 'more',
          ratings: [write('b.csv', table(second, 1000, 90))],
          items: null,
          mapping: columns,
          itemMapping: null,
        },
        recordingContext().context,
        { addedTo: dataset },
      )
      expect(warningsOf(added.choices).filter((warning) => warning.includes(unlike))).toHaveLength(areUnlike ? 1 : 0)
    }),
    { numRuns: 10 },
  )
})

test('a handful of ratings proves no scale', async () => {
  const files = [write('a.csv', 'user,item,rating\nu1,a,2\nu2,b,1\n'), write('b.csv', table('stars', 10, 90))]
  expect(warningsOf((await load(files, columns)).choices).filter((warning) => warning.includes(unlike))).toEqual([])
})
