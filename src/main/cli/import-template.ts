import type { FilePreview, ImportPreview, ImportTarget } from '../../shared/datasets'
import { badInput, notFound } from '../../shared/errors'
import type { FileHandle } from '../../shared/ids'
import { type ImportTemplate, shapeOf, type TemplateSettings } from '../../shared/import-templates'
import { mappedColumns, withSaid } from '../../shared/kept-reading'
import type { ReadingOverrides } from '../../shared/reading'
import { shapeOf as failureOf } from './exit'
import type { Session } from './session'

/** The template called `name`. Throws NOT_FOUND with the names of those that exist. */
export async function templateNamed(client: Session['client'], name: string): Promise<ImportTemplate> {
  const all = await client.templates.list()
  const found =
    all.find((template) => template.name === name) ??
    all.find((template) => template.name.toLowerCase() === name.toLowerCase())
  if (found) return found
  throw notFound(
    `There is no import template "${name}".`,
    all.length === 0
      ? 'The library has none yet: save one with vasp import FILE --save-template NAME.'
      : `The library has ${all.map((template) => `"${template.name}"`).join(', ')}.`,
  )
}

/** Stored columns and layout, with a name for messages. */
type NamedSettings = Pick<ImportTemplate, 'name' | 'settings'>

/**
 * The settings for a newer export of a data set: the columns of the version before, its layout options, and what was detected of its dates and numbers.
 * If the files lack one of these columns, only the layout is used, with a message. Null for a new data set.
 */
export async function earlierReading(
  { client, terminal }: Session,
  into: ImportTarget | null,
  files: {
    readonly ratings: readonly FileHandle[]
    readonly items: FileHandle | null
    readonly joined: readonly FileHandle[]
  },
  said: { readonly reading: ReadingOverrides; readonly table: string | undefined },
): Promise<(NamedSettings & { readonly hasColumns: boolean }) | null> {
  if (!into) return null
  const { name, version, importedAs: settings } = await client.datasets.get({ id: into.dataset })
  if (!settings) return null
  const called = `version ${version} of "${name}"`
  const reading = withSaid(settings.reading, said.reading)
  const table = said.table ?? settings.table
  let preview: ImportPreview
  try {
    preview = await client.datasets.preview({
      ratings: [...files.ratings],
      items: files.items,
      joined: [...files.joined],
      reading,
      table,
    })
  } catch (error) {
    const { code, message } = failureOf(error)
    if (code !== 'BAD_INPUT') throw error
    terminal.warning(`The files cannot be read like ${called}, so their layout is detected again. ${message}`)
    return null
  }
  const lost = mappedColumns(settings.mapping).filter((column) => !hasColumn(preview.ratings, column))
  if (lost.length > 0)
    terminal.warning(
      `${preview.ratings.name} lacks columns of ${called}: ${lost.map((column) => `"${column}"`).join(', ')}. Its columns are detected again; dates and numbers are read as before.`,
    )
  else terminal.note(`note: read like ${called}; other options override it.`)
  return { name: called, settings, hasColumns: lost.length === 0 }
}

/** A preview with the columns of a template instead of the recognised ones. Throws BAD_INPUT for a file without one of them. */
export function withTemplate(preview: ImportPreview, { name, settings }: NamedSettings): ImportPreview {
  const { ratings } = preview
  const missing = mappedColumns(settings.mapping).filter((column) => !hasColumn(ratings, column))
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

/** The columns of a template as if they had been given as options; empty without a template. */
export function columnsOfTemplate(template: NamedSettings | null): Record<string, string> {
  if (!template) return {}
  const { user, item, rating, time, event, count, title } = template.settings.mapping
  const named = { user, item, rating, time, event: event?.column, count, title }
  return Object.fromEntries(Object.entries(named).map(([role, column]) => [role, column ?? 'none']))
}

const hasColumn = ({ columns }: FilePreview, column: string): boolean => columns.some(({ name }) => name === column)

/** Saves the settings for files that are detected like this one. */
export async function saveTemplate(
  client: Session['client'],
  name: string,
  detected: FilePreview,
  settings: TemplateSettings,
): Promise<void> {
  await client.templates.save({ name, shape: shapeOf(detected), settings })
}
