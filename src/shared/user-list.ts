import { z } from 'zod'

/** External ids of users that a person chose. */
export const chosenUsers = z.array(z.string()).min(1, 'Choose at least one user.')

/** User ids of a text, each once, and the name of their column where the text has one. */
export interface UserList {
  readonly users: readonly string[]
  /** The first line where its name says user: of a list with one id per line it may be an id after all. */
  readonly header: string | null
}

/** What a column of users is called in a list of them. */
const userColumn =
  /^(?:user|customer|client|member|visitor|viewer|reader|account)s?[ _-]?(?:id|nr|no|number|key|name)?s?(?::token)?$/i

/**
 * The cells of a line: separated by commas, semicolons or tabs, in double quotes where they hold one of these. Not by csv-parse: it refuses a quote
 * that is not closed, which an id may begin with, and which every list has while it is typed.
 */
function cellsOf(line: string): string[] {
  const cells = `,${line}`.matchAll(/[,;\t](\s*"(?:[^"]|"")*"\s*(?=[,;\t]|$)|[^,;\t]*)/g)
  return Array.from(cells, ([, cell = '']) => {
    const quoted = /^\s*"(.*)"\s*$/s.exec(cell)?.[1]
    return (quoted?.replaceAll('""', '"') ?? cell).trim()
  })
}

/**
 * The users of a text: one id per line, or separated by commas, semicolons or tabs; of a table whose header names a column of users, those of
 * that column.
 * @param column what the data set's own files call the column of users, where that is known
 */
export function usersIn(text: string, column: string | null = null): UserList {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/[\r\n]+/)
    .map(cellsOf)
    .filter((cells) => cells.some((cell) => cell !== ''))
  const [first = [], ...rows] = lines
  const at = rows.length > 0 ? first.findIndex((cell) => cell === column || userColumn.test(cell)) : -1
  // A list may go over several lines with as many ids in each as it likes.
  const isTable = at >= 0 && rows.every((cells) => cells.length === first.length)
  const ids = isTable ? rows.map((cells) => cells[at] ?? '') : lines.flat()
  return { users: [...new Set(ids.filter((id) => id !== ''))], header: isTable ? (first[at] ?? null) : null }
}
