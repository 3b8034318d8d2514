import { z } from 'zod'
import { columnMapping, duplicatePolicy, type FilePreview, itemColumnMapping } from './datasets'
import { templateId } from './ids'
import { givenName } from './names'
import { readingOverrides } from './reading'

export const templateName = givenName

/** The choices for files of one shape, to be used again. */
export const templateSettings = z.object({
  mapping: columnMapping,
  itemMapping: itemColumnMapping.nullable(),
  duplicates: duplicatePolicy,
  reading: readingOverrides,
  /** Table of a database, sheet of a workbook. */
  table: z.string().nullable(),
})
export type TemplateSettings = z.infer<typeof templateSettings>

export const importTemplate = z.object({
  id: templateId,
  name: z.string(),
  /** The shape of the files for which it is offered, see `shapeOf`. */
  shape: z.string(),
  settings: templateSettings,
  createdAt: z.iso.datetime(),
})
export type ImportTemplate = z.infer<typeof importTemplate>

/**
 * The detected shape of files of one kind: format, separator, and the names of the columns, or their number if they
 * have no names. Encoding and preamble may differ from one export to the next. A time that is joined from columns does not count, because one version
 * of this program may recognise it and another not.
 */
export const shapeOf = ({ columns, ...file }: FilePreview): string =>
  shapeWith(
    file,
    columns.filter(({ joined }) => joined !== true),
  )

const shapeWith = (
  { format, delimiter, named }: Omit<FilePreview, 'columns'>,
  columns: FilePreview['columns'],
): string => JSON.stringify([format, delimiter, named ? columns.map(({ name }) => name) : columns.length])

/** The shapes under which templates of such files are stored: earlier versions counted joined times as columns. */
export const shapesOf = (file: FilePreview): string[] => [...new Set([shapeOf(file), shapeWith(file, file.columns)])]
