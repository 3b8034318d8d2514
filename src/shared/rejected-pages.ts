import type { RejectedRow } from './datasets'

/** The number of rows in one request, the most that the contract allows. */
export const rejectedPage = 10_000

/** The columns of rejected rows as a file. */
export const rejectedHeader = ['reason', 'file', 'line', 'text'] as const
export const rejectedCells = ({ reason, file, line, text }: RejectedRow): [string, string, number, string] => [
  reason,
  file,
  line,
  text,
]

/** All rejected rows of a data set, page by page, in the order of files and lines. */
export async function* rejectedPages(
  ask: (page: { offset: number; limit: number }) => Promise<{ rows: RejectedRow[] }>,
): AsyncGenerator<RejectedRow[]> {
  for (let offset = 0; ; offset += rejectedPage) {
    const { rows } = await ask({ offset, limit: rejectedPage })
    if (rows.length > 0) yield rows
    if (rows.length < rejectedPage) return
  }
}
