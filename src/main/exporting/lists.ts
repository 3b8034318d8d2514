import { setImmediate as nextTurn } from 'node:timers/promises'
import { cancelled } from '../../shared/errors'
import type { ListSource, UnknownUsers } from '../../shared/explore'
import type { Recommender } from '../models/model'
import { rowsAtOnce } from '../models/rows-at-once'
import { rowOf, type Csr } from '../numeric/csr'
import type { JobContext } from '../numeric/job-context'

/** The users and the length of the lists. */
export interface ListsToWrite {
  readonly model: Recommender
  /** Batches of users (external ids) with their histories [users, items] in model item indexes; read one after the other. */
  readonly batches: (rows: number) => Iterable<{ readonly users: readonly string[]; readonly histories: Csr }>
  /** Items per user; fewer if fewer are unseen. */
  readonly k: number
  readonly totalUsers: number
  /** [items], training users who have each. */
  readonly popularity: Float64Array
  readonly unknownUsers: UnknownUsers
  readonly file: string
}

/** The counts of what was written; `users` counts only users with a list. */
export interface WrittenLists {
  readonly users: number
  readonly popular: number
  readonly leftOut: number
  readonly rows: number
  readonly bytes: number
}

interface UserList<List> {
  readonly user: string
  /** Model item indexes. */
  readonly history: Int32Array
  readonly list: List
}

/**
 * Yields the lists of many users and counts them in `counts`. Scores a batch at a time, so that memory does not grow with the number of users. Users
 * that the model cannot rank for get a list from popularity, or are left out.
 *
 * Progress counts users. Throws CANCELLED soon after the context's signal.
 * @param listsOf the lists of a batch of histories [users, items]
 */
export async function* eachList<List extends { readonly source: ListSource; readonly items: readonly unknown[] }>(
  { model, batches, totalUsers, unknownUsers }: ListsToWrite,
  listsOf: (histories: Csr) => Promise<List[]>,
  counts: { users: number; popular: number; leftOut: number; rows: number },
  context: JobContext,
): AsyncGenerator<UserList<List>> {
  const stopIfCancelled = (): void => {
    if (context.signal.aborted) throw cancelled('The export')
  }
  for (const { users, histories } of batches(rowsAtOnce(model.items))) {
    await nextTurn()
    stopIfCancelled()
    for (const [r, list] of (await listsOf(histories)).entries()) {
      stopIfCancelled()
      if (list.source === 'popularity' && unknownUsers === 'leave-out') {
        counts.leftOut++
        continue
      }
      if (list.source === 'popularity') counts.popular++
      counts.users++
      counts.rows += list.items.length
      yield { user: users[r]!, history: rowOf(histories, r), list }
    }
    context.progress({
      stage: 'Writing recommendations',
      done: counts.users + counts.leftOut,
      total: totalUsers,
      unit: 'users',
    })
  }
}
