import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { formatCount } from '../../../shared/format'
import type { LibraryFinding } from '../../../shared/library'
import { schemaFlaw } from '../expected-schema'
import { runTables } from '../run-rows'
import { type Cell, rowChecksum, checksummedColumns, tablesOf } from '../row-checksum'

const restore = 'Restore a backup (vasp library restore), or save what can be read with vasp library repair.'

const finding = (
  severity: LibraryFinding['severity'],
  kind: LibraryFinding['kind'],
  message: string,
  remedy: string,
): LibraryFinding => ({
  severity,
  kind,
  message,
  remedy,
})

/** The maximum number of problems of pages and indexes that SQLite lists. */
const listed = 20

/** Problems of pages and indexes, in SQLite's words. */
export const structureFlaws = (database: Database): string[] =>
  z
    .array(z.object({ integrity_check: z.string() }))
    .parse(database.pragma(`integrity_check(${listed})`))
    .map((row) => row.integrity_check)
    .filter((line) => line !== 'ok')

/** A row that is not what was stored, by the values of its primary key. */
export interface DamagedRow {
  readonly table: string
  readonly key: Readonly<Record<string, Cell>>
}

/** Rows of all tables whose checksum differs. @param onRow is called for every row read, so that a long check can report its progress */
export function damagedRows(database: Database, onRow: (table: string) => void = () => undefined): DamagedRow[] {
  const damaged: DamagedRow[] = []
  for (const table of tablesOf(database)) {
    const columns = checksummedColumns(database, table)
    const key = keyOf(database, table)
    const rows = database.prepare<[], Record<string, Cell>>(`SELECT * FROM "${table}"`)
    for (const row of rows.iterate()) {
      onRow(table)
      if (row['checksum'] === rowChecksum(columns.map((column) => row[column] ?? null))) continue
      damaged.push({ table, key: Object.fromEntries(key.map((column) => [column, row[column] ?? null])) })
    }
  }
  return damaged
}

export const keyOf = (database: Database, table: string): string[] =>
  database
    .prepare<[string], string>('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk')
    .pluck()
    .all(table)

/** Data sets with missing users, interactions or items. */
export function incompleteDatasets(database: Database): { id: number; name: string; message: string }[] {
  return database
    .prepare<
      [],
      Record<'id' | 'users' | 'items' | 'interactions' | 'has_users' | 'has_items' | 'has_interactions', number> & {
        name: string
      }
    >(
      `SELECT id, name, users, items, interactions,
         (SELECT count(*) FROM history WHERE history.dataset = dataset.id) AS has_users,
         (SELECT count(*) FROM item WHERE item.dataset = dataset.id) AS has_items,
         (SELECT coalesce(sum(size), 0) FROM history WHERE history.dataset = dataset.id) AS has_interactions
       FROM dataset WHERE state = 'ready'`,
    )
    .all()
    .filter(
      (row) => row.users !== row.has_users || row.items !== row.has_items || row.interactions !== row.has_interactions,
    )
    .map((row) => ({
      id: row.id,
      name: row.name,
      message: `The data set “${row.name}” has ${formatCount(row.has_users)} users, ${formatCount(row.has_items)} items and ${formatCount(row.has_interactions)} interactions, but was stored with ${formatCount(row.users)}, ${formatCount(row.items)} and ${formatCount(row.interactions)}.`,
    }))
}

/** Finished runs with missing results. */
export function incompleteRuns(database: Database): { id: number; message: string }[] {
  const counts = runTables.map((table) => `(SELECT count(*) FROM ${table} WHERE run = run.id) AS has_${table}`)
  return database
    .prepare<[], Record<string, number> & { id: number }>(
      `SELECT id, ${runTables.map((table) => `json_extract(stored_rows, '$.${table}') AS ${table}`).join(', ')},
         ${counts.map((count) => count.replace('WHERE run = run.id', 'AS part WHERE part.run = run.id')).join(', ')}
       FROM run WHERE json_valid(stored_rows)`,
    )
    .all()
    .flatMap((row) => {
      const table = runTables.find((name) => row[name] !== row[`has_${name}`])
      return table === undefined
        ? []
        : [
            {
              id: row.id,
              message: `Run ${row.id} has ${row[`has_${table}`]} instead of ${row[table]} rows in the table “${table}”.`,
            },
          ]
    })
}

/** Rows that refer to missing rows, from SQLite: by table and the table that they refer to. */
export function orphanedRows(database: Database): { table: string; parent: string; rows: number }[] {
  const found = new Map<string, { table: string; parent: string; rows: number }>()
  for (const { table, parent } of database
    .prepare<[], { table: string; parent: string }>('SELECT "table", parent FROM pragma_foreign_key_check')
    .all()) {
    const key = `${table} ${parent}`
    const entry = found.get(key) ?? { table, parent, rows: 0 }
    entry.rows++
    found.set(key, entry)
  }
  return [...found.values()]
}

/** All problems of a library's database alone: schema, pages and indexes, rows, and contradictions between rows. */
export function databaseFindings(database: Database, file: string, onRow?: (table: string) => void): LibraryFinding[] {
  try {
    const flaw = schemaFlaw(database)
    if (flaw !== null)
      return [finding('error', 'database', `The library database ${file} is damaged: ${flaw}.`, restore)]
    const structure = structureFlaws(database)
    const [first, ...more] = structure
    const pages =
      first === undefined
        ? []
        : [
            finding(
              'error',
              'database',
              `Pages or indexes of the database are damaged: ${first}${more.length > 0 ? ` (and ${more.length} more)` : ''}.`,
              restore,
            ),
          ]
    return [...pages, ...rowFindings(database, onRow)]
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return [
      finding(
        'error',
        'database',
        `The library database ${file} cannot be read to its end: ${error.message.replace(/\.$/, '')}.`,
        restore,
      ),
    ]
  }
}

function rowFindings(database: Database, onRow?: (table: string) => void): LibraryFinding[] {
  const byTable = new Map<string, DamagedRow[]>()
  for (const row of damagedRows(database, onRow)) byTable.set(row.table, [...(byTable.get(row.table) ?? []), row])
  const damaged = [...byTable].map(([table, rows]) =>
    finding(
      'error',
      'rows',
      `${formatCount(rows.length)} row${rows.length === 1 ? '' : 's'} of the table “${table}” ${rows.length === 1 ? 'is' : 'are'} not what was stored: ${rows
        .slice(0, 3)
        .map(({ key }) =>
          Object.entries(key)
            .map(([column, value]) => `${column} ${String(value)}`)
            .join(', '),
        )
        .join('; ')}${rows.length > 3 ? '; …' : ''}.`,
      restore,
    ),
  )
  const orphans = orphanedRows(database).map(({ table, parent, rows }) =>
    finding(
      'error',
      'rows',
      `${formatCount(rows)} row${rows === 1 ? '' : 's'} of the table “${table}” belong${rows === 1 ? 's' : ''} to a missing row of “${parent}”.`,
      'vasp library repair removes such rows; restoring a backup brings back the rows that they belong to.',
    ),
  )
  const incomplete = [...incompleteDatasets(database), ...incompleteRuns(database)].map(({ message }) =>
    finding('error', 'rows', message, restore),
  )
  return [...damaged, ...orphans, ...incomplete]
}
