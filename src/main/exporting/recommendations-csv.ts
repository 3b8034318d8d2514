import { stringify } from 'csv-stringify'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { cancelled } from '../../shared/errors'
import type { UnknownUsers } from '../../shared/explore'
import { listTop } from '../explaining/factors'
import type { Recommender } from '../models/model'
import { rowsAtOnce } from '../models/rows-at-once'
import type { Csr } from '../numeric/csr'
import type { JobContext } from '../numeric/job-context'
import { createFile } from './new-file'

export interface RecommendationsExport {
  readonly model: Recommender
  /** Users by external id with their histories [users, items] in model item indexes, so many at a time; drawn one batch after the other. */
  readonly batches: (rows: number) => Iterable<{ readonly users: readonly string[]; readonly histories: Csr }>
  /** By model item index. */
  readonly items: readonly { readonly externalId: string; readonly title: string }[]
  /** Items per user; fewer where fewer are unseen. */
  readonly k: number
  readonly file: string
  readonly totalUsers: number
  /** [items], training users who have each. */
  readonly popularity: Float64Array
  readonly unknownUsers: UnknownUsers
  /** Whether the file begins with a byte-order mark. */
  readonly bom: boolean
}

const columns = ['user', 'rank', 'item', 'title', 'score'] as const
/** VASP's two factors have their columns in every file, empty where the model lacks them; other members' come after them. */
const vaspFactors: readonly string[] = ['flvae', 'nease']
type Cell = string | number | null

/** Nine significant digits: all that a float32 holds. */
const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(9)))

/** An id that is a number stays one (`-5` is no formula); every other text is guarded against being read as a formula. */
const idCell = (id: string): Cell => (Number.isFinite(Number(id)) && String(Number(id)) === id ? Number(id) : id)

/**
 * Writes the k best unseen items of each user as CSV (`user,rank,item,title,score,flvae,nease`, a column for each other member, and `source`; UTF-8, a header, one line per item).
 * Users whom the model has nothing to tell by have a list from popularity, whose `source` says so, or are left out. Scores and writes batch by batch, as fast as the disk takes it, so memory does not grow with the number of users.
 *
 * Text that a spreadsheet would run as a formula (it starts with = + - @, tab or carriage return) gets a leading apostrophe; numbers are left alone.
 * Throws CANCELLED soon after the context's signal, DISK_FULL and the like from the disk; then no file remains.
 */
export async function exportRecommendations(
  { model, batches, items, k, file, totalUsers, popularity, unknownUsers, bom }: RecommendationsExport,
  context: JobContext,
): Promise<{ users: number; popular: number; leftOut: number; rows: number; bytes: number }> {
  const members = [...vaspFactors, ...model.paths.filter((path) => !vaspFactors.includes(path))]
  const counts = { users: 0, popular: 0, leftOut: 0, rows: 0 }

  const stopIfCancelled = (): void => {
    if (context.signal.aborted) throw cancelled('The export')
  }

  async function* lines(): AsyncGenerator<Cell[]> {
    for (const batch of batches(rowsAtOnce(model.items))) {
      await nextTurn()
      stopIfCancelled()
      for (const [r, { source, items: list }] of (await listTop(model, batch.histories, k, popularity)).entries()) {
        stopIfCancelled()
        if (source === 'popularity' && unknownUsers === 'leave-out') {
          counts.leftOut++
          continue
        }
        if (source === 'popularity') counts.popular++
        const user = idCell(batch.users[r] ?? '')
        let rank = 0
        for (const { item, score, factors } of list) {
          const byMember = new Map(factors.map(({ member, value }) => [member, value]))
          const { externalId = '', title = '' } = items[item] ?? {}
          rank++
          counts.rows++
          yield [
            user,
            rank,
            idCell(externalId),
            title,
            rounded(score),
            ...members.map((member) => rounded(byMember.get(member) ?? null)),
            source,
          ]
        }
        counts.users++
      }
      context.progress({
        stage: 'Writing recommendations',
        done: counts.users + counts.leftOut,
        total: totalUsers,
        unit: 'users',
      })
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
