import type { MapItem } from '../../../shared/maps'

/** Items of a map under one name in its legend; `items` are indexes into the map's. */
export interface GenreGroup {
  readonly name: string
  readonly items: readonly number[]
  /** Position among the coloured genres; null for a genre without a colour of its own. */
  readonly rank: number | null
}

/** More colours than these could not be distinguished. */
export const colouredGenres = 8
export const otherGenres = 'Other'
export const noGenre = 'No genre'

/**
 * Groups the items of a map by their main genre. The most frequent genres of the map have a colour; an item with several has that of the rarest one
 * among them, which describes it best (most files list genres alphabetically, so the first one means nothing).
 */
export function genreGroups(items: readonly Pick<MapItem, 'genres'>[]): GenreGroup[] {
  const counts = new Map<string, number>()
  for (const { genres } of items) for (const genre of new Set(genres)) counts.set(genre, (counts.get(genre) ?? 0) + 1)
  const frequent = [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).slice(0, colouredGenres)
  const rank = new Map(frequent.map(([genre], index) => [genre, index]))

  const groups = new Map<string, number[]>([...rank.keys(), otherGenres, noGenre].map((name) => [name, []]))
  for (const [index, { genres }] of items.entries()) {
    const ranks = genres.flatMap((genre) => rank.get(genre) ?? [])
    const main = frequent[Math.max(...ranks)]?.[0]
    groups.get(main ?? (genres.length > 0 ? otherGenres : noGenre))?.push(index)
  }
  return [...groups]
    .filter(([, members]) => members.length > 0)
    .map(([name, members]) => ({ name, items: members, rank: rank.get(name) ?? null }))
}

/** Whether the data set has no genres. */
export const isWithoutGenres = (items: readonly Pick<MapItem, 'genres'>[]): boolean =>
  items.every(({ genres }) => genres.length === 0)
