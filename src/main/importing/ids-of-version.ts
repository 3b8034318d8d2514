import type { DuckDBConnection } from '@duckdb/node-api'
import { badInput } from '../../shared/errors'
import { formatCount, formatCounted } from '../../shared/format'
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

/** Fewer ids than this may be the same as those of the other side by chance. */
const fewestIds = 3
/** Above this share of items that are users, too, as in a network of people, users that are items are nothing unusual. */
const mostOnBothSides = 0.1

/**
 * Refuses new rows whose users are the items of the version to which they are added, after `numberIds`: somebody, or a renamed column, swapped the two. Plain
 * numbers may be ids of both sides: they are only swapped if the items are users, too.
 * @throws StudioError BAD_INPUT if most users are items
 */
export async function refuseSwapped(
  connection: DuckDBConnection,
  store: Store,
  previous: DatasetId,
  { user, item }: { readonly user: string; readonly item: string },
): Promise<void> {
  const { name } = store.datasets.get(previous)
  const knownItems = new Set(store.datasets.items(previous).map(({ externalId }) => externalId))
  const sample = async (kind: 'users' | 'items') => {
    const ids = await sampleOf(connection, kind)
    const strange = new Set(store.datasets.unknownUsers(previous, ids))
    return {
      ids,
      asUsers: ids.filter((id) => !strange.has(id)).length,
      asItems: ids.filter((id) => knownItems.has(id)).length,
    }
  }
  const users = await sample('users')
  if (users.ids.length < fewestIds || 2 * users.asItems <= users.ids.length || users.asItems <= users.asUsers) return
  const items = await sample('items')
  if (2 * items.asItems >= items.ids.length) return
  const known = [...knownItems].slice(0, idsPerColumn)
  const onBothSides = known.length - store.datasets.unknownUsers(previous, known).length
  const areWords = users.ids.some((id) => /\D/.test(id)) && onBothSides <= mostOnBothSides * known.length
  if (items.asUsers <= items.asItems && !areWords) return
  throw badInput(
    `“${user}” was taken for the users, but ${formatCount(users.asItems)} of its ${formatCounted(users.ids.length, 'id')} ${users.asItems === 1 ? 'is an item' : 'are items'} of “${name}”: users and items are swapped.`,
    `Choose the columns of both, such as --user "${item}" --item "${user}" (in the app: User, Item), or import the files as a data set of their own.`,
  )
}

/** A random sample of the ids of new rows: their hashes have no order. */
async function sampleOf(connection: DuckDBConnection, kind: 'users' | 'items'): Promise<string[]> {
  const result = await connection.runAndReadAll(`SELECT id FROM ${kind} ORDER BY hash(id) LIMIT ${idsPerColumn}`)
  return result.getRows().map(([id]) => String(id))
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
    const ids = await sampleOf(connection, kind)
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
