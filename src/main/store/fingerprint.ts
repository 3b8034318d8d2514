import { createHash } from 'node:crypto'
import type { StoredHistory, StoredItem } from './store'

export interface Fingerprint {
  items(items: readonly StoredItem[]): void
  histories(histories: readonly StoredHistory[]): void
  /** Hexadecimal SHA-256. */
  digest(): string
}

/**
 * SHA-256 of a data set's content, so that two machines can tell that they use the same data: its items in the order of
 * their ids with title and genres, then its users in the order of theirs with items, ratings and times in time order. Files,
 * separators and the order of timed rows do not matter. Strings are hashed as JSON, numbers as little-endian arrays.
 */
export function contentFingerprint(): Fingerprint {
  const hash = createHash('sha256')
  const bytes = (values: NodeJS.TypedArray): void =>
    void hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  return {
    items(items) {
      for (const { externalId, title, genres } of items) hash.update(`${JSON.stringify([externalId, title, genres])}\n`)
    },
    histories(histories) {
      for (const { externalId, items, ratings, times } of histories) {
        hash.update(`${JSON.stringify([externalId, items.length, ratings !== null, times !== null])}\n`)
        bytes(items)
        if (ratings) bytes(ratings)
        if (times) bytes(times)
      }
    },
    digest: () => hash.digest('hex'),
  }
}
