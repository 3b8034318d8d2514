import type { ItemRef, RecommendedItem } from '../../shared/explore'
import type { RankedItem } from './recommend'

/** What is known of an item of the catalogue. */
export interface CatalogueItem {
  readonly externalId: string
  readonly title: string
  readonly genres: readonly string[]
  readonly attributes?: Readonly<Record<string, string>>
}

/** An item by its model index, with id and title. Throws RangeError where the catalogue has none. */
export function itemRef(catalogue: readonly CatalogueItem[], index: number): ItemRef {
  const item = catalogue[index]
  if (!item) throw new RangeError(`The catalogue has no item ${index}.`)
  const { externalId: id, title, genres, attributes } = item
  return { id, title, genres: [...genres], ...(attributes ? { attributes: { ...attributes } } : {}) }
}

/** The factor of the member called so, if the model has one. */
export const factorNamed = <Factor extends { readonly member: string }>(
  factors: readonly Factor[],
  member: string,
): Factor | undefined => factors.find((factor) => factor.member === member)

/** An item of a list as every list shows it. */
export function recommendedItem(
  catalogue: readonly CatalogueItem[],
  { item, factors, ...ranked }: RankedItem,
): RecommendedItem {
  const flvae = factorNamed(factors, 'flvae')
  const nease = factorNamed(factors, 'nease')
  return {
    ...itemRef(catalogue, item),
    ...ranked,
    flvae: flvae?.value ?? null,
    nease: nease?.value ?? null,
    flvaeRank: flvae?.rank ?? null,
    neaseRank: nease?.rank ?? null,
    factors: [...factors],
  }
}
