import { z } from 'zod'

/** External ids of users that a person chose. */
export const chosenUsers = z.array(z.string()).min(1, 'Choose at least one user.')

/** The user ids in a text, each once, and the name of their column if the text has one. */
export interface UserList {
  readonly users: readonly string[]
  /** The first line if its name suggests users: in a list with one id per line it may be an id. */
  readonly header: string | null
}

/** Names of a column of users in a list. */
const userColumn =
  /^(?:user|customer|client|member|visitor|viewer|reader|account)s?[ _-]?(?:id|nr|no|number|key|name)?s?(?::token)?$/i

/**
 * The cells of a line: separated by commas, semicolons or tabs, in double quotes if they contain one of these. csv-parse is not used: it refuses an unclosed
 * quote, with which an id may begin, and which every list has while it is typed.
 */
function cellsOf(line: string): string[] {
  const cells = `,${line}`.matchAll(/[,;\t](\s*"(?:[^"]|"")*"\s*(?=[,;\t]|$)|[^,;\t]*)/g)
  return Array.from(cells, ([, cell = '']) => {
    const quoted = /^\s*"(.*)"\s*$/s.exec(cell)?.[1]
    return (quoted?.replaceAll('""', '"') ?? cell).trim()
  })
}

/**
 * The users in a text: one id per line, or separated by commas, semicolons or tabs; in a table whose header names a column of users, those in
 * that column.
 * @param column the name of the column of users in the data set's own files, if it is known
 */
export function usersIn(text: string, column: string | null = null): UserList {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/[\r\n]+/)
    .map(cellsOf)
    .filter((cells) => cells.some((cell) => cell !== ''))
  const [first = [], ...rows] = lines
  const at = rows.length > 0 ? first.findIndex((cell) => cell === column || userColumn.test(cell)) : -1
  // A list may have several lines, with any number of ids in each.
  const isTable = at >= 0 && rows.every((cells) => cells.length === first.length)
  const ids = isTable ? rows.map((cells) => cells[at] ?? '') : lines.flat()
  return { users: [...new Set(ids.filter((id) => id !== ''))], header: isTable ? (first[at] ?? null) : null }
}
