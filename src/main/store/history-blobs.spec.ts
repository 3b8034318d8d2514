import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  itemFinder,
  itemsFromBlob,
  itemsToBlob,
  ratingsFromBlob,
  ratingsToBlob,
  timesFromBlob,
  timesToBlob,
} from './history-blobs'

/** As SQLite hands it out: at an address that no typed array would accept. */
const misaligned = (blob: Buffer): Buffer => {
  const wide = Buffer.alloc(blob.length + 1)
  blob.copy(wide, 1)
  return wide.subarray(1)
}

test('items, ratings and times come back as they were', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.array(fc.integer({ min: 0, max: 0xffff })), fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }))),
      fc.oneof(
        fc.array(fc.integer({ min: 0, max: 20 }).map((half) => half / 2)),
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true })),
      ),
      fc.oneof(
        fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 })),
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })),
      ),
      (items, ratings, times) => {
        expect([...itemsFromBlob(misaligned(itemsToBlob(Int32Array.from(items))), items.length)]).toEqual(items)
        expect([...ratingsFromBlob(misaligned(ratingsToBlob(Float32Array.from(ratings))), ratings.length)]).toEqual(
          ratings,
        )
        expect([...timesFromBlob(misaligned(timesToBlob(Float64Array.from(times))), times.length)]).toEqual(times)
      },
    ),
  )
})

test('MovieLens takes seven bytes per rating', () => {
  expect(itemsToBlob(Int32Array.of(1, 65_535))).toHaveLength(4)
  expect(ratingsToBlob(Float32Array.of(0.5, 5))).toHaveLength(2)
  expect(timesToBlob(Float64Array.of(964_982_703, 1_493_846_415))).toHaveLength(8)
})

test('an item is found at its position, and not where two others happen to have its bytes', () => {
  const item = fc.oneof(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 65_000, max: 66_000 }))
  fc.assert(
    fc.property(fc.uniqueArray(item, { maxLength: 40 }), item, (items, wanted) => {
      const blob = misaligned(itemsToBlob(Int32Array.from(items)))
      expect(itemFinder(wanted)(blob, items.length)).toBe(items.indexOf(wanted))
    }),
  )
  // 0x0201 lies across 0x0100 and 0x0002.
  expect(itemFinder(0x0201)(itemsToBlob(Int32Array.of(0x0100, 0x0002)), 2)).toBe(-1)
})
