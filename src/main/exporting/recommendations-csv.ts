import { stringify } from 'csv-stringify'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { listTop } from '../explaining/factors'
import { memberColumns } from '../models/registry'
import type { Csr } from '../numeric/csr'
import type { JobContext } from '../numeric/job-context'
import { eachList, type ListsToWrite, type WrittenLists } from './lists'
import { createFile } from './new-file'

export interface RecommendationsExport extends ListsToWrite {
  /** By model item index. */
  readonly items: readonly { readonly externalId: string; readonly title: string }[]
  /** Whether the file begins with a byte-order mark. */
  readonly bom: boolean
}

const columns = ['user', 'rank', 'item', 'title', 'score'] as const
type Cell = string | number | null

/** Nine significant digits: the precision of a float32. */
const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(9)))

/** A numeric id stays a number (`-5` is not a formula); all other text is protected from being read as a formula. */
const idCell = (id: string): Cell => (Number.isFinite(Number(id)) && String(Number(id)) === id ? Number(id) : id)

/**
 * Writes the k best unseen items of each user as CSV (`user,rank,item,title,score`, a column for each member, and `source`; UTF-8, a header, one line
 * per item). Users that the model cannot rank for get a list from popularity (see `source`), or are left out. Scores and writes batch by batch at the
 * speed of the disk, so memory does not grow with the number of users.
 *
 * Text that a spreadsheet would run as a formula (it starts with = + - @, tab or carriage return) gets a leading apostrophe; numbers are left alone.
 * Throws CANCELLED soon after the context's signal, and errors of the disk such as DISK_FULL; then no file remains.
 */
export async function exportRecommendations(
  exported: RecommendationsExport,
  context: JobContext,
): Promise<WrittenLists> {
  const { model, items, k, file, popularity, bom } = exported
  const members = memberColumns(model.members.map(({ name }) => name))
  const counts = { users: 0, popular: 0, leftOut: 0, rows: 0 }

  async function* lines(): AsyncGenerator<Cell[]> {
    const listsOf = (histories: Csr) => listTop(model, histories, k, popularity)
    for await (const { user, list } of eachList(exported, listsOf, counts, context)) {
      for (const [at, { item, score, factors }] of list.items.entries()) {
        const byMember = new Map(factors.map(({ member, value }) => [member, value]))
        const { externalId, title } = items[item]!
        yield [
          idCell(user),
          at + 1,
          idCell(externalId),
          title,
          rounded(score),
          ...members.map((member) => rounded(byMember.get(member) ?? null)),
          list.source,
        ]
      }
    }
  }

  const { bytes } = await createFile(file, (temporary) =>
    pipeline(
      Readable.from(lines()),
      stringify({ header: true, columns: [...columns, ...members, 'source'], escape_formulas: true, bom }),
      createWriteStream(temporary, { flags: 'wx', flush: true }),
    ),
  )
  return { ...counts, bytes }
}
