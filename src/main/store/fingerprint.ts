import { createHash } from 'node:crypto'
import type { StoredHistory, StoredItem } from './store'

export interface Fingerprint {
  items(items: readonly StoredItem[]): void
  histories(histories: readonly StoredHistory[]): void
  /** Hexadecimal SHA-256. */
  digest(): string
}

/** Bytes that are hashed at once: each call takes as long as hashing some kilobytes, and most users have less. */
const room = 1 << 18

/**
 * SHA-256 of a data set's content, so that two machines can check that they use the same data: its items in the order of
 * their ids with title and genres, then its users in the order of theirs with items, ratings and times in time order. Files,
 * separators and the order of timed rows do not matter. Strings are hashed as JSON, numbers as little-endian arrays.
 */
export function contentFingerprint(): Fingerprint {
  const hash = createHash('sha256')
  const waiting = Buffer.alloc(room)
  let filled = 0
  const flush = (): void => {
    hash.update(waiting.subarray(0, filled))
    filled = 0
  }
  const text = (of: unknown): void => {
    const line = `${JSON.stringify(of)}\n`
    // A character is three bytes at most.
    if (filled + 3 * line.length > room) flush()
    if (3 * line.length > room) hash.update(line)
    else filled += waiting.write(line, filled)
  }
  const bytes = ({ buffer, byteOffset, byteLength }: NodeJS.TypedArray): void => {
    const values = new Uint8Array(buffer, byteOffset, byteLength)
    if (filled + byteLength > room) flush()
    if (byteLength > room) hash.update(values)
    else {
      waiting.set(values, filled)
      filled += byteLength
    }
  }
  return {
    items(items) {
      for (const { externalId, title, genres } of items) text([externalId, title, genres])
    },
    histories(histories) {
      for (const { externalId, items, ratings, times } of histories) {
        text([externalId, items.length, ratings !== null, times !== null])
        bytes(items)
        if (ratings) bytes(ratings)
        if (times) bytes(times)
      }
    },
    digest() {
      flush()
      return hash.digest('hex')
    },
  }
}
