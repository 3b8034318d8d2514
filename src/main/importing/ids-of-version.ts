import type { DuckDBConnection } from '@duckdb/node-api'
import { formatCount } from '../../shared/format'
import type { DatasetId } from '../../shared/ids'
import type { Choice } from '../../shared/reading'
import type { Store } from '../store/store'

/** Number of ids per column that are looked up. */
const idsPerColumn = 2000

/** Forms that programs turn an id into, or from which they made it. */
const otherWritings = (id: string): string[] => {
  const writings = [
    id.replace(/\.0+$/, ''),
    `${id}.0`,
    id.replace(/^0+(?=.)/, ''),
    id.replace(/^[1-9]\d{0,2}([,.'’ \u00a0\u202f])\d{3}(?:\1\d{3})*$/, (grouped) => grouped.replaceAll(/\D/g, '')),
    id.replace(/^[1-9]\d{3,14}$/, (number) => number.replaceAll(/\B(?=(?:\d{3})+$)/g, ',')),
    id.toLowerCase(),
    id.toUpperCase(),
  ]
  return [...new Set(writings)].filter((writing) => writing !== id)
}

/**
 * Compares the ids of new rows with those of the version to which they are added, after `numberIds`: if they are written
 * differently, each user or item becomes two.
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
    // Hashing gives a random sample of the ids.
    const result = await connection.runAndReadAll(`SELECT id FROM ${kind} ORDER BY hash(id) LIMIT ${idsPerColumn}`)
    const ids = result.getRows().map(([id]) => String(id))
    const fresh = unknown[kind](ids)
    const writings = fresh.flatMap((id) => otherWritings(id).map((writing) => ({ id, writing })))
    const stillUnknown = new Set(unknown[kind](writings.map(({ writing }) => writing)))
    const alike = new Map(
      writings.filter(({ writing }) => !stillUnknown.has(writing)).map(({ id, writing }) => [id, writing]),
    )
    const [example] = alike
    const known = ids.length - fresh.length
    // Most ids may be new, but then they do not match the version's ids in another form.
    if (!example || alike.size <= known) continue
    choices.push({
      about: 'ids',
      file: null,
      column,
      value: `other ${kind} than those of “${name}”`,
      certainty: 'guess',
      evidence: `Of ${formatCount(ids.length)} ids looked up, ${known === 0 ? 'none is' : `only ${formatCount(known)} are`} known, but ${formatCount(alike.size)} would be in another form, such as “${example[1]}” instead of “${example[0]}”: each then counts as two.`,
      affectsData: true,
      control: 'Ids',
      option: '--join-ids (or import all files again with it), or an export with ids in the same form',
    })
  }
  return choices
}
