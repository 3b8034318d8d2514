import { basename, dirname } from 'node:path'
import { roleOfName, saysMaker } from './column-names'
import type { Dialect } from './dialect'
import type { NamedFile } from './source-file'

/** A column that is not in a file, but said by its name or its folders: the same value in every row. */
export interface ConstantColumn {
  readonly name: string
  readonly value: string
}

/** The name of the column with the file's name. */
export const fileColumn = 'file'

/** A folder that Hive, Spark and DuckDB name by the value of a column: date=2024-03-31. */
const partition = /^([\p{L}_][\p{L}\p{N}_.-]*)=(.+)$/u
/** What they write for no value. */
const noValue = '__HIVE_DEFAULT_PARTITION__'
const endings =
  /(?:\.(?:csv|tsv|psv|tab|txt|dat|data|log|json|jsonl|ndjson|parquet|pq|xlsx|xlsm|xls|gz|gzip|zst|zstd))+$/i

/** A file's name without what says its format. */
export const nameWithoutEnding = (name: string): string => basename(name).replace(endings, '')

/** A value as these programs write it in a folder's name: other characters than letters, digits and some signs as %20. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    // A per cent sign that stands for itself.
    return value
  }
}

/** The columns that the folders around a file say, such as `date=2024-03-31`. */
function partitionsOf({ path, inside }: NamedFile): ConstantColumn[] {
  const folders = dirname(inside ?? path).split(/[/\\]/)
  const first = folders.findLastIndex((folder) => !partition.test(folder)) + 1
  return folders.slice(first).flatMap((folder) => {
    const [, name, value] = partition.exec(folder) ?? []
    if (name === undefined || value === undefined) return []
    return [{ name, value: value === noValue ? '' : decoded(value) }]
  })
}

const saysUser = (name: string): boolean => {
  const match = roleOfName(name)
  return match?.role === 'user' && match.whole && !saysMaker(name)
}

/**
 * A table with the columns that its file's folders and name say. The name is a column only beside other files, if no column is named for users: each file may
 * then have the rows of one user.
 */
export function withColumnsOfPath(dialect: Dialect, file: NamedFile, isOneOfSeveral: boolean): Dialect {
  const names = new Set(dialect.columns.map(({ name }) => name.toLowerCase()))
  const folders = partitionsOf(file).filter(({ name }) => !names.has(name.toLowerCase()))
  const all = [...dialect.columns, ...folders]
  const hasUsers = all.some(({ name }) => saysUser(name))
  const isNeeded = isOneOfSeveral && dialect.named && !hasUsers && !names.has(fileColumn)
  const own = isNeeded ? [{ name: fileColumn, value: nameWithoutEnding(file.name) }] : []
  const constants = [...folders, ...own]
  return constants.length === 0
    ? dialect
    : {
        ...dialect,
        constants,
        columns: [...dialect.columns, ...constants.map(({ name }) => ({ name, type: 'VARCHAR' }))],
      }
}
