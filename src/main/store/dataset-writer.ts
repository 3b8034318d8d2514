import type { Dataset } from '../../shared/datasets'
import { StudioError } from '../../shared/errors'
import type { Connection } from './connection'
import { profileCounter } from './dataset-profile'
import { contentFingerprint } from './fingerprint'
import { itemsToBlob, ratingsToBlob, timesToBlob } from './history-blobs'
import { searchText } from './item-details'
import { jsonOrNull } from './json'
import { ownIdIn } from './process-lock'
import { type Cell, rowChecksum } from './row-checksum'
import type { DatasetWriter, NewDataset } from './store'

/** Checks of names and versions by the repository. */
interface Names {
  /** For a first version: throws CONFLICT if the name is taken. For a later one: throws NOT_FOUND if the previous one does not exist. */
  check(): void
  /** The current previous version; null for a first version. */
  previous(): Pick<Dataset, 'name' | 'series' | 'version'> | null
  read(id: number): Dataset
}

/**
 * Inserts rows in short transactions, so that the other processes of the library can write in between, into a data set
 * that is not visible: its state is 'importing' until `finish` makes it 'ready' in the last transaction. If a process
 * dies in between, the next one that opens the library removes its rows.
 */
export function datasetWriter(connection: Connection, dataset: NewDataset, names: Names): DatasetWriter {
  const owner = ownIdIn(connection.library)
  const id = connection.write(() => {
    names.check()
    const inserted = connection
      .prepare(
        `INSERT INTO dataset (name, origin, state, owner, owner_pid, touched_at, source, import_settings, created_at)
         VALUES (?, ?, 'importing', ?, ?, 0, ?, ?, ?)`,
      )
      .run(
        dataset.name,
        dataset.follows?.origin ?? 'import',
        owner,
        process.pid,
        JSON.stringify(dataset.source),
        jsonOrNull(dataset.importSettings ?? null) ?? 'null',
        new Date().toISOString(),
      )
    return Number(inserted.lastInsertRowid)
  })

  const counter = profileCounter()
  const fingerprint = contentFingerprint()
  /** [position]: how many histories have the item. */
  let popularity = new Uint32Array(1024)
  let [users, items, interactions] = [0, 0, 0]
  let [hasRatings, hasTimes] = [false, false]
  let counted = false

  const step = <T>(change: () => T): T =>
    connection.write(() => {
      const isThere = connection
        .prepare<[number, string]>(
          `SELECT 1 FROM dataset WHERE id = ? AND owner = ? AND state = 'importing' AND deleted = 0`,
        )
        .get(id, owner)
      if (!isThere)
        throw new StudioError({
          code: 'CONFLICT',
          message: `The unfinished data set “${dataset.name}” was removed by another process.`,
          next: 'Import it again.',
        })
      return change()
    })

  /** Inserts rows with their checksum, computed here: for tables with possibly millions of rows, a trigger would write each twice. */
  const checksummed = (table: string): ((row: Cell[]) => void) => {
    const columns = table.split(',').length + 1
    const statement = connection.prepare<Cell[]>(
      `INSERT INTO ${table.replace(')', ', checksum)')} VALUES (${Array(columns).fill('?').join(', ')})`,
    )
    return (row) => void statement.run(...row, rowChecksum(row))
  }
  const lastId = (table: 'history' | 'reject'): number =>
    connection.prepare<[], number>(`SELECT coalesce(max(id), 0) FROM ${table}`).pluck().get() ?? 0

  return {
    addItems: (added) =>
      step(() => {
        const insert = checksummed(
          'item (dataset, position, external_id, title, genres, folded, interactions, attributes)',
        )
        for (const item of added)
          insert([
            id,
            item.index,
            item.externalId,
            item.title,
            item.genres.join('|'),
            searchText(item.title, item.externalId),
            0,
            JSON.stringify(item.attributes ?? {}),
          ])
        fingerprint.items(added)
        items += added.length
      }),
    addHistories: (added) =>
      step(() => {
        counted = false
        const insert = checksummed('history (id, dataset, user, external_id, size, items, ratings, times)')
        let row = lastId('history')
        for (const history of added) {
          insert([
            ++row,
            id,
            history.user,
            history.externalId,
            history.items.length,
            itemsToBlob(history.items),
            history.ratings && ratingsToBlob(history.ratings),
            history.times && timesToBlob(history.times),
          ])
          counter.count(history)
          for (const item of history.items) {
            if (item >= popularity.length) popularity = grown(popularity, item)
            popularity[item] = (popularity[item] ?? 0) + 1
          }
          hasRatings ||= history.ratings !== null
          hasTimes ||= history.times !== null
          interactions += history.items.length
        }
        fingerprint.histories(added)
        users += added.length
      }),
    addRejects: (rows) =>
      step(() => {
        const insert = checksummed('reject (id, dataset, file, line, reason, text)')
        let row = lastId('reject')
        for (const { file, line, reason, text } of rows) insert([++row, id, file, line, reason, text])
      }),
    // Within the savepoint of a longer transaction SQLite keeps a copy of each page for every single update, which takes ten times as long.
    countItems() {
      setPopularity(connection, id, popularity, step)
      counted = true
    },
    finish: ({ rejected, duplicates, fingerprint: given }) =>
      step(() => {
        names.check()
        const previous = names.previous()
        if (!counted) setPopularity(connection, id, popularity, (change) => change())
        connection
          .prepare(
            `UPDATE dataset SET state = 'ready', name = ?, series = ?, version = ?, users = ?, items = ?, interactions = ?, rejected = ?, duplicates = ?, has_ratings = ?,
               has_times = ?, fingerprint = ?, profile = ? WHERE id = ?`,
          )
          .run(
            previous?.name ?? dataset.name,
            previous?.series ?? id,
            (previous?.version ?? 0) + 1,
            users,
            items,
            interactions,
            rejected,
            duplicates,
            Number(hasRatings),
            Number(hasTimes),
            given ?? fingerprint.digest(),
            JSON.stringify(counter.profile()),
            id,
          )
        return names.read(id)
      }),
    abandon() {
      connection.write(() => {
        connection.prepare(`DELETE FROM dataset WHERE id = ? AND state = 'importing'`).run(id)
      })
      connection.freeSpace()
    },
  }
}

/** The same counts with space for `item`. */
function grown(counts: Uint32Array, item: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.max(item + 1, 2 * counts.length))
  larger.set(counts)
  return larger
}

interface ItemRow {
  readonly position: number
  readonly external_id: string
  readonly title: string
  readonly genres: string
  readonly folded: string
  readonly interactions: number
  readonly attributes: string
}

/** Items whose counts are written in one batch. */
const itemsAtOnce = 5000

/** Writes how many histories have each item. @param popularity [position] @param batch makes the change for some thousand items */
function setPopularity(
  connection: Connection,
  dataset: number,
  popularity: Uint32Array,
  batch: (change: () => void) => void,
): void {
  // With checksums computed here: the trigger would call back for each row, twice.
  const update = connection.prepare<[number, number, number, number]>(
    'UPDATE item SET interactions = ?, checksum = ? WHERE dataset = ? AND position = ?',
  )
  for (let from = 0; ; from += itemsAtOnce) {
    const rows = connection.rows<ItemRow>(
      'item',
      { dataset },
      'AND position >= ? AND position < ?',
      from,
      from + itemsAtOnce,
    )
    batch(() => {
      for (const { position, external_id: externalId, title, genres, folded, attributes } of rows) {
        const count = popularity[position] ?? 0
        if (count === 0) continue
        const checksum = rowChecksum([dataset, position, externalId, title, genres, folded, count, attributes])
        update.run(count, checksum, dataset, position)
      }
    })
    if (rows.length < itemsAtOnce) return
  }
}
