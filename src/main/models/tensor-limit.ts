import { StudioError } from '../../shared/errors'
import { formatBytes, formatCount, formatCounted } from '../../shared/format'
import type { ConfiguredModel, SolutionSize } from './definition'
import { largestMatrix } from './memory-estimate'

/** Of a float32. */
const BYTES = 4

/**
 * Size of the largest block that Chromium's allocator, Electron's malloc, can give: 2 GiB minus its overhead. A larger request does not fail; it ends
 * the process.
 */
export const LARGEST_IN_ELECTRON = 2 ** 31 - 2 ** 21

/**
 * Throws OUT_OF_MEMORY, with what to do, if a model has a matrix that is too large for this process.
 *
 * @param size of the catalogue, and the number of training users (0 to load trained weights)
 * @param electron whether this is a process of the desktop app (`process.versions.electron`)
 */
export function requireAllocatable(model: ConfiguredModel, { items, users }: SolutionSize, electron: boolean): void {
  const needed = (of: number): number => BYTES * largestMatrix(model, { items: of, users })
  if (!electron || needed(items) <= LARGEST_IN_ELECTRON) return
  const elsewhere = 'Train it from the command line or in a browser (vasp serve), which have no such limit;'
  if (needed(1) > LARGEST_IN_ELECTRON)
    throw new StudioError({
      code: 'OUT_OF_MEMORY',
      message: `With ${formatCounted(users, 'user')} one matrix of this model takes ${formatBytes(needed(items))}, but in the desktop app no matrix can take 2 GiB or more.`,
      next: `${elsewhere} or choose a smaller dimension, or train on fewer users (a higher minimum number of items per user).`,
    })
  let [fits, tooMany] = [1, items]
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2)
    if (needed(middle) <= LARGEST_IN_ELECTRON) fits = middle
    else tooMany = middle
  }
  throw new StudioError({
    code: 'OUT_OF_MEMORY',
    message: `With ${formatCounted(items, 'item')} one matrix of this model takes ${formatBytes(needed(items))}, but in the desktop app no matrix can take 2 GiB or more.`,
    next: `${elsewhere} or use at most the ${formatCount(fits)} most popular items.`,
  })
}
