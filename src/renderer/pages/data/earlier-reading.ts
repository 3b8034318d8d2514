import type { DatasetDetail, ImportPreview, ImportTarget } from '../../../shared/datasets'
import { remainingColumns, type RemainingColumns } from '../../../shared/kept-reading'
import { asFailure } from '../../failure'
import { client } from '../../rpc'
import type { SentFiles } from './sent-files'

type ImportedAs = NonNullable<DatasetDetail['importedAs']>

/** How the previous version was read. */
export interface EarlierReading {
  readonly version: number
  readonly settings: ImportedAs
  /** Whether the files are read in the same way now. */
  readonly used: boolean
  /** The columns of the earlier version that stay, and those that the files do not have, whose roles are recognised again. */
  readonly remaining: RemainingColumns
  /** Why the files cannot be read in the same way; null if they can. */
  readonly refused: string | null
}

/**
 * Previews files for a new version with the settings of the previous version: its choices, and its findings about dates and numbers.
 * Null if there is no previous version, or if its settings were not stored.
 * @param detected the preview of the files without these settings
 */
export async function readAsBefore(
  target: ImportTarget | null,
  { ratings, items, joined }: SentFiles,
  detected: ImportPreview,
  signal: AbortSignal,
): Promise<{ earlier: EarlierReading; found: ImportPreview } | null> {
  if (!target) return null
  const { version, importedAs: settings } = await client.datasets.get({ id: target.dataset }, { signal })
  if (!settings) return null
  const asked = {
    ratings: [...ratings],
    items,
    joined: [...joined],
    table: settings.table,
    reading: settings.reading,
    into: target.dataset,
  }
  try {
    const found = await client.datasets.preview(asked, { signal })
    const remaining = remainingColumns(settings.mapping, (column) =>
      found.ratings.columns.some(({ name }) => name === column),
    )
    const { columns } = remaining
    const earlier = { version, settings, used: true, remaining, refused: null }
    const isOther = Object.keys(columns).length === 0
    return { earlier, found: isOther ? found : await client.datasets.preview({ ...asked, columns }, { signal }) }
  } catch (error) {
    const { code, message } = asFailure(error)
    if (signal.aborted || code !== 'BAD_INPUT') throw error
    return { earlier: { version, settings, used: false, remaining: noneLost, refused: message }, found: detected }
  }
}

export const noneLost: RemainingColumns = { columns: {}, lost: [] }

/** The text above the columns: how the files are read, and what they lack of the earlier version. */
export function earlierSentence({ version, settings, used, remaining, refused }: EarlierReading): string {
  if (refused !== null)
    return `The files cannot be read like version ${version}, so their format was detected again. ${refused}`
  if (!used) return `The format of the files was detected, not taken from version ${version}.`
  const { columns, lost } = remaining
  if (lost.length > 0) {
    const quoted = lost.map(({ column }) => `“${column}”`).join(', ')
    const roles = lost.map(({ role }) => role).join(', ')
    const again =
      Object.keys(columns).length === 0
        ? 'so their columns were recognised again: check them. Dates and numbers are read as before'
        : `so a column for ${roles} was looked for again: check it. The other columns are read as before`
    return `The files lack ${lost.length === 1 ? 'the column' : 'the columns'} ${quoted} of version ${version}, ${again}.`
  }
  const { reading } = settings
  const kept = [
    reading.dateOrder &&
      `dates ${{ dayFirst: 'day', monthFirst: 'month', yearFirst: 'year' }[reading.dateOrder]} first`,
    reading.decimalComma !== undefined && `a decimal ${reading.decimalComma ? 'comma' : 'point'}`,
  ].filter((words) => typeof words === 'string')
  return `The files are read like version ${version}: with the same columns${kept.map((words) => `, ${words}`).join('')}.`
}
