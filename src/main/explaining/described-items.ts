import type { ItemRef, RecommendedItem } from '../../shared/explore'
import type { Recommender } from '../models/model'
import { memberTitle } from '../models/registry'
import type { RankedItem } from './recommend'

/** The description of a catalogue item. */
export interface CatalogueItem {
  readonly externalId: string
  readonly title: string
  readonly genres: readonly string[]
  readonly attributes?: Readonly<Record<string, string>>
}

/** An item by its model index, with id and title. Throws RangeError if the catalogue does not have it. */
export function itemRef(catalogue: readonly CatalogueItem[], index: number): ItemRef {
  const item = catalogue[index]
  if (!item) throw new RangeError(`The catalogue has no item ${index}.`)
  const { externalId: id, title, genres, attributes } = item
  return { id, title, genres: [...genres], ...(attributes ? { attributes: { ...attributes } } : {}) }
}

/** A member's name for people, and whether its logit is a linear sum. */
export const memberOf = ({ members }: Recommender, member: string): { title: string; linear: boolean } => ({
  title: memberTitle(member),
  linear: members.some(({ name, linear }) => name === member && linear !== null),
})

/** An item as all lists show it. */
export const recommendedItem = (
  catalogue: readonly CatalogueItem[],
  model: Recommender,
  { item, factors, ...ranked }: RankedItem,
): RecommendedItem => ({
  ...itemRef(catalogue, item),
  ...ranked,
  factors: factors.map((factor) => ({ ...factor, ...memberOf(model, factor.member) })),
})
