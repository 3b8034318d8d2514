import {
  type Dataset,
  type DatasetDetail,
  dataset as datasetSchema,
  datasetDetail,
  datasetProfile,
  type RejectedRow,
} from '../../shared/datasets'
import { notFound, StudioError } from '../../shared/errors'
import type { DatasetId } from '../../shared/ids'
import { keptReading } from '../../shared/kept-reading'
import { type LikedSuggestion, suggestedThreshold } from '../../shared/liked-threshold'
import type { Connection } from './connection'
import { profileSchema, valueRange } from './dataset-profile'
import { itemRanks, itemsOnPage, sizesOf, usersOnPage } from './dataset-pages'
import { searchItems, searchUsers, unknownUsers } from './dataset-search'
import { datasetWriter } from './dataset-writer'
import { markDeleted, removeUnseen } from './unseen-datasets'
import { itemFinder, itemsFromBlob, ratingsFromBlob, timesFromBlob } from './history-blobs'
import { importSettingsOf, withItemChoices, storedValueKind } from './import-settings'
import { anyDescribed, attributesOf, describeItems } from './item-details'
import { parsed } from './json'
import { nameTaken, unknownId } from './naming'
import { itemsById, lostRows, requireAbsent } from './whole-index'
import type { CountedItem, DatasetRepository, DatasetWriter, NewDataset, StoredHistory, StoredItem } from './store'

interface DatasetRow {
  id: number
  name: string
  series: number
  version: number
  origin: string
  source: string
  users: number
  items: number
  interactions: number
  rejected: number
  has_ratings: number
  has_times: number
  fingerprint: string
  profile: string
  counted_profile: string | null
  described: number
  duplicates: number
  import_settings: string
  created_at: string
}

interface HistoryRow {
  user: number
  external_id: string
  size: number
  items: Buffer
  ratings: Buffer | null
  times: Buffer | null
}

interface ItemRow {
  position: number
  external_id: string
  title: string
  genres: string
  interactions: number
  attributes: string
}

const topItemsShown = 10

/** The most popular items. Throws DAMAGED_FILE if a damaged index lacks some. */
function topItems(connection: Connection, dataset: Dataset): DatasetDetail['topItems'] {
  const found = searchItems(connection, dataset, '', topItemsShown)
  if (found.length !== Math.min(topItemsShown, dataset.items)) throw lostRows(connection, dataset.id, 'item')
  return found.map(({ id: item, title, interactions }) => ({ id: item, title, interactions }))
}

/** The settings for reading a newer export. */
function importedAs(row: DatasetRow): DatasetDetail['importedAs'] {
  const settings = importSettingsOf(row)
  const { mapping, itemMapping, duplicates, table, choices } = settings
  if (!mapping) return null
  const kept = keptReading(settings.reading, choices)
  return { mapping, itemMapping: itemMapping ?? null, duplicates, reading: kept, table: table ?? null }
}

/** What counts as liked, from the kind of values and their distribution. */
function likedOf(row: DatasetRow): LikedSuggestion {
  const counted = profileSchema.safeParse(parsed(row.profile))
  if (!counted.success)
    return { threshold: null, evidence: 'The values were not counted: every interaction counts as liked.' }
  const profile = counted.data
  return suggestedThreshold({
    kind: storedValueKind(row),
    ...valueRange(profile),
    histogram: profile.ratingHistogram,
  })
}

/** Users read at a time: a statement that stays open during the caller's work would block writing. */
const pageOfUsers = 1000

/** @param newest whether no later version of its series is ready */
const described = (row: DatasetRow, newest: boolean): Dataset =>
  datasetSchema.parse({
    id: row.id,
    name: row.name,
    series: row.series,
    version: row.version,
    newest,
    origin: row.origin,
    source: parsed(row.source),
    users: row.users,
    items: row.items,
    interactions: row.interactions,
    rejected: row.rejected,
    hasRatings: row.has_ratings === 1,
    hasTimes: row.has_times === 1,
    valueKind: storedValueKind(row),
    liked: likedOf(row),
    fingerprint: row.fingerprint,
    createdAt: row.created_at,
  })

const itemOf = (row: ItemRow): StoredItem => ({
  index: row.position,
  externalId: row.external_id,
  title: row.title,
  genres: row.genres === '' ? [] : row.genres.split('|'),
  ...attributesOf(row.attributes),
})

export function datasetRepository(connection: Connection): DatasetRepository {
  const historyOf = ({ user, external_id: externalId, size, items, ratings, times }: HistoryRow): StoredHistory => ({
    user,
    externalId,
    items: itemsFromBlob(items, size),
    ratings: ratings && ratingsFromBlob(ratings, size),
    times: times && timesFromBlob(times, size),
  })

  /** All of a data set's histories, page by page from `page`. Throws DAMAGED_FILE if one is missing or is not what was stored. */
  function* historyPages(
    dataset: DatasetRow,
    page: (last: HistoryRow | undefined) => HistoryRow[],
  ): Generator<StoredHistory[]> {
    let [users, interactions] = [0, 0]
    const seen = new Uint8Array(dataset.users)
    for (let rows = page(undefined); rows.length > 0; rows = page(rows.at(-1))) {
      users += rows.length
      for (const { user, size } of rows) {
        // A damaged index may have one user twice and another not at all, which does not change the counts.
        if (seen[user] !== 0) throw lostRows(connection, dataset.id, 'history')
        seen[user] = 1
        interactions += size
      }
      yield rows.map(historyOf)
    }
    if (users === dataset.users && interactions === dataset.interactions) return
    throw connection.damaged(
      `“${dataset.name}” has ${users} users with ${interactions} interactions, but was stored with ${dataset.users} users and ${dataset.interactions} interactions`,
    )
  }

  function* allHistories(
    dataset: DatasetRow,
    page: (last: HistoryRow | undefined) => HistoryRow[],
  ): Generator<StoredHistory> {
    for (const histories of historyPages(dataset, page)) yield* histories
  }

  /** Throws DAMAGED_FILE if a user was not found although the table has that id, or has lost users: a damaged index finds nobody. */
  function requireMissing(dataset: DatasetRow, externalId: string): void {
    const found = connection
      .prepare<[string, number], { users: number; there: number | null }>(
        'SELECT count(*) AS users, max(external_id = ?) AS there FROM history NOT INDEXED WHERE dataset = ?',
      )
      .get(externalId, dataset.id)
    if (found?.there === 1)
      throw connection.damaged(`an index of its table “history” has lost user ${externalId} of “${dataset.name}”`)
    if (found?.users !== dataset.users)
      throw connection.damaged(`“${dataset.name}” has ${found?.users} users, but was stored with ${dataset.users}`)
  }

  const ready = (where: Readonly<Record<string, string | number>>, rest: string): DatasetRow[] =>
    connection.rows<DatasetRow>('dataset', { ...where, state: 'ready' }, rest)
  const rows = (): DatasetRow[] => ready({}, 'ORDER BY id DESC')

  const datasetOf = (row: DatasetRow): Dataset => {
    const [newest] = ready({ series: row.series }, 'ORDER BY version DESC LIMIT 1')
    return described(row, newest === undefined || newest.version <= row.version)
  }

  const rowOf = (id: number): DatasetRow => {
    const [row] = ready({ id }, '')
    if (row) return row
    throw unknownId(
      'data set',
      id,
      rows().map((known) => `${known.id} (${known.name}${known.version > 1 ? `, version ${known.version}` : ''})`),
    )
  }

  const findByName = (name: string): Dataset | null => {
    const [row] = ready({ name }, 'ORDER BY version DESC LIMIT 1')
    return row ? datasetOf(row) : null
  }

  /** @param except the series that may have the name */
  const refuseTaken = (name: string, except: number | null): void => {
    const taken = findByName(name)
    if (!taken || taken.series === except) return
    throw nameTaken('data set', name)
  }

  /** The newest version of the data set that `previous` belongs to. Throws NOT_FOUND if the data set was deleted meanwhile. */
  const newestOf = (series: number, name: string): Dataset => {
    const [row] = ready({ series }, 'ORDER BY version DESC LIMIT 1')
    if (row) return datasetOf(row)
    throw notFound(`The data set “${name}” no longer exists.`, 'Import the files as a new data set.')
  }

  const writerOf = (dataset: NewDataset): DatasetWriter => {
    const followed = dataset.follows ? rowOf(dataset.follows.previous) : null
    /** The previous version, which must still be the newest one, with the same details of items as when it was read. */
    const previous = (): Dataset | null => {
      if (!followed) return null
      const newest = newestOf(followed.series, followed.name)
      if (newest.id !== followed.id) throw otherNewest(followed, newest)
      if (dataset.follows?.origin === 'append' && rowOf(newest.id).described !== followed.described)
        throw describedAnew(followed)
      return newest
    }
    return datasetWriter(connection, dataset, {
      check: () => (followed ? void previous() : refuseTaken(dataset.name, null)),
      previous,
      read: (id) => datasetOf(rowOf(id)),
    })
  }

  /** One statement per page: if it stayed open during the caller's work, it would block writing. */
  const byId = (dataset: number, after: string): HistoryRow[] =>
    connection.rows('history', { dataset }, 'AND external_id > ? ORDER BY external_id LIMIT ?', after, pageOfUsers)

  const byNumber = (dataset: number, after: number, atOnce = pageOfUsers): HistoryRow[] =>
    connection.rows('history', { dataset }, 'AND user > ? ORDER BY user LIMIT ?', after, atOnce)

  const oneHistory = (dataset: DatasetRow, which: Readonly<Record<string, string | number>>): StoredHistory => {
    const [row] = connection.rows<HistoryRow>('history', { dataset: dataset.id, ...which })
    if (row) return historyOf(row)
    throw connection.damaged(`“${dataset.name}” has lost user ${Object.values(which).join('')}`)
  }

  const itemAt = (dataset: DatasetRow, position: number): CountedItem => {
    const [row] = connection.rows<ItemRow>('item', { dataset: dataset.id, position })
    if (row) return { ...itemOf(row), interactions: row.interactions }
    throw connection.damaged(`“${dataset.name}” has lost item ${position}`)
  }

  const markAllDeleted = (ids: readonly DatasetId[]): void =>
    connection.remove(() => {
      for (const id of ids) markDeleted(connection, rowOf(id).id)
    })

  return {
    list: () => rows().map(datasetOf),
    get: (id) => datasetOf(rowOf(id)),
    detail(id) {
      const row = rowOf(id)
      const found = datasetOf(row)
      const cells = found.users * found.items
      return {
        ...found,
        ...datasetDetail.pick({ ratingHistogram: true, activityHistogram: true }).parse(parsed(row.profile)),
        density: cells === 0 ? 0 : found.interactions / cells,
        topItems: topItems(connection, found),
        rejectedByReason: connection
          .prepare<[number], { reason: string; count: number }>(
            'SELECT reason, count(*) AS count FROM reject WHERE dataset = ? GROUP BY reason ORDER BY count DESC, reason',
          )
          .all(id),
        duplicates: row.duplicates,
        importedAs: importedAs(row),
        itemsDescribed: anyDescribed(connection, id),
        choices: importSettingsOf(row).choices,
        versions: rows()
          .filter(({ series }) => series === row.series)
          .map(datasetOf),
        runs: connection.rows('run', { dataset: id }).length,
      }
    },
    importSettings: (id) => parsed(rowOf(id).import_settings),
    duplicatePolicy: (id) => importSettingsOf(rowOf(id)).duplicates,
    findByName,
    write(dataset) {
      if (!connection.readOnly) removeUnseen(connection)
      return writerOf(dataset)
    },
    rename: (id, name) =>
      connection.write(() => {
        const { series } = rowOf(id)
        refuseTaken(name, series)
        connection.prepare(`UPDATE dataset SET name = ? WHERE series = ? AND state = 'ready'`).run(name, series)
        return datasetOf(rowOf(id))
      }),
    delete(...ids) {
      markAllDeleted(ids)
      removeUnseen(connection)
    },
    markDeleted: (...ids) => markAllDeleted(ids),
    removeUnseen: () => removeUnseen(connection),
    items(id): StoredItem[] {
      const dataset = rowOf(id)
      const found = connection.rows<ItemRow>('item', { dataset: id }, 'ORDER BY position')
      if (found.length !== dataset.items)
        throw connection.damaged(`“${dataset.name}” has ${found.length} instead of ${dataset.items} items`)
      if (found.some(({ position }, at) => position !== at)) throw lostRows(connection, id, 'item')
      return found.map(itemOf)
    },
    describeItems(id, details, choices = []) {
      connection.write(() => {
        const row = rowOf(id)
        describeItems(connection, id, details)
        if (choices.length === 0) return
        connection
          .prepare('UPDATE dataset SET import_settings = ? WHERE id = ?')
          .run(withItemChoices(row.import_settings, choices), id)
      })
    },
    newest(id) {
      const { series, name } = rowOf(id)
      return newestOf(series, name)
    },
    countedProfile(id) {
      const { counted_profile: kept } = rowOf(id)
      return kept === null ? null : (datasetProfile.safeParse(parsed(kept)).data ?? null)
    },
    saveProfile(id, profile) {
      rowOf(id)
      const keep = connection.prepare('UPDATE dataset SET counted_profile = ? WHERE id = ?')
      connection.write(() => void keep.run(JSON.stringify(profile), id))
    },
    histories: (id) => allHistories(rowOf(id), (last) => byNumber(id, last?.user ?? -1)),
    historiesById: (id) => allHistories(rowOf(id), (last) => byId(id, last?.external_id ?? '')),
    historyPages: (id, atOnce) => historyPages(rowOf(id), (last) => byNumber(id, last?.user ?? -1, atOnce)),
    historyOf: (id, user) => oneHistory(rowOf(id), { user }),
    *positionsOf(id, { index, externalId, interactions }) {
      const { name } = rowOf(id)
      const find = itemFinder(index)
      // Rows are not checked here: reading one of these histories checks it, and the count below reveals a row that hides the item.
      const next = connection.prepare<[number, number, number], Pick<HistoryRow, 'user' | 'size' | 'items'>>(
        'SELECT user, size, items FROM history WHERE dataset = ? AND user > ? ORDER BY user LIMIT ?',
      )
      let found = 0
      for (let rows = next.all(id, -1, pageOfUsers); rows.length > 0;) {
        const positions = rows.flatMap(({ user, size, items }) => {
          const position = find(items, size)
          return position < 0 ? [] : [{ user, position }]
        })
        found += positions.length
        yield positions
        rows = next.all(id, rows.at(-1)?.user ?? 0, pageOfUsers)
      }
      if (found !== interactions)
        throw connection.damaged(`${found} instead of ${interactions} users of “${name}” have item ${externalId}`)
    },
    *historySizes(id) {
      const { name, users } = rowOf(id)
      const sizes = yield* sizesOf(connection, id, users)
      if (sizes) return sizes
      throw connection.damaged(`an index of its table “history” does not name every user of “${name}”`)
    },
    *itemRanks(id, by) {
      const { name, items } = rowOf(id)
      const ranks = yield* itemRanks(connection, id, by, items)
      if (ranks) return ranks
      throw connection.damaged(`an index of its table “item” does not name every item of “${name}”`)
    },
    listUsers(request) {
      const dataset = rowOf(request.id)
      const { total, keys } = usersOnPage(connection, request, dataset)
      return { total, rows: keys.map((external_id) => oneHistory(dataset, { external_id })) }
    },
    listItems(request) {
      const dataset = rowOf(request.id)
      const { total, keys } = itemsOnPage(connection, request, dataset)
      return { total, rows: keys.map((position) => itemAt(dataset, Number(position))) }
    },
    item(id, which) {
      const dataset = rowOf(id)
      if (typeof which === 'number') return itemAt(dataset, which)
      const [row] = connection.rows<ItemRow>('item', { dataset: id, external_id: which })
      if (row) return { ...itemOf(row), interactions: row.interactions }
      requireAbsent(connection, dataset, itemsById, [which])
      throw notFound(`“${dataset.name}” has no item “${which}”.`, 'Search for it among the items of the data set.')
    },
    history(id, externalId) {
      const dataset = rowOf(id)
      const [row] = connection.rows<HistoryRow>('history', { dataset: id, external_id: externalId })
      if (row) return historyOf(row)
      requireMissing(dataset, externalId)
      return null
    },
    unknownUsers(id, users) {
      return unknownUsers(connection, rowOf(id), users)
    },
    searchUsers(id, query, limit) {
      return searchUsers(connection, rowOf(id), query, limit)
    },
    searchItems(id, query, limit) {
      return searchItems(connection, rowOf(id), query, limit)
    },
    rejects(id, offset, limit) {
      return {
        total: rowOf(id).rejected,
        rows: connection
          .prepare<[number, number, number], RejectedRow>(
            'SELECT file, line, reason, text FROM reject WHERE dataset = ? ORDER BY id LIMIT ? OFFSET ?',
          )
          .all(id, limit, offset),
      }
    },
  }
}

/** CONFLICT: the version of a data set from which a new one is made is no longer the newest. */
const otherNewest = (followed: DatasetRow, newest: Dataset): StudioError =>
  new StudioError({
    code: 'CONFLICT',
    message:
      newest.version > followed.version
        ? `Version ${newest.version} of “${newest.name}” was added while this one was being imported after version ${followed.version}, so nothing was stored.`
        : `Version ${followed.version} of “${newest.name}” was deleted while another was being imported after it, so nothing was stored.`,
    next: `Import the files again: the new version then follows version ${newest.version}.`,
  })

const describedAnew = ({ name, version }: DatasetRow): StudioError =>
  new StudioError({
    code: 'CONFLICT',
    message: `Item metadata was joined into version ${version} of “${name}” while files were being added to it, so nothing was stored.`,
    next: 'Import the files again: the new version then has the metadata, too.',
  })
