import { preparationId } from '../../shared/ids'
import { type NamedPreparation, namedPreparation } from '../../shared/preparations'
import type { Connection } from './connection'
import { parsed } from './json'
import { namedRows } from './named-rows'
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
  const list = (): NamedPreparation[] => connection.rows<Row>('preparation', {}, 'ORDER BY name').map(preparationOf)
  const rows = namedRows(connection, 'preparation', 'preparation', list)
  return {
    ...rows,
    list,
    save: (name, settings) =>
      connection.write(() => {
        const id = connection
          .prepare<[string, string, string], number>(
            `INSERT INTO preparation (name, settings, created_at) VALUES (?, ?, ?)
             ON CONFLICT (name) DO UPDATE SET settings = excluded.settings RETURNING id`,
          )
          .pluck()
          .get(name, JSON.stringify(settings), new Date().toISOString())
        return rows.get(preparationId.parse(id))
      }),
  }
}
