import { z } from 'zod'
import { columnMapping, duplicatePolicy, type FilePreview, itemColumnMapping } from './datasets'
import { templateId } from './ids'
import { givenName } from './names'
import { readingOverrides } from './reading'

export const templateName = givenName

/** What is chosen for files of one shape, to be chosen again. */
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
  /** What files it is offered for, see `shapeOf`. */
  shape: z.string(),
  settings: templateSettings,
  createdAt: z.iso.datetime(),
})
export type ImportTemplate = z.infer<typeof importTemplate>

/**
 * What files of one kind have in common as they are detected: format, separator, and the names of the columns, or their number where they
 * have no names. Encoding and preamble may differ from one export to the next. A time that is joined of columns is none of them: it may be recognised
 * in one version of this program and not in another.
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

/** The shapes under which templates of such files are kept: earlier versions counted joined times among the columns. */
export const shapesOf = (file: FilePreview): string[] => [...new Set([shapeOf(file), shapeWith(file, file.columns)])]
