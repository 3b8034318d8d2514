import { z } from 'zod'
import { columnMapping, duplicatePolicy, itemColumnMapping } from '../../shared/datasets'
import { valueKindOf, type ValueKind } from '../../shared/liked-threshold'
import { type Reading, reading, readingOverrides } from '../../shared/reading'
import { parsed } from './json'

const stringKeyed = z.record(z.string(), z.unknown())

/** Earlier versions stored the table or sheet of a file as `part`: the same object with `table`. */
const renamed = (stored: unknown): unknown => {
  const { part, ...others } = stringKeyed.safeParse(stored).data ?? {}
  return part === undefined ? stored : { table: part, ...others }
}

/** Stored settings of an import or a template, with the current names of their fields. */
export function withCurrentNames(stored: unknown): unknown {
  const settings = z.looseObject({ reading: z.looseObject({ items: z.unknown() }) }).safeParse(stored).data
  if (settings?.reading.items === undefined) return renamed(stored)
  return renamed({ ...settings, reading: { ...settings.reading, items: renamed(settings.reading.items) } })
}

/** The stored settings of an import; the first versions of the app kept the last of duplicates and stored neither that nor how files were read. */
const importSettings = z.object({
  duplicates: duplicatePolicy.default('last'),
  mapping: columnMapping.nullish().catch(null),
  itemMapping: itemColumnMapping.nullish().catch(null),
  reading: readingOverrides.default({}),
  table: z.string().nullish(),
  choices: reading.default([]),
})

interface ImportedRow {
  readonly has_ratings: number
  readonly import_settings: string
}

export const importSettingsOf = ({
  import_settings: settings,
}: Pick<ImportedRow, 'import_settings'>): z.infer<typeof importSettings> =>
  importSettings.parse(withCurrentNames(parsed(settings)))

/** Settings with the choices about a file of items that was joined later; they replace earlier choices about a file of this name. */
export function withItemChoices(settings: string, choices: Reading): string {
  const files = new Set(choices.map(({ file }) => file))
  const isOfItems = ({ about, control }: Reading[number]): boolean => about === 'items' || control.startsWith('Items ')
  const stored = z.looseObject({ choices: reading.default([]) }).parse(parsed(settings))
  const others = stored.choices.filter((choice) => !(isOfItems(choice) && files.has(choice.file)))
  return JSON.stringify({ ...stored, choices: [...others, ...choices] })
}

/** What the values of a data set's interactions are, from the columns of its import; ratings if these were not stored. */
export function storedValueKind(row: ImportedRow): ValueKind {
  if (row.has_ratings !== 1) return 'none'
  const { mapping, duplicates } = importSettingsOf(row)
  return mapping ? valueKindOf(mapping, duplicates === 'count') : 'rating'
}
