import { z } from 'zod'
import { exactPercent, formatCount } from './format'
import { share, wholeNumber } from './number-rules'

/** The message for a text that is neither of these. */
export const mostPopularForms = 'a number of items such as 500, or a share of the catalogue below 100 % such as 33%'

/**
 * Only the most popular items: a number of items by how many users like each, before users and items are counted; or a share of the catalogue, by how many
 * training users like each, after the users are divided (as the authors of VASP do). `of`: both, first the number, then the share.
 */
export const mostPopular = z.union(
  [wholeNumber(1), z.object({ share: share(), of: wholeNumber(1).nullable().default(null) })],
  `Enter ${mostPopularForms}.`,
)
export type MostPopular = z.infer<typeof mostPopular>

/** How many items are chosen before users and items are counted; null: all. */
export const countOf = (chosen: MostPopular | null): number | null =>
  chosen === null || typeof chosen === 'number' ? chosen : chosen.of

/** The share of the catalogue that a model knows. */
export const shareOf = (chosen: MostPopular | null): number =>
  chosen === null || typeof chosen === 'number' ? 1 : chosen.share

/** The number of items that are left from `items`. */
export const mostLeft = (chosen: MostPopular | null, items: number): number =>
  Math.max(1, Math.round(Math.min(items, countOf(chosen) ?? items) * shareOf(chosen)))

/** What `mostPopularFrom` reads: `500`, `33 %`, `33 % of 500`. */
export const mostPopularInput = (chosen: MostPopular): string =>
  typeof chosen === 'number'
    ? String(chosen)
    : `${exactPercent(chosen.share)}${chosen.of === null ? '' : ` of ${chosen.of}`}`

/** For people: `500`, `33 % of the catalogue`. */
export const mostPopularText = (chosen: MostPopular): string => {
  if (typeof chosen === 'number') return formatCount(chosen)
  const of = chosen.of === null ? '' : ` of the ${formatCount(chosen.of)} most popular`
  return `${exactPercent(chosen.share)} of the catalogue${of}`
}

/** Reads `500`, `33%`, `33% of 500`; null for any other text. */
export function mostPopularFrom(text: string): MostPopular | null {
  const found = /^(?:(?<percent>\d{1,3}(?:\.\d+)?)\s*%(?:\s*of\s+(?<of>\d{1,15}))?|(?<count>\d{1,15}))$/.exec(
    text.trim(),
  )
  if (!found?.groups) return null
  const { percent, of, count } = found.groups
  const read = mostPopular.safeParse(
    // Computed from its digits, because 33.3 / 100 is not exactly 0.333.
    percent === undefined
      ? Number(count)
      : { share: Number(`${percent}e-2`), of: of === undefined ? null : Number(of) },
  )
  return read.success ? read.data : null
}
