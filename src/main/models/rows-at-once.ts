/** Scores held at once: 4 M float32 values, 16 MB. */
const SCORES_AT_ONCE = 4 * 1024 * 1024
const MOST_ROWS = 512

/** How many histories to score at once, so that memory does not grow with the number of users. */
export const rowsAtOnce = (items: number): number =>
  Math.max(1, Math.min(MOST_ROWS, Math.floor(SCORES_AT_ONCE / Math.max(1, items))))
