import { StudioError } from '../../shared/errors'
import { type TemplateId, templateId } from '../../shared/ids'
import { importTemplate, type ImportTemplate } from '../../shared/import-templates'
import type { Connection } from './connection'
import { parsed } from './json'
import { unknownId } from './naming'
import type { TemplateRepository } from './store'

interface Row {
  id: number
  name: string
  shape: string
  settings: string
  created_at: string
}

const templateOf = ({ settings, created_at: createdAt, ...row }: Row): ImportTemplate =>
  importTemplate.parse({ ...row, settings: parsed(settings), createdAt })

export function templateRepository(connection: Connection): TemplateRepository {
  const list = (): ImportTemplate[] =>
    connection.prepare<[], Row>('SELECT * FROM import_template ORDER BY id DESC').all().map(templateOf)
  const get = (id: TemplateId): ImportTemplate => {
    const all = list()
    const found = all.find((known) => known.id === id)
    if (found) return found
    throw unknownId(
      'template',
      id,
      all.map((known) => `${known.id} (${known.name})`),
    )
  }
  return {
    list,
    save: (name, shape, settings) =>
      connection.write(() => {
        const id = connection
          .prepare<[string, string, string, string], number>(
            `INSERT INTO import_template (name, shape, settings, created_at) VALUES (?, ?, ?, ?)
             ON CONFLICT (name) DO UPDATE SET shape = excluded.shape, settings = excluded.settings RETURNING id`,
          )
          .pluck()
          .get(name, shape, JSON.stringify(settings), new Date().toISOString())
        return get(templateId.parse(id))
      }),
    rename: (id, name) =>
      connection.write(() => {
        get(id)
        if (list().some((other) => other.id !== id && other.name === name))
          throw new StudioError({
            code: 'CONFLICT',
            message: `There is already a template named “${name}”.`,
            next: 'Choose another name, or delete that template first.',
          })
        connection.prepare('UPDATE import_template SET name = ? WHERE id = ?').run(name, id)
        return get(id)
      }),
    delete(id) {
      get(id)
      connection.write(() => void connection.prepare('DELETE FROM import_template WHERE id = ?').run(id))
    },
  }
}
