import type { ColumnMapping, FilePreview, ImportPreview } from '../../shared/datasets'
import { badInput, notFound } from '../../shared/errors'
import { type ImportTemplate, shapeOf, type TemplateSettings } from '../../shared/import-templates'
import type { Session } from './session'

/** The template called `name`. Throws NOT_FOUND, naming what exists. */
export async function templateNamed(client: Session['client'], name: string): Promise<ImportTemplate> {
  const all = await client.templates.list()
  const found =
    all.find((template) => template.name === name) ??
    all.find((template) => template.name.toLowerCase() === name.toLowerCase())
  if (found) return found
  throw notFound(
    `There is no import template "${name}".`,
    all.length === 0
      ? 'The library has none yet: keep one with vasp import FILE --save-template NAME.'
      : `The library has ${all.map((template) => `"${template.name}"`).join(', ')}.`,
  )
}

/** A preview with the columns of a template in place of what was recognised. Throws BAD_INPUT for a file that lacks one. */
export function withTemplate(preview: ImportPreview, { name, settings }: ImportTemplate): ImportPreview {
  const { ratings } = preview
  const missing = columnsOf(settings.mapping).filter((column) => !hasColumn(ratings, column))
  if (missing.length > 0)
    throw badInput(
      `${ratings.name} lacks columns of the template "${name}": ${missing.map((column) => `"${column}"`).join(', ')}.`,
      `Leave --template out, or choose another one. The file has ${ratings.columns.map((column) => `"${column.name}"`).join(', ')}.`,
    )
  const { items } = preview
  const itemMapping =
    items && settings.itemMapping && hasColumn(items, settings.itemMapping.item)
      ? settings.itemMapping
      : preview.itemMapping
  return { ...preview, mapping: settings.mapping, itemMapping }
}

/** The columns of a template as if they had been named one by one; of none, nothing. */
export function columnsOfTemplate(template: ImportTemplate | null): Record<string, string> {
  if (!template) return {}
  const { user, item, rating, time, event, count } = template.settings.mapping
  const named = { user, item, rating, time, event: event?.column, count }
  return Object.fromEntries(Object.entries(named).map(([role, column]) => [role, column ?? 'none']))
}

const hasColumn = ({ columns }: FilePreview, column: string): boolean => columns.some(({ name }) => name === column)

const columnsOf = ({ user, item, rating, time, event, count }: ColumnMapping): string[] =>
  [user, item, rating, time, event?.column, count].filter((column) => typeof column === 'string')

/** Keeps what was chosen for files that are detected as this one is. */
export async function saveTemplate(
  client: Session['client'],
  name: string,
  detected: FilePreview,
  settings: TemplateSettings,
): Promise<void> {
  await client.templates.save({ name, shape: shapeOf(detected), settings })
}
