import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Breach } from './attack'

export type Finding = Omit<Breach, 'case'>

/** By table and key: a hash of the requested columns of the row. */
export type Digest = ReadonlyMap<string, string>

/** Tables of the library's contents with the columns that identify a row; jobs and settings are left out. */
const contents: Readonly<Record<string, string>> = {
  dataset: 'id',
  item: 'dataset, position',
  history: 'id',
  reject: 'id',
  run: 'id',
  split: 'run',
  epoch: 'run, epoch',
  metric: 'run, part, metric',
  user_metric: 'run, part, metric',
  checkpoint: 'run',
  export: 'id',
  map: 'id',
  map_plot: 'map, position',
  preparation: 'id',
}

/** Reads a library's database in its current state, without the product. */
export function readDatabase<T>(library: string, read: (database: Database.Database) => T): T {
  const database = new Database(join(library, 'library.db'), { readonly: true, timeout: 10_000 })
  try {
    return read(database)
  } finally {
    database.close()
  }
}

const tablesOf = (database: Database.Database): Set<string> =>
  new Set(database.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all())

/** The columns of every table of contents that there is. */
export const columnsOf = (library: string): ReadonlyMap<string, readonly string[]> =>
  readDatabase(library, (database) => {
    const there = tablesOf(database)
    return new Map(
      Object.keys(contents).flatMap((table) =>
        there.has(table)
          ? [[table, database.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table)]]
          : [],
      ),
    )
  })

/** Every row that a person's work depends on, by the values in `columns`. */
export const digestOf = (library: string, columns: ReadonlyMap<string, readonly string[]>): Digest =>
  readDatabase(library, (database) => {
    const digest = new Map<string, string>()
    for (const [table, names] of columns) {
      const visible = table === 'dataset' ? `WHERE state = 'ready'` : ''
      const key = contents[table] ?? 'rowid'
      const rows = database.prepare<[], unknown[]>(`SELECT ${key} FROM ${table} ${visible} ORDER BY ${key}`).raw()
      const values = database.prepare<[], unknown[]>(
        `SELECT ${names.map((name) => `"${name}"`).join(', ')} FROM ${table} ${visible} ORDER BY ${key}`,
      )
      const read = values.raw().all()
      for (const [at, row] of rows.all().entries())
        digest.set(
          `${table} ${row.join('/')}`,
          createHash('sha256')
            .update(textOf(read[at] ?? []))
            .digest('hex'),
        )
    }
    return digest
  })

const textOf = (row: readonly unknown[]): string =>
  JSON.stringify(row.map((value) => (Buffer.isBuffer(value) ? value.toString('base64') : value)))

/** Rows of `before` that are gone or changed in `after`. */
export const lostRows = (before: Digest, after: Digest): string[] =>
  [...before].flatMap(([key, hash]) => (after.get(key) === hash ? [] : [key]))

/**
 * Problems of a library that nobody works on: its database, the states in its rows, and files that do not match the rows. An own
 * view, made without the product and its `vasp library check`.
 */
export function findings(library: string): Finding[] {
  return readDatabase(library, (database) => [
    ...brokenDatabase(database),
    ...untrueStates(database),
    ...weightFiles(library, database),
    ...exportFiles(library, database),
    ...backupFiles(library),
    ...temporaryFiles(library),
  ])
}

function brokenDatabase(database: Database.Database): Finding[] {
  const integrity = database.pragma('integrity_check', { simple: true })
  const keys = database.pragma('foreign_key_check')
  return [
    ...(integrity === 'ok' ? [] : [{ what: 'a damaged database', detail: String(integrity) }]),
    ...(Array.isArray(keys) && keys.length > 0
      ? [{ what: 'rows without parents', detail: JSON.stringify(keys[0]) }]
      : []),
  ]
}

/** Work that says it runs, and waiting work that no job in the queue is for. */
const untrueWork = {
  job: `state = 'running' OR (state = 'queued' AND kind IN ('import', 'split', 'setup'))`,
  run: `state = 'running' OR (state = 'queued' AND id NOT IN (SELECT run FROM job WHERE kind = 'train' AND state = 'queued' AND run IS NOT NULL))`,
  export: `state = 'running' OR (state = 'queued' AND id NOT IN (SELECT export FROM job WHERE state = 'queued' AND export IS NOT NULL))`,
}

function untrueStates(database: Database.Database): Finding[] {
  const there = tablesOf(database)
  const unended = Object.entries(untrueWork).flatMap(([table, untrue]) =>
    database
      .prepare<[], { id: number; state: string }>(`SELECT id, state FROM ${table} WHERE ${untrue}`)
      .all()
      .map(({ id, state }) => ({ what: `a dead ${table} that says ${state}`, detail: `${table} ${id}` })),
  )
  const hidden = database.prepare<[], number>(`SELECT id FROM dataset WHERE state = 'importing'`).pluck().all()
  const denied = [
    denials(
      database,
      'a finished run whose job says otherwise',
      `SELECT job.id, job.state, job.error FROM job JOIN run ON run.id = job.run
      WHERE job.kind = 'train' AND run.state = 'finished' AND job.state <> 'finished'
        -- earlier jobs of a run that went on say how they were interrupted
        AND job.id = (SELECT max(id) FROM job AS last WHERE last.run = run.id AND last.kind = 'train')`,
    ),
    denials(
      database,
      'a finished job whose run says otherwise',
      `SELECT job.id, run.state, run.error FROM job JOIN run ON run.id = job.run
      WHERE job.kind = 'train' AND run.state <> 'finished' AND job.state = 'finished'`,
    ),
    denials(
      database,
      'a finished export whose job says otherwise',
      `SELECT job.id, job.state, job.error FROM job JOIN export ON export.id = job.export
      WHERE export.state = 'finished' AND job.state <> 'finished'`,
    ),
  ]
  return [
    ...unended,
    ...(there.has('dataset') ? hidden : []).map((id) => ({ what: 'rows of a dead import', detail: `dataset ${id}` })),
    ...denied.flat(),
  ]
}

const denials = (database: Database.Database, what: string, sql: string): Finding[] =>
  database
    .prepare<[], { id: number; state: string; error: string | null }>(sql)
    .all()
    .map(({ id, state, error }) => ({ what, detail: `job ${id}, ${state} ${(error ?? '').slice(0, 120)}` }))

/** All files below a folder of the library, by their path in it; directories that hold nothing count, too. */
function filesIn(library: string, folder: string): string[] {
  const parent = join(library, folder)
  if (!existsSync(parent)) return []
  return readdirSync(parent, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
}

function weightFiles(library: string, database: Database.Database): Finding[] {
  const rows = database
    .prepare<[], { run: number; path: string; sha256: string }>(
      `SELECT run, path, sha256 FROM checkpoint UNION SELECT run, path, sha256 FROM run_state
       UNION SELECT run, json_extract(best, '$.path'), json_extract(best, '$.sha256') FROM run_state WHERE best IS NOT NULL`,
    )
    .all()
  const named = new Set(rows.map(({ path }) => path))
  return [
    ...filesIn(library, 'weights')
      .filter((path) => !named.has(path))
      .map((path) => ({
        what: isTemporary(path) ? 'a temporary file of weights' : 'weights that no row names',
        detail: path,
      })),
    ...rows.flatMap(({ run, path, sha256 }): Finding[] => {
      const file = join(library, path)
      if (!existsSync(file)) return [{ what: 'a run whose weights are gone', detail: `run ${run}, ${path}` }]
      const actual = createHash('sha256').update(readFileSync(file)).digest('hex')
      return actual === sha256 ? [] : [{ what: 'half a file of weights under its final name', detail: path }]
    }),
  ]
}

const isTemporary = (path: string): boolean => /\.(tmp|part)\b|\.part$|\.tmp$/.test(path)

function exportFiles(library: string, database: Database.Database): Finding[] {
  const rows = database.prepare<[], { id: number; state: string; bytes: number | null }>('SELECT * FROM export').all()
  const byFile = new Map(rows.map((row) => [join('exports', `export-${row.id}.csv`), row]))
  const there = filesIn(library, 'exports')
  return [
    ...there
      .filter((path) => byFile.get(path)?.state !== 'finished')
      .map((path) => ({
        what: isTemporary(path) ? 'a temporary file of an export' : 'an exported file without a finished export',
        detail: path,
      })),
    ...[...byFile].flatMap(([path, { state, bytes, id }]): Finding[] => {
      if (state !== 'finished') return []
      const size = statSync(join(library, path), { throwIfNoEntry: false })?.size
      return size === bytes
        ? []
        : [
            {
              what: 'a finished export without its whole file',
              detail: `export ${id}, ${String(size)} of ${String(bytes)} bytes`,
            },
          ]
    }),
  ]
}

/** Copies of the database under their final names have to be whole. */
function backupFiles(library: string): Finding[] {
  return filesIn(library, 'backups').flatMap((path): Finding[] => {
    if (isTemporary(path)) return [{ what: 'a temporary file of a backup', detail: path }]
    if (!path.endsWith('.db')) return []
    const problem = problemOfCopy(join(library, path))
    return problem === null ? [] : [{ what: 'half a backup under its final name', detail: `${path}: ${problem}` }]
  })
}

function problemOfCopy(file: string): string | null {
  try {
    const copy = new Database(file, { readonly: true })
    try {
      const verdict = copy.pragma('integrity_check', { simple: true })
      const tables = tablesOf(copy)
      if (verdict !== 'ok') return String(verdict)
      return tables.has('dataset') ? null : 'no tables'
    } finally {
      copy.close()
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const temporaryFiles = (library: string): Finding[] =>
  ['scratch', 'uploads'].flatMap((folder) =>
    filesIn(library, folder).map((path) => ({ what: `a left-over in ${folder}`, detail: path })),
  )
