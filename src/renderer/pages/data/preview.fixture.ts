import type { FilePreview, ImportPreview } from '../../../shared/datasets'

/** A file of comma-separated text as a preview shows it, with these columns and no rows. */
export const textFile = (name: string, columns: readonly string[]): FilePreview => ({
  name,
  bytes: 10,
  format: 'delimited text',
  tables: [],
  delimiter: ',',
  header: true,
  named: true,
  columns: columns.map((column) => ({ name: column, type: 'VARCHAR', samples: [] })),
  rows: [],
  text: { encoding: 'utf-8', delimiter: ',', quote: '"', header: true, skip: 0, preamble: [] },
})

/** Interactions with a user, an item and a time, all of which were recognised. */
export const previewOfThree: ImportPreview = {
  ratings: textFile('a.csv', ['who', 'what', 'when']),
  items: null,
  mapping: { user: 'who', item: 'what', rating: null, time: 'when' },
  itemMapping: null,
  choices: [],
  warnings: [],
  files: [],
}
