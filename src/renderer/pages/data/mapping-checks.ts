import type { ColumnMapping, FilePreview, ItemColumnMapping } from '../../../shared/datasets'

export interface MappingCheck {
  readonly ok: boolean
  readonly text: string
}

/** Mapping as the form holds it: a column may still be missing. */
export interface DraftMapping {
  user: string | null
  item: string | null
  rating: string | null
  time: string | null
}

export const draftOf = (mapping: ColumnMapping | null): DraftMapping => ({
  user: mapping?.user ?? null,
  item: mapping?.item ?? null,
  rating: mapping?.rating ?? null,
  time: mapping?.time ?? null,
})

/** The mapping that can be sent, or `null` while a needed column is missing or used twice. */
export function complete(draft: DraftMapping): ColumnMapping | null {
  const { user, item, rating, time } = draft
  if (user === null || item === null || duplicates(draft).length > 0) return null
  return { user, item, rating, time }
}

const roles = { user: 'user', item: 'item', rating: 'rating', time: 'time' } as const

function duplicates(draft: DraftMapping): string[] {
  const used = Object.values(draft).filter((column): column is string => column !== null)
  return [...new Set(used.filter((column, index) => used.indexOf(column) !== index))]
}

const samplesOf = (file: FilePreview, column: string | null): readonly string[] =>
  file.columns.find(({ name }) => name === column)?.samples ?? []

const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text.replace(',', '.')))
const isTime = (text: string): boolean => isNumber(text) || !Number.isNaN(Date.parse(text))

/** What can be said of a mapping from the preview alone; the import itself checks every row. */
export function checkMapping(file: FilePreview, draft: DraftMapping): MappingCheck[] {
  const checks: MappingCheck[] = []
  for (const role of ['user', 'item'] as const) {
    checks.push(
      draft[role] === null
        ? { ok: false, text: `Choose the column that holds the ${roles[role]}.` }
        : { ok: true, text: `${role === 'user' ? 'Users' : 'Items'} come from “${draft[role]}”.` },
    )
  }
  for (const column of duplicates(draft)) checks.push({ ok: false, text: `“${column}” is chosen twice.` })
  if (draft.rating === null) {
    checks.push({ ok: true, text: 'No rating column: every row counts as one interaction.' })
  } else {
    const odd = samplesOf(file, draft.rating).find((sample) => !isNumber(sample))
    checks.push(
      odd === undefined
        ? { ok: true, text: `Ratings in “${draft.rating}” are numbers.` }
        : { ok: false, text: `“${draft.rating}” holds “${odd}”, which is not a number.` },
    )
  }
  if (draft.time !== null) {
    const odd = samplesOf(file, draft.time).find((sample) => !isTime(sample))
    checks.push(
      odd === undefined
        ? { ok: true, text: `Times in “${draft.time}” can be read.` }
        : { ok: false, text: `“${draft.time}” holds “${odd}”, which is not a time.` },
    )
  }
  return checks
}

/** Items need at least their id; without an id column the item file is left out. */
export const completeItems = (draft: {
  item: string | null
  title: string | null
  genres: string | null
}): ItemColumnMapping | null => (draft.item === null ? null : { ...draft, item: draft.item })

/** “ratings.csv” → “ratings”: a name to start from. */
export const nameFromFile = (fileName: string): string => fileName.replace(/\.[^.]+$/, '').slice(0, 120)
