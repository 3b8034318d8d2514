import type { PreviewColumn } from '../../../shared/datasets'

interface DetailsMapping {
  readonly item: string | null
  readonly title: string | null
  readonly genres: string | null
}

/** What each chosen column of a file of items is, as the heads of its preview say it. */
export const rolesOfDetails = ({ item, title, genres }: DetailsMapping): Readonly<Record<string, string>> => ({
  ...(genres === null ? {} : { [genres]: 'genres' }),
  ...(title === null ? {} : { [title]: 'title' }),
  ...(item === null ? {} : { [item]: 'item id' }),
})

/** Columns that become attributes: all that are nothing else. */
export const attributesOf = (columns: readonly Pick<PreviewColumn, 'name'>[], mapping: DetailsMapping): string[] =>
  columns.flatMap(({ name }) => ([mapping.item, mapping.title, mapping.genres].includes(name) ? [] : [name]))
