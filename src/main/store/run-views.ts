import { notFound } from '../../shared/errors'
import { namedRunView } from '../../shared/run-views'
import type { Connection } from './connection'
import { parsed } from './json'
import type { ViewRepository } from './store'

export function viewRepository(connection: Connection): ViewRepository {
  const list: ViewRepository['list'] = () =>
    connection
      .rows<{ name: string; view: string }>('run_view', {}, 'ORDER BY name')
      .map(({ name, view }) => namedRunView.parse({ ...(parsed(view) as object), name }))
  return {
    list,
    save: ({ name, ...view }) => {
      connection.write(() => {
        connection
          .prepare(
            'INSERT INTO run_view (name, view) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET view = excluded.view',
          )
          .run(name, JSON.stringify(view))
      })
      return list()
    },
    delete(name) {
      const deleted = connection.remove(
        () => connection.prepare('DELETE FROM run_view WHERE name = ?').run(name).changes,
      )
      if (deleted > 0) return list()
      const names = list().map((view) => `“${view.name}”`)
      throw notFound(
        `There is no view “${name}”.`,
        names.length > 0 ? `The library has ${names.join(', ')}.` : 'The library has no saved views.',
      )
    },
  }
}
