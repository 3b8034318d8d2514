import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { StudioError, cancelled, toErrorShape } from '../../shared/errors'
import { makeTemporaryFolder, removeDeadFolders } from '../store/temporary-folders'
import { blankCell } from './blank-cells'

/** A temporary DuckDB for one import or preview, with a folder for what does not fit in memory. */
export interface TemporaryDatabase {
  readonly connection: DuckDBConnection
  /** Folder for copies and spilled data; deleted by `close`. */
  readonly folder: string
  close(): void
}

/** DuckDB's own limit; the process needs about 300 MB on top. */
const memoryLimit = '1400MB'

export async function openTemporaryDatabase(parent: string, signal: AbortSignal | null): Promise<TemporaryDatabase> {
  removeDeadFolders(parent)
  const folder = makeTemporaryFolder(parent)
  try {
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: memoryLimit,
      temp_directory: join(folder, 'spilled'),
      // DuckDB must never fetch anything from a network.
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    })
    const connection = await instance.connect()
    await connection.run(`SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET TimeZone = 'UTC'`)
    const interrupt = (): void => connection.interrupt()
    signal?.addEventListener('abort', interrupt)
    return {
      connection,
      folder,
      close() {
        signal?.removeEventListener('abort', interrupt)
        connection.closeSync()
        instance.closeSync()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * SQL: nothing but padding, or the formula of an empty text (="", "=""""" with quotes that have no meaning). Other text that begins with a visible
 * ASCII character is excluded first because patterns are slow.
 */
export const isBlank = (sql: string): string =>
  `(${sql} IS NULL OR CASE WHEN ${sql} >= '!' AND ${sql} < chr(127) AND NOT starts_with(${sql}, '=') AND NOT starts_with(${sql}, '"=') THEN false ELSE regexp_full_match(${sql}, ${text(blankCell)}) END)`

const wordsForNone = ['null', 'nan', 'nat', 'none', 'nil', '<na>', 'n/a', 'na', '\\n', '-']

/** SQL: equal to one of some values, which are SQL themselves. DuckDB would turn an IN with more than a few into a join over all rows, even within a CASE. */
export const isOneOf = (sql: string, values: readonly (string | number)[]): string =>
  `list_contains([${values.join(', ')}], ${sql})`

/** SQL: no value, or a word that programs write for a missing value. Longer text is excluded first. */
export const isNone = (sql: string): string =>
  `(${isBlank(sql)} OR (strlen(${sql}) < 6 AND ${isOneOf(`lower(trim(${sql}))`, wordsForNone.map(text))}))`

/** SQL: `test` for rows whose value could not be read. A CASE evaluates it for these alone; an AND may evaluate it for every row first. */
export const whereNull = (value: string, test: string): string =>
  `CASE WHEN ${value} IS NULL THEN ${test} ELSE false END`

/** Converts a failure of DuckDB to an error for people. */
export function explainFailure(error: unknown, signal: AbortSignal | null): unknown {
  if (signal?.aborted) return cancelled('The import')
  if (error instanceof StudioError) return error
  const words = error instanceof Error ? error.message : String(error)
  if (/no space left on device|ENOSPC|disk (is )?full/i.test(words))
    return new StudioError({ ...toErrorShape(Object.assign(new Error(words), { code: 'ENOSPC' })) }, { cause: error })
  if (words.startsWith('Out of Memory Error'))
    return new StudioError(
      {
        code: 'OUT_OF_MEMORY',
        message: `The import needs more than the available ${memoryLimit} of memory and the free space on the disk.`,
        next: 'Free some space on the disk with the library, or import fewer columns or files at once.',
      },
      { cause: error },
    )
  return error
}
