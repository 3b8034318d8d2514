import type { MapItem } from '../../../shared/maps'

const hitsAtMost = 50

/** Without case and accents, so that "amelie" finds "Amélie". */
const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()

/** Items whose title or id contains the words, titles that begin with them first, then by popularity (the order given). */
export function matchingItems(items: readonly MapItem[], words: string): MapItem[] {
  const wanted = folded(words.trim())
  const found = items.filter(({ id, title }) => folded(title).includes(wanted) || id === words.trim())
  const begins = ({ title }: MapItem): number => (folded(title).startsWith(wanted) ? 0 : 1)
  return found.sort((a, b) => begins(a) - begins(b)).slice(0, hitsAtMost)
}
