import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { StudioError, cancelled, toErrorShape } from '../../shared/errors'
import { makeTemporaryFolder, removeDeadFolders } from '../store/temporary-folders'

/** A DuckDB of its own for one import or preview, with a folder for what does not fit in memory. */
export interface TemporaryDatabase {
  readonly connection: DuckDBConnection
  /** Folder for copies and spilled data; gone after `close`. */
  readonly folder: string
  close(): void
}

/** DuckDB's own limit; the process needs some 300 MB beside it. */
const memoryLimit = '1400MB'

export async function openTemporaryDatabase(parent: string, signal: AbortSignal | null): Promise<TemporaryDatabase> {
  removeDeadFolders(parent)
  const folder = makeTemporaryFolder(parent)
  try {
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: memoryLimit,
      temp_directory: join(folder, 'spilled'),
      // Nothing is ever fetched from a network.
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

/** What pads the cells of a table that a program prints; a carriage return is left of mixed line ends. */
export const padding = ' \t\r\u00a0\u2007\u202f\u3000'

/** SQL: nothing but spaces. Text that begins with a visible ASCII character is told apart at once: trimming takes long. */
export const isBlank = (sql: string): string =>
  `(${sql} IS NULL OR CASE WHEN ${sql} >= '!' AND ${sql} < chr(127) THEN false ELSE trim(${sql}, ${text(padding)}) = '' END)`

const wordsForNone = ['null', 'nan', 'nat', 'none', 'nil', '<na>', 'n/a', 'na', '\\n', '-']

/** SQL: one of some values, each SQL itself. DuckDB would turn an IN of more than a few into a join with every row, whether or not a CASE asks for it. */
export const isOneOf = (sql: string, values: readonly (string | number)[]): string =>
  `list_contains([${values.join(', ')}], ${sql})`

/** SQL: no value, or a word that programs write for none. A longer text is told apart at once. */
export const isNone = (sql: string): string =>
  `(${isBlank(sql)} OR (strlen(${sql}) < 6 AND ${isOneOf(`lower(trim(${sql}))`, wordsForNone.map(text))}))`

/** SQL: `test` of the rows where a value could not be read. A CASE asks it of these alone; an AND may ask it of every row first. */
export const whereNull = (value: string, test: string): string =>
  `CASE WHEN ${value} IS NULL THEN ${test} ELSE false END`

/** What an import's failure means to people. */
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
        message: `The import needs more than its ${memoryLimit} of memory and its room on the disk.`,
        next: 'Free some space on the disk that holds the library, or import fewer columns or files at once.',
      },
      { cause: error },
    )
  return error
}
