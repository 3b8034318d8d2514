import { seededRandom, type Random } from '../../src/main/numeric/random'
import type { Store, StoredHistory } from '../../src/main/store/store'
import type { DatasetId } from '../../src/shared/ids'

/** Rating data of a given size in the shape of real ones: few items get most of the interactions. */
export interface SyntheticShape {
  readonly users: number
  readonly items: number
  /** Interactions of each user. */
  readonly perUser: number
}

/** Distinct items of one user; the popularity of item i falls as 1/(i + 1). */
export function syntheticHistory({ items, perUser }: SyntheticShape, random: Random): Int32Array {
  const chosen = new Set<number>()
  while (chosen.size < perUser) chosen.add(Math.min(items - 1, Math.floor((items + 1) ** random.uniform()) - 1))
  return Int32Array.from(chosen)
}

const USERS_AT_ONCE = 2000

/** Writes a synthetic data set of five-star ratings without times. */
export function writeSynthetic(store: Store, name: string, shape: SyntheticShape): DatasetId {
  const random = seededRandom(1)
  const writer = store.datasets.write({ name, source: [], importSettings: {} })
  writer.addItems(
    Array.from({ length: shape.items }, (_, index) => ({
      index,
      externalId: String(index),
      title: `Item ${index}`,
      genres: [],
    })),
  )
  for (let first = 0; first < shape.users; first += USERS_AT_ONCE) {
    const histories = Array.from({ length: Math.min(USERS_AT_ONCE, shape.users - first) }, (_, n): StoredHistory => {
      const items = syntheticHistory(shape, random)
      return {
        user: first + n,
        externalId: String(first + n),
        items,
        ratings: new Float32Array(items.length).fill(5),
        times: null,
      }
    })
    writer.addHistories(histories)
  }
  return writer.finish({ rejected: 0, duplicates: 0 }).id
}
