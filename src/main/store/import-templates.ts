import { templateId } from '../../shared/ids'
import { importTemplate, type ImportTemplate } from '../../shared/import-templates'
import type { Connection } from './connection'
import { withCurrentNames } from './import-settings'
import { parsed } from './json'
import { namedRows } from './named-rows'
import type { TemplateRepository } from './store'

interface Row {
  id: number
  name: string
  shape: string
  settings: string
  created_at: string
}

const templateOf = ({ id, name, shape, settings, created_at: createdAt }: Row): ImportTemplate =>
  importTemplate.parse({ id, name, shape, settings: withCurrentNames(parsed(settings)), createdAt })

export function templateRepository(connection: Connection): TemplateRepository {
  const list = (): ImportTemplate[] => connection.rows<Row>('import_template', {}, 'ORDER BY id DESC').map(templateOf)
  const rows = namedRows(connection, 'import_template', 'template', list)
  return {
    ...rows,
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
        return rows.get(templateId.parse(id))
      }),
  }
}
