import { statSync } from 'node:fs'
import { join } from 'node:path'
import { namedComparison } from '../../../shared/comparisons'
import { namedRunView } from '../../../shared/run-views'
import { StudioError } from '../../../shared/errors'
import type { LibraryCheck, LibraryFinding } from '../../../shared/library'
import { connect, readDatabase } from '../connection'
import { datasetRepository } from '../datasets'
import { experimentRepository } from '../experiments'
import { exportRepository } from '../exports'
import { templateRepository } from '../import-templates'
import { jobRepository } from '../jobs'
import { mapRepository } from '../maps'
import { preparationRepository } from '../preparations'
import { namedValues } from '../named-values'
import { runRepository } from '../runs'
import { settingsRepository } from '../settings'
import { requireSoundHeader, requireSoundLog } from '../database-header'
import { explainStored } from '../explained'
import { backupsOf, databaseOf, exportsOf, namesIn, requireDatabase, weightsOf } from '../library-folder'
import { backupsIn, fileSha256 } from './backup-files'
import type { MaintenanceContext } from './backups'
import { databaseFindings } from './check-database'
import type { Database } from 'better-sqlite3'

/** A file that was written so recently may get its row at any moment. */
const settlingMs = 60_000

/**
 * Checks everything in a library and changes nothing: pages, indexes, rows and their references; weights against their SHA-256; files
 * without a row and rows whose files are missing; backups. The library may be in use.
 */
export async function checkLibrary(library: string, context: MaintenanceContext): Promise<LibraryCheck> {
  const file = databaseOf(library)
  const checkedAt = new Date().toISOString()
  let database: Database | null = null
  try {
    context.progress({ stage: 'Checking the database', done: 0, total: null })
    requireDatabase(library)
    if (!statSync(file, { throwIfNoEntry: false })) return { checkedAt, findings: [] }
    requireSoundHeader(file)
    requireSoundLog(file)
    database = readDatabase(file)
    const ofDatabase = databaseFindings(database, file, rowProgress(context))
    const findings = [
      ...ofDatabase,
      ...(ofDatabase.length === 0 ? unreadable(library, database) : []),
      ...(await fileFindings(library, database, context)),
      ...(await backupFindings(library, context)),
    ]
    return { checkedAt, findings }
  } catch (error) {
    const explained = explainStored(error, library, file)
    if (!(explained instanceof StudioError) || explained.code !== 'DAMAGED_FILE') throw explained
    const damage: LibraryFinding = {
      severity: 'error',
      kind: 'database',
      message: explained.message,
      remedy: explained.next,
    }
    return { checkedAt, findings: [damage, ...(await backupFindings(library, context))] }
  } finally {
    database?.close()
  }
}

/** Rows that are as stored, but that this program cannot understand. */
function unreadable(library: string, database: Database): LibraryFinding[] {
  const connection = connect(database, library, { readOnly: true })
  const [datasets, runs, maps] = [datasetRepository(connection), runRepository(connection), mapRepository(connection)]
  const looks = [
    ...[jobRepository, exportRepository, experimentRepository, preparationRepository, templateRepository].map(
      (repository) => () => void repository(connection).list(),
    ),
    () => void settingsRepository(connection).read(),
    () => void namedValues(connection, 'run_view', 'view', namedRunView).list(),
    () => void namedValues(connection, 'comparison', 'comparison', namedComparison).list(),
    () => {
      for (const { id } of datasets.list()) datasets.detail(id)
    },
    () => {
      for (const { id } of runs.list(null)) {
        runs.get(id)
        maps.list(id)
      }
    },
  ]
  return looks.flatMap((look) => {
    try {
      look()
      return []
    } catch (error) {
      const explained = explainStored(error, library, databaseOf(library))
      if (!(explained instanceof StudioError)) throw explained
      return [{ severity: 'error', kind: 'rows', message: explained.message, remedy: explained.next }]
    }
  })
}

function rowProgress({ progress, signal }: MaintenanceContext): (table: string) => void {
  let rows = 0
  return (table) => {
    if (++rows % 50_000 !== 0) return
    signal.throwIfAborted()
    progress({ stage: `Checking the rows of “${table}”`, done: rows, total: null })
  }
}

/** Data about a file in a row. */
interface NamedFile {
  readonly id: number
  readonly name: string
  readonly path: string
  readonly sha256: string | null
}

/** Weights in rows, with the run that they belong to. */
export const namedWeights = (database: Database): NamedFile[] =>
  database
    .prepare<[], NamedFile>(
      'SELECT run.id, run.name, checkpoint.path, checkpoint.sha256 FROM checkpoint JOIN run ON run.id = checkpoint.run ORDER BY run.id',
    )
    .all()

/** States of unfinished runs, the newest of each first. */
export const namedStates = (database: Database): NamedFile[] =>
  database
    .prepare<[], NamedFile>(
      'SELECT run.id, run.name, run_state.path, run_state.sha256 FROM run_state JOIN run ON run.id = run_state.run ORDER BY run.id, run_state.id DESC',
    )
    .all()

/** Exports whose row says that their file is finished. */
export const namedExports = (database: Database): NamedFile[] =>
  database
    .prepare<[], { id: number; name: string }>(
      `SELECT id, file_name AS name FROM export WHERE state = 'finished' ORDER BY id`,
    )
    .all()
    .map(({ id, name }) => ({ id, name, path: join('exports', `export-${id}.csv`), sha256: null }))

/** Files of weights and exports without a row, relative to the library, except those younger than `youngest` milliseconds. */
export function unnamedFiles(library: string, database: Database, youngest = settlingMs): string[] {
  const named = new Set([
    ...database
      .prepare<[], string>(
        `SELECT path FROM checkpoint UNION SELECT path FROM run_state UNION
         SELECT json_extract(best, '$.path') FROM run_state WHERE best IS NOT NULL`,
      )
      .pluck()
      .all(),
    ...database
      .prepare<[], number>('SELECT id FROM export')
      .pluck()
      .all()
      .map((id) => join('exports', `export-${id}.csv`)),
  ])
  return [weightsOf(library), exportsOf(library)].flatMap((folder, at) =>
    namesIn(folder)
      .map((name) => join(at === 0 ? 'weights' : 'exports', name))
      .filter((path) => {
        const state = statSync(join(library, path), { throwIfNoEntry: false })
        return state !== undefined && !named.has(path) && (youngest === 0 || Date.now() - state.mtimeMs > youngest)
      }),
  )
}

async function fileFindings(
  library: string,
  database: Database,
  { progress, signal }: MaintenanceContext,
): Promise<LibraryFinding[]> {
  const findings: LibraryFinding[] = []
  const weights = namedWeights(database)
  for (const [at, { id, name, path, sha256 }] of weights.entries()) {
    signal.throwIfAborted()
    progress({ stage: 'Checking the weights', done: at, total: weights.length })
    const flaw = weightsFlaw(join(library, path), sha256)
    if (flaw !== null)
      findings.push({
        severity: 'error',
        kind: 'weights',
        message: `The weights of run ${id} (${name}) ${flaw}: ${path}.`,
        remedy:
          'Restore the file from a copy, or train the run again. vasp library repair marks it as a run without weights.',
      })
    await pause()
  }
  for (const { id, name, path, sha256 } of namedStates(database)) {
    signal.throwIfAborted()
    const flaw = weightsFlaw(join(library, path), sha256)
    if (flaw !== null)
      findings.push({
        severity: 'warning',
        kind: 'weights',
        message: `The tensors of a state of run ${id} (${name}) ${flaw}: ${path}.`,
        remedy: 'If the run is resumed, it goes on from the state before, or begins again. Nothing needs to be done.',
      })
    await pause()
  }
  for (const { id, name, path } of namedExports(database))
    if (!statSync(join(library, path), { throwIfNoEntry: false }))
      findings.push({
        severity: 'warning',
        kind: 'exports',
        message: `The file of export ${id} (${name}) is missing: ${path}.`,
        remedy: 'Export the lists again, and delete this export.',
      })
  for (const path of unnamedFiles(library, database))
    findings.push({
      severity: 'note',
      kind: 'files',
      message: `Nothing in the library refers to the file ${path}.`,
      remedy: 'vasp library repair moves it to another folder.',
    })
  return findings
}

/** The problem of a file of weights; null if it is what was stored. */
export function weightsFlaw(file: string, sha256: string | null): string | null {
  if (!statSync(file, { throwIfNoEntry: false })) return 'are missing'
  return sha256 === fileSha256(file) ? null : 'have changed (the SHA-256 differs)'
}

async function backupFindings(library: string, { progress, signal }: MaintenanceContext): Promise<LibraryFinding[]> {
  const findings: LibraryFinding[] = []
  const backups = backupsIn(library)
  for (const [at, { file, known }] of backups.entries()) {
    signal.throwIfAborted()
    progress({ stage: 'Checking the backups', done: at, total: backups.length })
    await pause()
    if (known && known.sha256 !== fileSha256(join(backupsOf(library), file)))
      findings.push({
        severity: 'warning',
        kind: 'backups',
        message: `The backup ${file} has changed (its SHA-256 differs).`,
        remedy: 'Delete it (vasp library backups --delete) and make another one (vasp library backup).',
      })
  }
  return findings
}

/** Handles messages (such as a cancel) between two files. */
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
