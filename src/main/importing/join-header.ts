import type { DuckDBConnection } from '@duckdb/node-api'
import { badInput } from '../../shared/errors'
import { formatCount, formatCounted } from '../../shared/format'
import type { Choice } from '../../shared/reading'
import type { Reference } from '../store/foreign-database'
import { list } from './column-content'
import { cellColumns, type Dialect, readAsText, wholeRows } from './dialect'
import { identifier, isBlank, type TemporaryDatabase } from './duckdb'
import { namesBeside } from './formats/joined-tables'
import { distinctRows, RelatedRows, type TableInMemory } from './formats/related-rows'
import { namesKey, RelatedTables, tableName } from './formats/related-tables'
import { count } from './load-table'
import { firstRowsOf } from './table-rows'

/** A file as text, with its original name. */
interface NamedText {
  readonly name: string
  /** See `NamedFile`. */
  readonly inside?: string | undefined
  readonly path: string
  readonly dialect: Dialect
}

/** The number of rows that show which column refers to the other file. */
const examinedRows = 10_000
/** The maximum number of rows for a preview and a forecast. */
const previewRows = 2_000_000
/** If fewer rows than this have a match in the other file, the files may not belong together. */
const mostlyFound = 0.9

let joins = 0

/**
 * Adds the columns of a file with one row for each key, such as orders, to the rows of another one that has the keys, such as order lines; after that, those of
 * a third one whose keys the second has, such as customers. DuckDB joins them, so memory does not grow with any; the rows keep the order of their file, and
 * lines that are not rows stay unchanged.
 * @param whole whether all rows are needed, not only those of a preview
 * @throws StudioError BAD_INPUT with both names if no column of `lines` has the keys of `header`, or if one of these occurs in different rows
 */
export async function joinHeader(
  { connection }: TemporaryDatabase,
  lines: NamedText,
  header: NamedText,
  whole: boolean,
): Promise<{ dialect: Dialect; choice: Choice }> {
  const { column, key } = await referenceTo(connection, lines, header)
  const number = joins++
  const [rows, added] = [`header_${number}`, `added_${number}`]
  const others = header.dialect.columns.map(({ name }) => name).filter((name) => name !== key)
  const cells = [`trim(${identifier(key)}) AS "key"`, ...others.map((name, at) => `${identifier(name)} AS "c${at}"`)]
  await connection.run(
    `CREATE TEMP TABLE ${rows} AS SELECT DISTINCT ${cells.join(', ')}
     FROM ${readAsText(header.path, header.dialect, ['ignore_errors = true'])} WHERE NOT ${isBlank(identifier(key))}`,
  )
  await refuseRepeated(connection, rows, key, lines.name, header)
  // The columns that were added before stay beside the new ones, matched to the file by the column that they were joined by.
  const before = lines.dialect.added
  const columns = others.map((_, at) => `${rows}."c${at}"`)
  const kept = (before?.columns ?? []).map(({ name }, at) => `${identifier(name)} AS "b${at}"`)
  const read = readAsText(lines.path, lines.dialect, ['ignore_errors = true'])
  const own = [
    `${identifier(before?.column ?? column)} AS "own"`,
    `${identifier(column)} AS "refers"`,
    ...kept,
    'row_number() OVER () AS "row"',
  ]
  await connection.run(
    `CREATE TEMP TABLE ${added} AS SELECT ${['lines.* EXCLUDE ("row")', `${rows}."key"`, ...columns].join(', ')}
     FROM (SELECT ${own.join(', ')} FROM ${wholeRows(read, cellColumns(lines.dialect))}${whole ? '' : ` LIMIT ${previewRows}`}) AS lines
     LEFT JOIN ${rows} ON ${rows}."key" = trim(lines."refers") ORDER BY "row"`,
  )
  const all = await count(connection, `SELECT count("refers") FROM ${added}`)
  const found = await count(connection, `SELECT count("key") FROM ${added}`)
  if (found === 0)
    throw badInput(
      `No row of ${lines.name} has a row in ${header.name}: the values of its “${column}” do not occur as “${key}”.`,
      leaveOut(header),
    )
  const names = namesBeside(
    { columns: lines.dialect.columns.map(({ name }) => name) },
    { column, table: header.name, key, columns: others },
  )
  const missing = all - found
  return {
    dialect: {
      ...lines.dialect,
      columns: [...lines.dialect.columns, ...names.map((name) => ({ name, type: 'VARCHAR' }))],
      added: {
        table: added,
        column: before?.column ?? column,
        key: 'own',
        columns: [
          ...(before?.columns ?? []).map(({ name }, at) => ({ name, of: `b${at}` })),
          ...names.map((name, at) => ({ name, of: `c${at}` })),
        ],
      },
    },
    choice: {
      about: 'table',
      file: lines.name,
      column: null,
      value: `with columns of ${header.name}`,
      certainty: found < mostlyFound * all ? 'guess' : 'likely',
      evidence: `Each row gets ${list(names)} of the row of ${header.name} that has its “${column}” as “${key}”, which occurs once; ${missing === 0 ? 'every row has one' : `${formatCount(found)} of ${formatCounted(all, 'row')} have one`}.`,
      affectsData: true,
      control: 'Files',
      option: roleOption(header),
    },
  }
}

const roleOption = ({ name, inside = name }: NamedText): string => `--file-role ${inside}=left-out`

const leaveOut = (header: NamedText): string =>
  `Leave it out (${roleOption(header)}; in the app: Files), or join the files yourself and import the result.`

/** Whether a column of `lines` refers to `header`; some do not before another file's columns are added to them. */
export const refersTo = async (
  { connection }: TemporaryDatabase,
  lines: NamedText,
  header: NamedText,
): Promise<boolean> => (await foundReference(connection, lines, header)).reference !== null

async function foundReference(
  connection: DuckDBConnection,
  lines: NamedText,
  header: NamedText,
): Promise<{ reference: Reference | null; tables: readonly [TableInMemory, TableInMemory] }> {
  const tables = [await inMemory(connection, lines), await inMemory(connection, header)] as const
  const rows = new RelatedRows(tables)
  const related = new RelatedTables(rows, tables)
  return { reference: related.referencesOf(tables[0])[0] ?? sameColumn(rows, tables), tables }
}

/** The column that has the same name in both files, and in the second a different value in each row; where it differs in the first as well, each has one row. */
function sameColumn(rows: RelatedRows, [lines, header]: readonly [TableInMemory, TableInMemory]): Reference | null {
  for (const column of lines.columns) {
    const key = header.columns.find((one) => one.toLowerCase() === column.toLowerCase())
    if (key === undefined || !rows.isUnique(header.name, key, examinedRows)) continue
    const reference = { column, table: header.name, key }
    if (rows.isWithin(lines.name, reference, examinedRows)) return reference
  }
  return null
}

async function referenceTo(connection: DuckDBConnection, lines: NamedText, header: NamedText): Promise<Reference> {
  const { reference, tables } = await foundReference(connection, lines, header)
  if (reference) return reference
  // If its values repeat, the check of all rows names those that do.
  const column = tables[0].columns.find((name) => namesKey(name) && tables[1].columns.includes(name))
  if (column !== undefined) return { column, table: tables[1].name, key: column }
  throw badInput(
    `${header.name} cannot be joined to ${lines.name}: no column of ${lines.name} has the values of a column of ${header.name} that is different in each row.`,
    leaveOut(header),
  )
}

async function inMemory(connection: DuckDBConnection, { name, path, dialect }: NamedText): Promise<TableInMemory> {
  const rows = await firstRowsWithAdded(connection, { path, dialect }, examinedRows)
  const columns = dialect.named ? dialect.columns.map((column) => column.name) : []
  return {
    name,
    called: tableName(name),
    columns,
    key: null,
    references: [],
    rows: distinctRows(rows),
    isCut: rows.length === examinedRows,
  }
}

/** The first rows of a table, with the columns that others add to them. */
export async function firstRowsWithAdded(
  connection: DuckDBConnection,
  { path, dialect }: { readonly path: string; readonly dialect: Dialect },
  most: number,
): Promise<string[][]> {
  if (!dialect.added) return firstRowsOf({ path, dialect }, most)
  const read = await connection.runAndReadAll(
    `SELECT * FROM ${readAsText(path, dialect, ['ignore_errors = true'])} LIMIT ${most}`,
  )
  return read.getRows().map((row) => row.map((value) => (typeof value === 'string' ? value : '')))
}

/** @throws StudioError BAD_INPUT if a key has several rows, because the row that belongs to it is then unknown. */
async function refuseRepeated(
  connection: DuckDBConnection,
  rows: string,
  key: string,
  lines: string,
  header: NamedText,
): Promise<void> {
  const repeated = await connection.runAndReadAll(
    `SELECT first("key"), count(*) FROM ${rows} GROUP BY "key" HAVING count(*) > 1 LIMIT 1`,
  )
  const [row] = repeated.getRows()
  if (!row) return
  throw badInput(
    `${header.name} cannot be joined to ${lines}: it has ${formatCount(Number(row[1]))} different rows with “${key}” ${String(row[0])}, and nothing shows which of them belongs to a row of ${lines}.`,
    leaveOut(header),
  )
}
