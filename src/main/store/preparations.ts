import { StudioError } from '../../shared/errors'
import { preparationId } from '../../shared/ids'
import { type NamedPreparation, namedPreparation } from '../../shared/preparations'
import type { Connection } from './connection'
import { parsed } from './json'
import { unknownId } from './naming'
import type { PreparationRepository } from './store'

interface Row {
  id: number
  name: string
  settings: string
  created_at: string
}

const preparationOf = (row: Row): NamedPreparation =>
  namedPreparation.parse({
    id: row.id,
    name: row.name,
    preparation: parsed(row.settings),
    createdAt: row.created_at,
  })

export function preparationRepository(connection: Connection): PreparationRepository {
  const list = (): NamedPreparation[] =>
    connection.prepare<[], Row>('SELECT * FROM preparation ORDER BY name').all().map(preparationOf)
  const get: PreparationRepository['get'] = (id) => {
    const all = list()
    const found = all.find((known) => known.id === id)
    if (found) return found
    throw unknownId(
      'preparation',
      id,
      all.map((known) => `${known.id} (${known.name})`),
    )
  }
  return {
    list,
    get,
    save: (name, settings) =>
      connection.write(() => {
        const id = connection
          .prepare<[string, string, string], number>(
            `INSERT INTO preparation (name, settings, created_at) VALUES (?, ?, ?)
             ON CONFLICT (name) DO UPDATE SET settings = excluded.settings RETURNING id`,
          )
          .pluck()
          .get(name, JSON.stringify(settings), new Date().toISOString())
        return get(preparationId.parse(id))
      }),
    rename(id, name) {
      get(id)
      return connection.write(() => {
        if (list().some((other) => other.name === name && other.id !== id))
          throw new StudioError({
            code: 'CONFLICT',
            message: `There is already a preparation named “${name}”.`,
            next: 'Choose another name, or delete that preparation first.',
          })
        connection.prepare('UPDATE preparation SET name = ? WHERE id = ?').run(name, id)
        return get(id)
      })
    },
    delete(id) {
      get(id)
      connection.write(() => void connection.prepare('DELETE FROM preparation WHERE id = ?').run(id))
    },
  }
}
