import { aligned, toBlob } from './little-endian'

/**
 * A history's columns in the fewest bytes from which they can be restored exactly. The width follows from
 * bytes ÷ size: items uint16 or int32, ratings half stars in one byte or float32, times uint32 or float64.
 *
 * A blob shares memory with the next one of its column, so it must be stored before the next one is made. Separate memory for each user's three
 * columns took more time than filling it.
 */

// Plain loops throughout: `every` and `from` with a function take many times as long, and every import and every run processes all interactions.

let narrowItems = new Uint16Array(1024)
let halfStars = new Uint8Array(1024)
let wholeSeconds = new Uint32Array(1024)

export function itemsToBlob(items: Int32Array): Buffer {
  const size = items.length
  if (narrowItems.length < size) narrowItems = new Uint16Array(2 * size)
  for (let i = 0; i < size; i++) {
    const item = items[i] ?? 0
    if (item < 0 || item > 0xffff) return toBlob(items)
    narrowItems[i] = item
  }
  return toBlob(narrowItems.subarray(0, size))
}

export function itemsFromBlob(blob: Buffer, size: number): Int32Array {
  if (blob.byteLength !== 2 * size) return new Int32Array(aligned(blob))
  const items = new Int32Array(size)
  for (let i = 0; i < size; i++) items[i] = (blob[2 * i] ?? 0) | ((blob[2 * i + 1] ?? 0) << 8)
  return items
}

/** No narrow type has a −0: 1 / −0 is −Infinity. */
const isNegative = (value: number): boolean => value < 0 || (value === 0 && 1 / value < 0)

export function ratingsToBlob(ratings: Float32Array): Buffer {
  const size = ratings.length
  if (halfStars.length < size) halfStars = new Uint8Array(2 * size)
  for (let i = 0; i < size; i++) {
    const twice = 2 * (ratings[i] ?? 0)
    if (!(twice <= 255) || twice !== Math.floor(twice) || isNegative(twice)) return toBlob(ratings)
    halfStars[i] = twice
  }
  return toBlob(halfStars.subarray(0, size))
}

export function ratingsFromBlob(blob: Buffer, size: number): Float32Array {
  if (blob.byteLength !== size) return new Float32Array(aligned(blob))
  const ratings = new Float32Array(size)
  for (let i = 0; i < size; i++) ratings[i] = (blob[i] ?? 0) / 2
  return ratings
}

export function timesToBlob(times: Float64Array): Buffer {
  const size = times.length
  if (wholeSeconds.length < size) wholeSeconds = new Uint32Array(2 * size)
  for (let i = 0; i < size; i++) {
    const time = times[i] ?? 0
    if (!(time <= 0xffffffff) || time !== Math.floor(time) || isNegative(time)) return toBlob(times)
    wholeSeconds[i] = time
  }
  return toBlob(wholeSeconds.subarray(0, size))
}

export function timesFromBlob(blob: Buffer, size: number): Float64Array {
  if (blob.byteLength !== 4 * size) return new Float64Array(aligned(blob))
  const times = new Float64Array(size)
  for (let i = 0, at = 0; i < size; i++, at += 4)
    times[i] =
      ((blob[at] ?? 0) | ((blob[at + 1] ?? 0) << 8) | ((blob[at + 2] ?? 0) << 16) | ((blob[at + 3] ?? 0) << 24)) >>> 0
  return times
}

/** Finds the position of one item in blobs of items, without reading their other content; −1 if it is not in a blob. */
export function itemFinder(item: number): (blob: Buffer, size: number) => number {
  const wide = Buffer.alloc(4)
  wide.writeInt32LE(item)
  const narrow = item <= 0xffff ? wide.subarray(0, 2) : null
  return (blob, size) => {
    const wanted = blob.byteLength === 2 * size ? narrow : wide
    if (wanted === null) return -1
    let at = blob.indexOf(wanted)
    // A match that begins within one number and ends within the next does not count.
    while (at >= 0 && at % wanted.length !== 0) at = blob.indexOf(wanted, at + 1)
    return at < 0 ? -1 : at / wanted.length
  }
}
