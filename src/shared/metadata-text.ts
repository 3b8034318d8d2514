import type { MetadataResult } from './datasets'
import { formatCounted as counted } from './format'

const examples = (ids: readonly string[], of: number): string => [...ids, ...(of > ids.length ? ['…'] : [])].join(', ')

/** The result of joining item metadata, one sentence each. */
export function metadataSentences(result: MetadataResult): string[] {
  const took = [
    ...(result.title === null ? [] : [`title from “${result.title}”`]),
    ...(result.genres === null ? [] : [`genres from “${result.genres}”`]),
    ...(result.attributes.length === 0 ? [] : [`attributes ${result.attributes.join(', ')}`]),
  ]
  const lines = [
    `${counted(result.matched, 'item was', 'items were')} described by the ids in “${result.item}”: ${took.join('; ') || 'the file has no other columns'}.`,
  ]
  const missing = (['title', 'genres'] as const).filter((role) => result[role] === null)
  const [first] = result.attributes
  if (missing.length > 0 && first !== undefined)
    lines.push(
      `No column was recognised as ${missing.join(' or ')}. If one of the attributes is, choose it (${missing.map((role) => `--${role} COLUMN`).join(' or ')}; in the app: ${missing.map((role) => (role === 'title' ? 'Title' : 'Genres')).join(' or ')}).`,
    )
  if (result.toldByContent)
    lines.push(
      `“${result.item}” was taken for the item ids because its values are items of the data set. To choose another column, use --item COLUMN (in the app: Item id).`,
    )
  if (result.repeatedItems > 0)
    lines.push(
      `${counted(result.repeatedItems, 'item has', 'items have')} several rows in the file (${examples(result.repeatedItemExamples, result.repeatedItems)}): ${[
        ...(result.title === null ? [] : ['the first title was taken']),
        ...(result.genres === null && result.attributes.length === 0 ? [] : ['genres and attributes were joined']),
      ].join(', ')}.`,
    )
  if (result.unmatchedItems > 0)
    lines.push(
      `${counted(result.unmatchedItems, 'item of the data set is', 'items of the data set are')} not in the file (${examples(result.unmatchedItemExamples, result.unmatchedItems)}).`,
    )
  if (result.unknownIds > 0)
    lines.push(
      `${counted(result.unknownIds, 'id of the file is no item of', 'ids of the file are no items of')} the data set (${examples(result.unknownIdExamples, result.unknownIds)}).`,
    )
  if (result.unusableRows > 0)
    lines.push(
      `${counted(result.unusableRows, 'row has no id or is no table row', 'rows have no id or are no table rows')}.`,
    )
  return lines
}
