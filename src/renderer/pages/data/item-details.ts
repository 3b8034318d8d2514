import type { PreviewColumn } from '../../../shared/datasets'

interface DetailsMapping {
  readonly item: string | null
  readonly title: string | null
  readonly genres: string | null
}

/** The role of each chosen column of an items file, for the column heads of its preview. */
export const rolesOfDetails = ({ item, title, genres }: DetailsMapping): Readonly<Record<string, string>> => ({
  ...(genres === null ? {} : { [genres]: 'genres' }),
  ...(title === null ? {} : { [title]: 'title' }),
  ...(item === null ? {} : { [item]: 'item id' }),
})

/** Columns that become attributes: all that have no other role. */
export const attributesOf = (columns: readonly Pick<PreviewColumn, 'name'>[], mapping: DetailsMapping): string[] =>
  columns.flatMap(({ name }) => ([mapping.item, mapping.title, mapping.genres].includes(name) ? [] : [name]))
