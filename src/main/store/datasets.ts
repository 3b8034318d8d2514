import { z } from 'zod'
import {
  type Dataset,
  dataset as datasetSchema,
  datasetProfile,
  duplicatePolicy,
  type RejectedRow,
} from '../../shared/datasets'
import { notFound } from '../../shared/errors'
import type { DatasetId } from '../../shared/ids'
import { reading } from '../../shared/reading'
import { removeAbandoned, withdraw } from './abandoned'
import type { Connection } from './connection'
import { profileSchema } from './dataset-profile'
import { searchItems, searchUsers } from './dataset-search'
import { datasetWriter } from './dataset-writer'
import { itemsFromBlob, ratingsFromBlob, timesFromBlob } from './history-blobs'
import { attributesOf, describeItems } from './item-details'
import { parsed } from './json'
import { nameTaken, unknownId } from './naming'
import type { DatasetRepository, DatasetWriter, NewDataset, StoredHistory, StoredItem } from './store'

interface DatasetRow {
  id: number
  name: string
  series: number
  version: number
  newest: number
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

/** What is read again of an import's settings; the first versions of the app kept the last of duplicates and said neither so nor how files were read. */
const importSettings = z.object({ duplicates: duplicatePolicy.default('last'), choices: reading.default([]) })

/** Users read at a time: a statement left open over the caller's work would block writing. */
const pageOfUsers = 1000

const selectDatasets = `
  SELECT *, NOT EXISTS (
    SELECT 1 FROM dataset AS later WHERE later.series = dataset.series AND later.version > dataset.version AND later.state = 'ready'
  ) AS newest
  FROM dataset WHERE state = 'ready'`

const datasetOf = (row: DatasetRow): Dataset =>
  datasetSchema.parse({
    id: row.id,
    name: row.name,
    series: row.series,
    version: row.version,
    newest: row.newest === 1,
    origin: row.origin,
    source: parsed(row.source),
    users: row.users,
    items: row.items,
    interactions: row.interactions,
    rejected: row.rejected,
    hasRatings: row.has_ratings === 1,
    hasTimes: row.has_times === 1,
    fingerprint: row.fingerprint,
    createdAt: row.created_at,
  })

const historyOf = (row: HistoryRow): StoredHistory => ({
  user: row.user,
  externalId: row.external_id,
  items: itemsFromBlob(row.items, row.size),
  ratings: row.ratings && ratingsFromBlob(row.ratings, row.size),
  times: row.times && timesFromBlob(row.times, row.size),
})

export function datasetRepository(connection: Connection): DatasetRepository {
  const rows = (): DatasetRow[] => connection.prepare<[], DatasetRow>(`${selectDatasets} ORDER BY id DESC`).all()

  const rowOf = (id: number): DatasetRow => {
    const row = connection.prepare<[number], DatasetRow>(`${selectDatasets} AND id = ?`).get(id)
    if (row) return row
    throw unknownId(
      'data set',
      id,
      rows().map((known) => `${known.id} (${known.name}${known.version > 1 ? `, version ${known.version}` : ''})`),
    )
  }

  const findByName = (name: string): Dataset | null => {
    const row = connection
      .prepare<[string], DatasetRow>(`${selectDatasets} AND name = ? ORDER BY version DESC LIMIT 1`)
      .get(name)
    return row ? datasetOf(row) : null
  }

  /** @param except the series that may have the name */
  const refuseTaken = (name: string, except: number | null): void => {
    const taken = findByName(name)
    if (!taken || taken.series === except) return
    throw nameTaken('data set', name)
  }

  /** The newest version of the data set that `previous` belongs to. Throws NOT_FOUND where the data set was deleted meanwhile. */
  const newestOf = (series: number, name: string): Dataset => {
    const row = connection
      .prepare<[number], DatasetRow>(`${selectDatasets} AND series = ? ORDER BY version DESC LIMIT 1`)
      .get(series)
    if (row) return datasetOf(row)
    throw notFound(`The data set “${name}” is no longer there.`, 'Import the files into a data set of their own.')
  }

  const writerOf = (dataset: NewDataset): DatasetWriter => {
    const series = dataset.follows ? datasetOf(rowOf(dataset.follows.previous)).series : null
    const previous = (): Dataset | null => (series === null ? null : newestOf(series, dataset.name))
    return datasetWriter(connection, dataset, {
      check: () => (series === null ? refuseTaken(dataset.name, null) : void previous()),
      previous,
      read: (id) => datasetOf(rowOf(id)),
    })
  }

  /** One statement per page: left open over the caller's work it would block writing. */
  const byId = (id: number, after: string): HistoryRow[] =>
    connection
      .prepare<[number, string, number], HistoryRow>(
        `SELECT user, external_id, size, items, ratings, times FROM history
         WHERE dataset = ? AND external_id > ? ORDER BY external_id LIMIT ?`,
      )
      .all(id, after, pageOfUsers)

  const historyPage = (id: number, after: number): HistoryRow[] =>
    connection
      .prepare<[number, number, number], HistoryRow>(
        `SELECT user, external_id, size, items, ratings, times FROM history
         WHERE dataset = ? AND user > ? ORDER BY user LIMIT ?`,
      )
      .all(id, after, pageOfUsers)

  const withdrawAll = (ids: readonly DatasetId[]): void =>
    connection.write(() => {
      for (const id of ids) withdraw(connection, rowOf(id).id)
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
        ...profileSchema.parse(parsed(row.profile)),
        density: cells === 0 ? 0 : found.interactions / cells,
        topItems: searchItems(connection, id, '', 10).map(({ id: item, title, interactions }) => ({
          id: item,
          title,
          interactions,
        })),
        rejectedByReason: connection
          .prepare<[number], { reason: string; count: number }>(
            'SELECT reason, count(*) AS count FROM reject WHERE dataset = ? GROUP BY reason ORDER BY count DESC, reason',
          )
          .all(id),
        duplicates: row.duplicates,
        choices: importSettings.parse(parsed(row.import_settings)).choices,
        versions: rows()
          .filter(({ series }) => series === row.series)
          .map(datasetOf),
        runs: connection.prepare<[number], number>('SELECT count(*) FROM run WHERE dataset = ?').pluck().get(id) ?? 0,
      }
    },
    duplicatePolicy: (id) => importSettings.parse(parsed(rowOf(id).import_settings)).duplicates,
    findByName,
    write(dataset) {
      if (!connection.readOnly) removeAbandoned(connection)
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
      withdrawAll(ids)
      removeAbandoned(connection)
    },
    withdraw: (...ids) => withdrawAll(ids),
    tidy: () => void removeAbandoned(connection),
    items(id): StoredItem[] {
      rowOf(id)
      return connection
        .prepare<
          [number],
          { position: number; external_id: string; title: string; genres: string; attributes: string }
        >('SELECT position, external_id, title, genres, attributes FROM item WHERE dataset = ? ORDER BY position')
        .all(id)
        .map((row) => ({
          index: row.position,
          externalId: row.external_id,
          title: row.title,
          genres: row.genres === '' ? [] : row.genres.split('|'),
          ...attributesOf(row.attributes),
        }))
    },
    describeItems(id, details) {
      rowOf(id)
      describeItems(connection, id, details)
    },
    countedProfile(id) {
      const { counted_profile: kept } = rowOf(id)
      return kept === null ? null : (datasetProfile.safeParse(parsed(kept)).data ?? null)
    },
    keepProfile(id, profile) {
      rowOf(id)
      const keep = connection.prepare('UPDATE dataset SET counted_profile = ? WHERE id = ?')
      connection.write(() => void keep.run(JSON.stringify(profile), id))
    },
    *histories(id) {
      rowOf(id)
      for (let page = historyPage(id, -1); page.length > 0; page = historyPage(id, page.at(-1)?.user ?? -1))
        for (const row of page) yield historyOf(row)
    },
    *historiesById(id) {
      rowOf(id)
      for (let page = byId(id, ''); page.length > 0; page = byId(id, page.at(-1)?.external_id ?? ''))
        for (const row of page) yield historyOf(row)
    },
    history(id, externalId) {
      rowOf(id)
      const row = connection
        .prepare<[number, string], HistoryRow>(
          'SELECT user, external_id, size, items, ratings, times FROM history WHERE dataset = ? AND external_id = ?',
        )
        .get(id, externalId)
      return row ? historyOf(row) : null
    },
    searchUsers(id, query, limit) {
      rowOf(id)
      return searchUsers(connection, id, query, limit)
    },
    searchItems(id, query, limit) {
      rowOf(id)
      return searchItems(connection, id, query, limit)
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
