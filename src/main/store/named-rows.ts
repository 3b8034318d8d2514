import type { Connection } from './connection'
import { nameTaken, unknownId } from './naming'

/** Finds, renames and deletes in a table of rows with names. */
export interface NamedRows<Id extends number, Row> {
  /** Throws NOT_FOUND with those that exist. */
  get(id: Id): Row
  /** Throws NOT_FOUND, or CONFLICT if another one has the name. */
  rename(id: Id, name: string): Row
  /** Throws NOT_FOUND. */
  delete(id: Id): void
}

/**
 * @param table with columns `id` and `name`
 * @param kind the noun for a row in sentences
 * @param list all rows
 */
export function namedRows<Id extends number, Row extends { readonly id: Id; readonly name: string }>(
  connection: Connection,
  table: 'preparation' | 'import_template',
  kind: string,
  list: () => Row[],
): NamedRows<Id, Row> {
  const get = (id: Id): Row => {
    const all = list()
    const found = all.find((known) => known.id === id)
    if (found) return found
    throw unknownId(
      kind,
      id,
      all.map((known) => `${known.id} (${known.name})`),
    )
  }
  return {
    get,
    rename: (id, name) =>
      connection.write(() => {
        get(id)
        if (list().some((other) => other.id !== id && other.name === name)) throw nameTaken(kind, name)
        connection.prepare(`UPDATE ${table} SET name = ? WHERE id = ?`).run(name, id)
        return get(id)
      }),
    delete(id) {
      get(id)
      connection.remove(() => void connection.prepare(`DELETE FROM ${table} WHERE id = ?`).run(id))
    },
  }
}
