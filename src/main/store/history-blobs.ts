import { aligned, toBlob } from './little-endian'

/**
 * A history's columns in the fewest bytes that give back exactly what was put in. The width is told by
 * bytes ÷ size: items uint16 or int32, ratings half stars in one byte or float32, times uint32 or float64.
 */

export function itemsToBlob(items: Int32Array): Buffer {
  const narrow = items.every((item) => item >= 0 && item <= 0xffff)
  return toBlob(narrow ? Uint16Array.from(items) : items)
}

export function itemsFromBlob(blob: Buffer, size: number): Int32Array {
  return blob.byteLength === 2 * size ? new Int32Array(new Uint16Array(aligned(blob))) : new Int32Array(aligned(blob))
}

const isHalfStars = (rating: number): boolean =>
  Number.isInteger(rating * 2) && rating >= 0 && rating <= 127.5 && !Object.is(rating, -0)

export function ratingsToBlob(ratings: Float32Array): Buffer {
  return toBlob(ratings.every(isHalfStars) ? Uint8Array.from(ratings, (rating) => rating * 2) : ratings)
}

export function ratingsFromBlob(blob: Buffer, size: number): Float32Array {
  if (blob.byteLength !== size) return new Float32Array(aligned(blob))
  const ratings = new Float32Array(size)
  // A plain loop: `from` with a function takes ten times as long, and every run reads every rating.
  for (let i = 0; i < size; i++) ratings[i] = (blob[i] ?? 0) / 2
  return ratings
}

const isUint32 = (time: number): boolean =>
  Number.isInteger(time) && time >= 0 && time <= 0xffffffff && !Object.is(time, -0)

export function timesToBlob(times: Float64Array): Buffer {
  return toBlob(times.every(isUint32) ? Uint32Array.from(times) : times)
}

export function timesFromBlob(blob: Buffer, size: number): Float64Array {
  return blob.byteLength === 4 * size
    ? new Float64Array(new Uint32Array(aligned(blob)))
    : new Float64Array(aligned(blob))
}
