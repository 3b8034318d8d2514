import type { DuckDBConnection } from '@duckdb/node-api'
import { formatCount } from '../../shared/format'
import type { DatasetId } from '../../shared/ids'
import type { Choice } from '../../shared/reading'
import type { Store } from '../store/store'

/** Ids of each column that are looked up. */
const lookedUp = 2000

/** What a program makes of an id, or of what it was made. */
const otherWritings = (id: string): string[] => {
  const writings = [id.replace(/\.0+$/, ''), `${id}.0`, id.replace(/^0+(?=.)/, ''), id.toLowerCase(), id.toUpperCase()]
  return [...new Set(writings)].filter((writing) => writing !== id)
}

/**
 * Compares the ids of new rows with those of the version to which they are added, once `numberIds` has numbered them: where they are written
 * in another way, each user or item becomes two.
 */
export async function unlikeIds(
  connection: DuckDBConnection,
  store: Store,
  previous: DatasetId,
  { user, item }: { readonly user: string; readonly item: string },
): Promise<Choice[]> {
  const { name } = store.datasets.get(previous)
  const knownItems = new Set(store.datasets.items(previous).map(({ externalId }) => externalId))
  const unknown = {
    users: (ids: readonly string[]) => store.datasets.unknownUsers(previous, ids),
    items: (ids: readonly string[]) => ids.filter((id) => !knownItems.has(id)),
  }
  const choices: Choice[] = []
  for (const [kind, column] of [
    ['users', user],
    ['items', item],
  ] as const) {
    // In an order that has nothing to do with ids, so that a part of them stands for all.
    const result = await connection.runAndReadAll(`SELECT id FROM ${kind} ORDER BY hash(id) LIMIT ${lookedUp}`)
    const ids = result.getRows().map(([id]) => String(id))
    const fresh = unknown[kind](ids)
    const writings = fresh.flatMap((id) => otherWritings(id).map((writing) => ({ id, writing })))
    const stillUnknown = new Set(unknown[kind](writings.map(({ writing }) => writing)))
    const alike = new Map(
      writings.filter(({ writing }) => !stillUnknown.has(writing)).map(({ id, writing }) => [id, writing]),
    )
    const [example] = alike
    const known = ids.length - fresh.length
    // Most ids may be new; but then they are not those of the version in another writing.
    if (!example || alike.size <= known) continue
    choices.push({
      about: 'ids',
      file: null,
      column,
      value: `other ${kind} than those of “${name}”`,
      certainty: 'guess',
      evidence: `Of ${formatCount(ids.length)} ids looked up ${known === 0 ? 'none is' : `only ${formatCount(known)} are`} known, but ${formatCount(alike.size)} would be if written otherwise, as “${example[1]}” for “${example[0]}”: each then counts as two.`,
      affectsData: true,
      control: 'Ids',
      option: '--join-ids (or import all files anew with it), or an export that writes ids alike',
    })
  }
  return choices
}
