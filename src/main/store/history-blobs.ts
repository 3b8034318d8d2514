import { aligned, toBlob } from './little-endian'

/**
 * A history's columns in the fewest bytes that give back exactly what was put in. The width is told by
 * bytes ÷ size: items uint16 or int32, ratings half stars in one byte or float32, times uint32 or float64.
 */

// Plain loops throughout: `every` and `from` with a function take many times as long, and every import and every run passes all interactions.

export function itemsToBlob(items: Int32Array): Buffer {
  const narrow = new Uint16Array(items.length)
  for (let i = 0; i < items.length; i++) {
    const item = items[i] ?? 0
    if (item < 0 || item > 0xffff) return toBlob(items)
    narrow[i] = item
  }
  return toBlob(narrow)
}

export function itemsFromBlob(blob: Buffer, size: number): Int32Array {
  return blob.byteLength === 2 * size ? new Int32Array(new Uint16Array(aligned(blob))) : new Int32Array(aligned(blob))
}

/** Of −0 no narrow type has anything: 1 / −0 is −Infinity. */
const isNegative = (value: number): boolean => value < 0 || (value === 0 && 1 / value < 0)

export function ratingsToBlob(ratings: Float32Array): Buffer {
  const halfStars = new Uint8Array(ratings.length)
  for (let i = 0; i < ratings.length; i++) {
    const twice = 2 * (ratings[i] ?? 0)
    if (!(twice <= 255) || twice !== Math.floor(twice) || isNegative(twice)) return toBlob(ratings)
    halfStars[i] = twice
  }
  return toBlob(halfStars)
}

export function ratingsFromBlob(blob: Buffer, size: number): Float32Array {
  if (blob.byteLength !== size) return new Float32Array(aligned(blob))
  const ratings = new Float32Array(size)
  for (let i = 0; i < size; i++) ratings[i] = (blob[i] ?? 0) / 2
  return ratings
}

export function timesToBlob(times: Float64Array): Buffer {
  const seconds = new Uint32Array(times.length)
  for (let i = 0; i < times.length; i++) {
    const time = times[i] ?? 0
    if (!(time <= 0xffffffff) || time !== Math.floor(time) || isNegative(time)) return toBlob(times)
    seconds[i] = time
  }
  return toBlob(seconds)
}

export function timesFromBlob(blob: Buffer, size: number): Float64Array {
  return blob.byteLength === 4 * size
    ? new Float64Array(new Uint32Array(aligned(blob)))
    : new Float64Array(aligned(blob))
}
