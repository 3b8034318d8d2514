import type { ChosenColumns, ColumnMapping, FilePreview, ImportPreview, ImportTarget } from '../../shared/datasets'
import { badInput, notFound } from '../../shared/errors'
import type { FileHandle } from '../../shared/ids'
import { type ImportTemplate, shapeOf, type TemplateSettings } from '../../shared/import-templates'
import {
  besideRemaining,
  mappedColumns,
  namedColumns,
  type RemainingColumns,
  remainingColumns,
  withSaid,
} from '../../shared/kept-reading'
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

/** The settings of the version before, with those of its columns that a newer export still has. */
export type EarlierSettings = NamedSettings & { readonly remaining: RemainingColumns }

/**
 * The settings for a newer export of a data set: the columns of the version before, its layout options, and what was detected of its dates and numbers.
 * The roles of columns that the files lack are detected again, with a message. Null for a new data set.
 */
export async function earlierReading(
  { client, terminal }: Session,
  into: ImportTarget | null,
  files: {
    readonly ratings: readonly FileHandle[]
    readonly items: FileHandle | null
    readonly joined: readonly FileHandle[]
  },
  said: { readonly reading: ReadingOverrides; readonly table: string | undefined; readonly columns: ChosenColumns },
): Promise<EarlierSettings | null> {
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
  const remaining = remainingColumns(settings.mapping, (column) => hasColumn(preview.ratings, column))
  // Whoever names a column for a role needs no other for it.
  const lost = remaining.lost.filter(({ role }) => said.columns[role] === undefined)
  if (lost.length === 0) terminal.note(`note: read like ${called}; other options override it.`)
  else {
    const isOther = Object.keys(remaining.columns).length === 0
    terminal.warning(
      `${preview.ratings.name} lacks ${lost.length === 1 ? 'the column' : 'columns'} of ${called}: ${lost.map(({ column }) => `"${column}"`).join(', ')}. ${
        isOther
          ? 'Its columns are detected again; dates and numbers are read as before.'
          : `A column for ${lost.map(({ role }) => role).join(', ')} is looked for again; the other columns are read as before.`
      }`,
    )
  }
  return { name: called, settings, remaining }
}

/** A preview whose columns stay those of the version before, as far as the files have them. */
export const withRemaining = (preview: ImportPreview, { settings, remaining }: EarlierSettings): ImportPreview => ({
  ...preview,
  mapping: besideRemaining(preview.mapping, settings.mapping, remaining),
  itemMapping: itemsOf(preview, settings),
})

/** The roles that had a column in the version before and have none now. */
export const rolesWithoutColumn = ({ remaining }: EarlierSettings, mapping: ColumnMapping): string[] =>
  remaining.lost.map(({ role }) => role).filter((role) => mapping[role] == null)

/** A preview with the columns of a template instead of the recognised ones. Throws BAD_INPUT for a file without one of them. */
export function withTemplate(preview: ImportPreview, { name, settings }: NamedSettings): ImportPreview {
  const { ratings } = preview
  const missing = mappedColumns(settings.mapping).filter((column) => !hasColumn(ratings, column))
  if (missing.length > 0)
    throw badInput(
      `${ratings.name} lacks columns of the template "${name}": ${missing.map((column) => `"${column}"`).join(', ')}.`,
      `Leave --template out, or choose another one. The file has ${ratings.columns.map((column) => `"${column.name}"`).join(', ')}.`,
    )
  return { ...preview, mapping: settings.mapping, itemMapping: itemsOf(preview, settings) }
}

const itemsOf = ({ items, itemMapping }: ImportPreview, settings: TemplateSettings): ImportPreview['itemMapping'] =>
  items && settings.itemMapping && hasColumn(items, settings.itemMapping.item) ? settings.itemMapping : itemMapping

/** Columns as if they had been given as options. */
export const asOptions = (columns: ChosenColumns): Record<string, string> =>
  Object.fromEntries(
    Object.entries(columns).flatMap(([role, column]) =>
      typeof column === 'boolean' ? [] : [[role, column ?? 'none']],
    ),
  )

/** The columns of a template as if they had been given as options. */
export const columnsOfTemplate = ({ settings }: NamedSettings): Record<string, string> =>
  asOptions(namedColumns(settings.mapping))

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
