/** The location of a value that proves something. */
export interface Spot {
  /** The index of its file, from 0. */
  readonly file: number
  /** The index of its row, from 0. */
  readonly row: number
  readonly text: string
}

/** The one that comes first in the files. */
export const earlier = (a: Spot | null, b: Spot): Spot =>
  a === null || b.file < a.file || (b.file === a.file && b.row < a.row) ? b : a
