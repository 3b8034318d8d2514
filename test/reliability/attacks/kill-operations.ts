import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { openDatabase } from '../../../src/main/store/connection'
import { migrations } from '../../../src/main/store/migrations/all'
import { migrate } from '../../../src/main/store/migrations/migrate'
import { runId } from '../../../src/shared/ids'
import { tinyEase, tinyNease, tinyVasp, datasetName, runs } from '../base-library'
import { startBrowserHost } from '../browser-host'
import { readDatabase, type Finding } from '../library-state'
import { writeRatings, type Product } from '../product'
import { within } from '../waiting'

/** A library to work on, and a folder beside it. */
export interface Bench {
  readonly product: Product
  readonly folder: string
  readonly library: string
  /** More ratings than the base library has. */
  readonly ratings: string
}

/** The work is under way: the group to be killed, and its end if it is undisturbed. */
export interface Work {
  readonly leader: number
  readonly finished: Promise<void>
}

/** Work that is killed at a random moment. */
export interface Operation {
  readonly name: string
  /** Kills of the full count; 250 in all. */
  readonly kills: number
  /** Part of the short form, too. */
  readonly short?: true
  /** Changes a copy of the base library before; `variant` is drawn by the seed. */
  prepare?(bench: Bench, variant: number): void
  start(bench: Bench): Promise<Work>
  /** Only what the undisturbed work removes may be missing from the base afterwards. */
  readonly removes?: boolean
  /** Problems beyond those that are checked after every kill; `whole` is the folder after undisturbed work. */
  judge?(bench: Bench, whole: Bench): Finding[]
}

const command =
  (...args: string[]) =>
  async ({ product, library, folder }: Bench): Promise<Work> => {
    const { pid, ended } = product.start(
      args.map((arg) => arg.replaceAll('{folder}', folder)),
      { library, cwd: folder },
    )
    return { leader: pid, finished: ended.then(() => undefined) }
  }

const rowsOf = (library: string, sql: string): unknown[] =>
  readDatabase(library, (database) => database.prepare(sql).raw().all())

/** The rows that work makes are either absent or as undisturbed work makes them. */
const allOrNothing =
  (what: string, sql: string) =>
  ({ library }: Bench, whole: Bench): Finding[] => {
    const found = JSON.stringify(rowsOf(library, sql))
    const expected = JSON.stringify(rowsOf(whole.library, sql))
    return found === '[]' || found === expected
      ? []
      : [{ what, detail: `${found.slice(0, 200)}, not ${expected.slice(0, 200)}` }]
  }

/** A data set that is there says of the import that made it that it finished. */
const importSaysSo =
  (name: string, version: number): ((bench: Bench) => Finding[]) =>
  ({ library }) =>
    readDatabase(library, (database) => {
      const there = database
        .prepare(`SELECT 1 FROM dataset WHERE name = ? AND version = ? AND state = 'ready'`)
        .get(name, version)
      const job = database
        .prepare<[], { state: string; error: string | null }>(
          `SELECT state, error FROM job WHERE kind = 'import' ORDER BY id DESC LIMIT 1`,
        )
        .get()
      if (!there || !job || job.state === 'finished') return []
      return [
        { what: 'a committed import that says it failed', detail: `${job.state} ${(job.error ?? '').slice(0, 150)}` },
      ]
    })

/** A run that finished after all has the figures of an undisturbed one; one that failed says why. */
const rightRun = (bench: Bench, whole: Bench): Finding[] => {
  const { library } = bench
  const metrics = `SELECT run, part, metric, round(mean, 5) FROM metric WHERE run > 3 ORDER BY 1, 2, 3`
  const finished = rowsOf(library, `SELECT id FROM run WHERE id > 3 AND state = 'finished'`).length > 0
  const silent = rowsOf(library, `SELECT id FROM run WHERE id > 3 AND state = 'failed' AND error IS NULL`)
  return [
    ...(finished ? allOrNothing('a finished run with other figures', metrics)(bench, whole) : []),
    ...silent.map(() => ({ what: 'a failed run without a reason', detail: 'run 4' })),
  ]
}

/** An output file is absent or complete, and no other file is beside it. */
const wholeFile =
  (name: string) =>
  ({ folder }: Bench, whole: Bench): Finding[] => {
    const beside = readdirSync(folder).filter((found) => found !== name && found.startsWith(`${name}.`))
    const file = join(folder, name)
    const half = existsSync(file) && readFileSync(file, 'utf8') !== readFileSync(join(whole.folder, name), 'utf8')
    return [
      ...beside.map((found) => ({ what: 'a temporary file beside --out', detail: found })),
      ...(half ? [{ what: 'half a file under the name of --out', detail: name }] : []),
    ]
  }

const train = (name: string, ...settings: string[]): Operation => ({
  name,
  kills: 28,
  start: command('train', '--data', datasetName, ...settings),
  judge: rightRun,
})

/** Makes the library one of schema `version`, as an earlier release would have left it. */
function makeOlder({ library }: Bench, version: number): void {
  const file = join(library, 'library.db')
  const now = join(library, 'now.db')
  // Folds the log into the database, so that one file is all of it.
  const source = new Database(file)
  source.pragma('journal_mode = DELETE')
  source.close()
  cpSync(file, now)
  for (const suffix of ['', '-wal', '-shm']) removeFile(`${file}${suffix}`)
  const older = openDatabase(file)
  migrate(older, migrations.slice(0, version), join(library, 'backups'))
  older.pragma('foreign_keys = OFF')
  older.prepare('ATTACH ? AS now').run(now)
  const tables = older.prepare<[], string>(
    `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'`,
  )
  const columns = (schema: string, table: string): string[] =>
    older.prepare<[string, string], string>('SELECT name FROM pragma_table_info(?, ?)').pluck().all(table, schema)
  for (const table of tables.pluck().all()) {
    const there = new Set(columns('now', table))
    const common = columns('main', table).filter((name) => there.has(name))
    const names = common.map((name) => `"${name}"`).join(', ')
    if (common.length > 0) older.exec(`INSERT INTO main.${table} (${names}) SELECT ${names} FROM now.${table}`)
  }
  older.exec('DETACH now')
  older.close()
  removeFile(now)
}

const removeFile = (file: string): void => rmSync(file, { force: true })

export const operations: readonly Operation[] = [
  {
    name: 'import',
    short: true,
    kills: 30,
    start: command('import', '{folder}/more.csv', '--name', 'new'),
    judge: (bench, whole) => [
      ...allOrNothing(
        'half an import',
        `SELECT name, users, items, interactions, fingerprint FROM dataset WHERE name = 'new'`,
      )(bench, whole),
      ...importSaysSo('new', 1)(bench),
    ],
  },
  {
    name: 'append',
    kills: 24,
    start: command('import', '{folder}/more.csv', '--append-to', datasetName),
    judge: (bench, whole) => [
      ...allOrNothing(
        'half a version',
        `SELECT name, users, items, interactions, fingerprint FROM dataset WHERE version = 2`,
      )(bench, whole),
      ...importSaysSo(datasetName, 2)(bench),
    ],
  },
  train('train ease', ...tinyEase),
  train('train nease', ...tinyNease),
  { ...train('train vasp', ...tinyVasp), short: true },
  { name: 'evaluate', kills: 14, start: command('evaluate', '--run', String(runs.vasp)) },
  {
    name: 'export --out',
    kills: 20,
    start: command('export', '--run', String(runs.vasp), '--all', '--k', '50', '--out', '{folder}/lists.csv'),
    judge: wholeFile('lists.csv'),
  },
  {
    name: 'export into the library',
    kills: 18,
    async start({ product, library }) {
      const host = await startBrowserHost(product, { library })
      const { client, socket } = await host.connect()
      const { job } = await client.exports.create({ run: runId.parse(runs.vasp), users: 'all', k: 50 })
      const isGone = (): boolean => host.started.child.exitCode !== null || host.started.child.signalCode !== null
      const watched = async (): Promise<void> => {
        for await (const event of await client.jobs.watch({ job })) if (event.type === 'finished') return
      }
      const finished = async (): Promise<void> => {
        const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
        // A killed worker ends the job, a killed host the connection.
        await within(Promise.race([watched().catch(() => undefined), closed]), 60_000, 'The end of the export')
        if (!isGone()) await host.stop()
      }
      return { leader: host.pid, finished: finished() }
    },
    judge: allOrNothing(
      'a finished export of other size',
      `SELECT users, rows, bytes FROM export WHERE state = 'finished'`,
    ),
  },
  {
    name: 'map',
    kills: 14,
    start: command('map', '--run', String(runs.vasp), '--items', '120', '--iterations', '400'),
    judge: allOrNothing('half a map', `SELECT id, epoch, hex(items) FROM map WHERE id > 1`),
  },
  {
    name: 'delete a run',
    kills: 12,
    start: command('delete', 'run', String(runs.vasp)),
    removes: true,
  },
  {
    name: 'delete a data set',
    short: true,
    kills: 14,
    start: command('delete', 'dataset', datasetName, '--yes'),
    removes: true,
  },
  {
    name: 'migration',
    short: true,
    kills: 14,
    prepare: (bench, variant) => makeOlder(bench, 1 + (variant % (migrations.length - 1))),
    start: command('datasets'),
  },
  {
    name: 'backup',
    kills: 6,
    start: command('library', 'backup'),
  },
]

/** Copies the base library and puts more ratings beside it. */
export function newBench(product: Product, folder: string, base: string): Bench {
  const library = join(folder, 'library')
  cpSync(base, library, { recursive: true })
  return { product, folder, library, ratings: writeRatings(join(folder, 'more.csv'), 1500, 25, 301) }
}
