import type { ItemColumnMapping } from '../../shared/datasets'
import { columnOf } from './dialect'
import type { Source } from './load-table'

/** Why a row names no item; [0] is for good rows. */
export const itemProblems = ['', 'no item id'] as const

export function itemColumns(
  source: Source,
  mapping: ItemColumnMapping,
): { columns: Readonly<Record<string, string>>; problem: string } {
  const column = (name: string | null): string =>
    name === null ? 'NULL::VARCHAR' : columnOf(source.dialect, name, source.name)
  const item = column(mapping.item)
  return {
    columns: { id: item, title: column(mapping.title), genres: column(mapping.genres) },
    problem: `CASE WHEN ${item} IS NULL OR trim(${item}) = '' THEN ${itemProblems.indexOf('no item id')} ELSE 0 END`,
  }
}

/** "Action|Comedy" → ["Action", "Comedy"]; MovieLens's placeholder for none → []. */
export const genresOf = (text: string | null): string[] =>
  (text ?? '')
    .split('|')
    .map((genre) => genre.trim())
    .filter((genre) => genre !== '' && genre !== '(no genres listed)')
