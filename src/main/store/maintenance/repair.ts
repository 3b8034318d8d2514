import { copyFileSync, existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { formatCount } from '../../../shared/format'
import type { Repaired } from '../../../shared/library'
import { openDatabase, readDatabase } from '../connection'
import { requireSoundHeader, requireSoundLog } from '../database-header'
import { explainStored } from '../explained'
import { continueNumbers, databaseOf, numbersInNames, removeDatabase, requireDatabase } from '../library-folder'
import { removeCheckpoint, runsWithoutCheckpoint } from '../run-rows'
import type { Cell } from '../row-checksum'
import type { MaintenanceContext } from './backups'
import { checkLibrary, namedExports, namedWeights, unnamedFiles, weightsFlaw } from './check'
import { damagedRows, incompleteDatasets, incompleteRuns, orphanedRows, structureFlaws } from './check-database'
import { schemaFlaw } from '../expected-schema'
import { requireAlone } from './open-elsewhere'
import { mendHeader, recoverRows } from './recover-rows'
import { newAside, setAside, swapDatabase } from './set-aside'

/** Results of a run: if one is missing, it is not the run that was stored. */
const results = new Set(['epoch', 'metric', 'user_metric', 'segments', 'split', 'held_out'])

/**
 * Repairs what can be repaired without treating damaged data as intact: rebuilds indexes, or copies every readable row of a database with damaged
 * pages into a new one; removes rows that belong to nothing; marks runs whose weights or results are missing; moves files without a row.
 * Data sets that lost rows are only removed with `dropDamaged`, with their runs. The original database is kept in a dated folder.
 * @throws StudioError CONFLICT while other programs have the library open.
 */
export async function repairLibrary(
  library: string,
  dropDamaged: boolean,
  context: MaintenanceContext,
): Promise<Repaired> {
  const file = databaseOf(library)
  requireDatabase(library)
  requireAlone(library, 'repaired')
  const before = await checkLibrary(library, context)
  if (before.findings.length === 0) return { steps: [], setAside: null, findings: [] }
  const aside = newAside(library, 'repair')
  const work = `${file}.repairing`
  const steps: string[] = []
  try {
    context.progress({ stage: 'Keeping a copy of the library', done: 0, total: null })
    for (const end of ['', '-wal'])
      if (existsSync(`${file}${end}`)) {
        copyFileSync(`${file}${end}`, join(aside, `library.db${end}.before`))
        copyFileSync(`${file}${end}`, `${work}${end}`)
      }
    steps.push(`The previous database is kept as ${join(aside, 'library.db.before')}.`)
    context.progress({ stage: 'Repairing the database', done: 0, total: null })
    const mended = mendPages(library, work, steps)
    const database = openDatabase(mended)
    try {
      mendRows(database, dropDamaged, steps)
      // The steps so far took long enough for another process to begin work.
      requireAlone(library, 'repaired')
      mendFiles(library, database, aside, steps)
      continueNumbers(database, numbersInNames(library))
      // Makes it one file again: its log would stay behind in the exchange.
      database.pragma('journal_mode = DELETE')
    } finally {
      database.close()
    }
    requireAlone(library, 'repaired')
    swapDatabase(library, aside, mended)
  } catch (error) {
    throw explainStored(error, library, file)
  } finally {
    for (const made of [work, `${work}.new`]) removeDatabase(made)
  }
  const { findings } = await checkLibrary(library, context)
  return { steps, setAside: aside, findings }
}

/** Repairs pages and indexes; returns the file that then has the database. */
function mendPages(library: string, work: string, steps: string[]): string {
  const flaws = pageFlaws(work)
  if (flaws.length === 0) return work
  if (flaws.every((flaw) => /index/i.test(flaw) && !/Tree|page|malformed/i.test(flaw)) && reindexed(work)) {
    steps.push(`The indexes were rebuilt: ${flaws[0] ?? ''}.`)
    return work
  }
  const fresh = `${work}.new`
  // First, the intact changes in the log are written to the file.
  mendHeader(work)
  const tables = recoverRows(work, fresh)
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  steps.push(
    `Every readable row (${formatCount(rows)}) was copied into a new database, because the old one was damaged: ${flaws[0] ?? ''}.`,
  )
  for (const { table, damaged, holes } of tables)
    if (damaged > 0 || holes)
      steps.push(
        `Of the table “${table}”, ${damaged > 0 ? `${formatCount(damaged)} row${damaged === 1 ? ' was' : 's were'} not what was stored and left out` : 'all readable rows were whole'}${holes ? '; parts could not be read' : ''}.`,
      )
  return fresh
}

function pageFlaws(work: string): string[] {
  try {
    requireSoundHeader(work)
    requireSoundLog(work)
    const database = readDatabase(work)
    try {
      const schema = schemaFlaw(database)
      return schema === null ? structureFlaws(database) : [`malformed schema: ${schema}`]
    } finally {
      database.close()
    }
  } catch (error) {
    const words = error instanceof Error ? error.message.replace(/\.$/, '') : String(error)
    return [`malformed page: ${words.replaceAll(work, databaseOf(dirname(work)))}`]
  }
}

function reindexed(work: string): boolean {
  const database = openDatabase(work)
  try {
    database.exec('REINDEX')
    return structureFlaws(database).length === 0
  } catch {
    // Rows that contradict each other cannot be indexed: they are copied one by one instead.
    return false
  } finally {
    database.close()
  }
}

/** Removes rows that belong to nothing, and records in runs what they have lost. */
function mendRows(database: Database, dropDamaged: boolean, steps: string[]): void {
  database.pragma('foreign_keys = OFF')
  database.transaction(() => {
    removeOrphans(database, steps)
    const runs = new Map<number, string>()
    const datasets = new Map<number, string>()
    for (const { table, key } of damagedRows(database)) {
      if (table === 'history' || table === 'item' || table === 'reject' || table === 'dataset') {
        datasets.set(
          Number(
            table === 'history' || table === 'reject' ? ownerOf(database, table, key) : (key['dataset'] ?? key['id']),
          ),
          '',
        )
        continue
      }
      if (results.has(table)) runs.set(Number(key['run']), table)
      removeRow(database, table, key)
      steps.push(`A damaged row of the table “${table}” was removed (${keyText(key)}).`)
    }
    // If a row with dependants of its own is gone, they are removed, too.
    removeOrphans(database, steps)
    for (const { id, name } of runsWithoutCheckpoint(database)) {
      removeCheckpoint(database, id)
      steps.push(`Run ${id} (${name}) is marked as a run without weights, because the row that names them was lost.`)
    }
    for (const { id } of incompleteRuns(database)) runs.set(id, runs.get(id) ?? 'results')
    for (const id of runs.keys()) markDamaged(database, id, steps)
    for (const { id } of incompleteDatasets(database)) datasets.set(id, '')
    if (dropDamaged) for (const id of datasets.keys()) dropDataset(database, id, steps)
    correctCounts(database)
    removeOrphans(database, steps)
  })()
  database.pragma('foreign_keys = ON')
}

const ownerOf = (database: Database, table: string, key: Readonly<Record<string, Cell>>): number | undefined =>
  database
    .prepare<[Cell], number>(`SELECT dataset FROM ${table} WHERE id = ?`)
    .pluck()
    .get(key['id'] ?? null)

const keyText = (key: Readonly<Record<string, Cell>>): string =>
  Object.entries(key)
    .map(([column, value]) => `${column} ${String(value)}`)
    .join(', ')

function removeRow(database: Database, table: string, key: Readonly<Record<string, Cell>>): void {
  const where = Object.keys(key).map((column) => `"${column}" IS ?`)
  database.prepare<Cell[]>(`DELETE FROM "${table}" WHERE ${where.join(' AND ')}`).run(...Object.values(key))
}

/** Deletes rows whose parent is missing, and then their dependants; references that may be empty are emptied. */
function removeOrphans(database: Database, steps: string[]): void {
  for (let found = orphanedRows(database); found.length > 0; found = orphanedRows(database)) {
    let changed = 0
    for (const { table, parent } of found) {
      const links = database
        .prepare<[string, string], { from: string; to: string | null; on_delete: string }>(
          'SELECT "from", "to", on_delete FROM pragma_foreign_key_list(?) WHERE "table" = ?',
        )
        .all(table, parent)
      for (const { from, to, on_delete: rule } of links) {
        const orphaned = `"${from}" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "${parent}" AS parent WHERE parent."${to ?? 'id'}" = "${table}"."${from}")`
        const rows = database
          .prepare(
            rule === 'SET NULL'
              ? `UPDATE "${table}" SET "${from}" = NULL WHERE ${orphaned}`
              : `DELETE FROM "${table}" WHERE ${orphaned}`,
          )
          .run().changes
        changed += rows
        if (rows > 0 && rule !== 'SET NULL')
          steps.push(
            `${formatCount(rows)} row${rows === 1 ? '' : 's'} of the table “${table}” ${rows === 1 ? 'was' : 'were'} removed, because ${rows === 1 ? 'its' : 'their'} “${parent}” is missing.`,
          )
      }
    }
    if (changed === 0) return
  }
}

const lost = {
  code: 'DAMAGED_FILE',
  message: 'Results of this run were damaged and removed when the library was repaired.',
  next: 'Train it again with the same settings, or restore a backup of the library.',
} as const

function markDamaged(database: Database, run: number, steps: string[]): void {
  const changed = database
    .prepare(`UPDATE run SET state = 'failed', error = ?, stored_rows = NULL WHERE id = ?`)
    .run(JSON.stringify(lost), run).changes
  if (changed === 0) return
  // The remaining results would be read as if they were complete.
  for (const table of ['metric', 'user_metric', 'segments'])
    database.prepare(`DELETE FROM ${table} WHERE run = ?`).run(run)
  steps.push(`Run ${run} is marked as failed: ${lost.message.charAt(0).toLowerCase()}${lost.message.slice(1)}`)
}

function dropDataset(database: Database, id: number, steps: string[]): void {
  const runs = database.prepare<[number], number>('SELECT count(*) FROM run WHERE dataset = ?').pluck().get(id) ?? 0
  for (const table of ['run', 'experiment_run', 'history', 'item', 'reject'])
    database.prepare(`DELETE FROM ${table} WHERE dataset = ?`).run(id)
  database.prepare('DELETE FROM dataset WHERE id = ?').run(id)
  steps.push(
    `Data set ${id} was removed with its ${formatCount(runs)} run${runs === 1 ? '' : 's'}, because parts of it were damaged.`,
  )
}

/** Removed rows no longer count. */
function correctCounts(database: Database): void {
  database.exec(`
    UPDATE experiment SET planned = (SELECT count(*) FROM experiment_run WHERE experiment_run.experiment = experiment.id)
      WHERE planned <> (SELECT count(*) FROM experiment_run WHERE experiment_run.experiment = experiment.id);
    DELETE FROM experiment WHERE planned = 0;
    DELETE FROM map WHERE plots <> (SELECT count(*) FROM map_plot WHERE map_plot.map = map.id);
    DELETE FROM map_plot WHERE map NOT IN (SELECT id FROM map);`)
}

/** Makes rows and files agree. Nothing is deleted: files are moved. */
function mendFiles(library: string, database: Database, aside: string, steps: string[]): void {
  for (const { id, name, path, sha256 } of namedWeights(database)) {
    const flaw = weightsFlaw(join(library, path), sha256)
    if (flaw === null) continue
    removeCheckpoint(database, id)
    if (statSync(join(library, path), { throwIfNoEntry: false })) setAside(library, aside, path)
    steps.push(`Run ${id} (${name}) is marked as a run without weights, because they ${flaw}.`)
  }
  for (const { id, name, path } of namedExports(database)) {
    if (statSync(join(library, path), { throwIfNoEntry: false })) continue
    const error = {
      code: 'NOT_FOUND',
      message: `The file of this export is missing: ${path}.`,
      next: 'Export the lists again.',
    }
    database.prepare(`UPDATE export SET state = 'failed', error = ? WHERE id = ?`).run(JSON.stringify(error), id)
    steps.push(`The export ${name} is marked as failed, because its file is missing.`)
  }
  const unnamed = unnamedFiles(library, database, 0)
  for (const path of unnamed) setAside(library, aside, path)
  if (unnamed.length > 0)
    steps.push(
      `${formatCount(unnamed.length)} file${unnamed.length === 1 ? '' : 's'} that nothing in the library refers to ${unnamed.length === 1 ? 'was' : 'were'} moved to ${aside}.`,
    )
}
