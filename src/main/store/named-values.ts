import type { z } from 'zod'
import { notFound } from '../../shared/errors'
import type { Connection } from './connection'
import { parsed } from './json'
import type { NamedValues } from './store'

/**
 * Values under names, in a table with the columns `name` and `value` (JSON of the rest).
 *
 * @param noun for one of them in a sentence
 */
export function namedValues<Value extends { readonly name: string }>(
  connection: Connection,
  table: 'run_view' | 'comparison',
  noun: string,
  schema: z.ZodType<Value>,
): NamedValues<Value> {
  const list = (): Value[] =>
    connection
      .rows<{ name: string; value: string }>(table, {}, 'ORDER BY name')
      .map(({ name, value }) => schema.parse({ ...(parsed(value) as object), name }))
  return {
    list,
    save({ name, ...value }) {
      connection.write(() => {
        connection
          .prepare(
            `INSERT INTO ${table} (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
          )
          .run(name, JSON.stringify(value))
      })
      return list()
    },
    delete(name) {
      const gone = connection.remove(() => connection.prepare(`DELETE FROM ${table} WHERE name = ?`).run(name).changes)
      if (gone > 0) return list()
      const names = list().map((one) => `“${one.name}”`)
      throw notFound(
        `There is no ${noun} “${name}”.`,
        names.length > 0 ? `The library has ${names.join(', ')}.` : 'The library has none.',
      )
    },
  }
}
