/** Where a value that proves something stands. */
export interface Spot {
  /** Which of the files, from 0. */
  readonly file: number
  /** Which of its rows, from 0. */
  readonly row: number
  readonly text: string
}

/** The one that comes first in the files. */
export const earlier = (a: Spot | null, b: Spot): Spot =>
  a === null || b.file < a.file || (b.file === a.file && b.row < a.row) ? b : a
