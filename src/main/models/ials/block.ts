import { rowRange, selectRows, type Csr } from '../../numeric/csr'

/** Limits of one block, in floats: of its rows' matrices [dimension, dimension], and of the vectors of its entries. 4 MB each. */
export const BLOCK = 1024 * 1024

/** Rows that are solved together. */
export interface Block {
  /** Their entries. */
  readonly rows: Csr
  /** Each row is padded to this many entries. */
  readonly width: number
}

/** All rows in blocks, and the position of each row. */
export interface Plan {
  readonly blocks: readonly Block[]
  /** [rows]: the position of each row in the concatenated blocks. */
  readonly positions: Int32Array
}

/**
 * Splits rows into blocks, shortest rows first, to keep the padding small. Row counts and widths are powers of two, because TensorFlow keeps some
 * memory for each shape of matrix product.
 */
export function planOf(rows: Csr, dimension: number): Plan {
  const length = (r: number): number => (rows.offsets[r + 1] ?? 0) - (rows.offsets[r] ?? 0)
  const order = Int32Array.from({ length: rows.rows }, (_, r) => r).sort((a, b) => length(a) - length(b) || a - b)
  const positions = new Int32Array(rows.rows)
  order.forEach((r, position) => (positions[r] = position))
  const sorted = selectRows(rows, order)
  const blocks: Block[] = []
  let from = 0
  while (from < order.length) {
    let count = 2 ** Math.floor(Math.log2(order.length - from))
    const width = (): number => powerFrom(length(order[from + count - 1]!))
    while (count > 1 && count * dimension * Math.max(dimension, width()) > BLOCK) count /= 2
    blocks.push({ rows: rowRange(sorted, from, from + count), width: width() })
    from += count
  }
  return { blocks, positions }
}

/** The smallest power of two that is at least `number`; 0 for 0. */
const powerFrom = (value: number): number => (value === 0 ? 0 : 2 ** Math.ceil(Math.log2(value)))
