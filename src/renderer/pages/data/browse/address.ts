import type { LocationQuery, LocationQueryRaw } from 'vue-router'

/** What a page of users, items or interactions shows; all of it is in the address, so that back and links work. */
export interface Browsed<By extends string> {
  readonly query: string
  /** The user and item with these ids; for interactions only. */
  readonly user: string | null
  readonly item: string | null
  readonly by: By
  readonly direction: 'ascending' | 'descending'
  /** Counted from 1. */
  readonly page: number
}

export interface Order<By extends string> {
  readonly by: By
  readonly direction: Browsed<By>['direction']
}

const one = (value: LocationQuery[string] | undefined): string | null =>
  (Array.isArray(value) ? value[0] : value) ?? null

/** What an address shows; missing or invalid values get their defaults. */
export function browsedOf<By extends string>(
  address: LocationQuery,
  orders: readonly By[],
  first: Order<By>,
): Browsed<By> {
  const by = orders.find((order) => order === one(address['sort']))
  const direction = one(address['direction'])
  const page = Number(one(address['page']))
  return {
    query: one(address['q']) ?? '',
    user: one(address['user']),
    item: one(address['item']),
    by: by ?? first.by,
    direction: direction === 'ascending' || direction === 'descending' ? direction : first.direction,
    page: Number.isSafeInteger(page) && page > 1 ? page : 1,
  }
}

/** The address for it, without defaults. */
export function addressOf<By extends string>(browsed: Browsed<By>, first: Order<By>): LocationQueryRaw {
  const { query, user, item, by, direction, page } = browsed
  return {
    ...(query === '' ? {} : { q: query }),
    ...(user === null ? {} : { user }),
    ...(item === null ? {} : { item }),
    ...(by === first.by && direction === first.direction ? {} : { sort: by, direction }),
    ...(page === 1 ? {} : { page: String(page) }),
  }
}
