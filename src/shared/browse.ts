import { z } from 'zod'
import { datasetId } from './ids'

/** The largest number of rows of one page. */
export const mostPageRows = 200
/** The largest number of interactions of a whole data set that can be paged through by value or time; those of a user or an item have no limit. */
export const mostOrdered = 10_000

export const sortDirection = z.enum(['ascending', 'descending'])

const page = z.object({
  id: datasetId,
  direction: sortDirection,
  offset: z.number().int().nonnegative(),
  limit: z.number().int().min(1).max(mostPageRows),
})
const searchedPage = page.extend({
  /** Search text; empty: all. */
  query: z.string().max(1000, 'a search may have at most 1,000 characters'),
})

/** Ids are sorted by their characters, as they are stored. */
export const usersRequest = searchedPage.extend({ by: z.enum(['id', 'interactions', 'mean', 'first', 'last']) })
export type UsersRequest = z.infer<typeof usersRequest>

export const listedUser = z.object({
  id: z.string(),
  interactions: z.number().int(),
  /** Mean of the values; null without values. */
  mean: z.number().nullable(),
  /** Seconds since 1970 of the first and the last interaction; null without times. */
  first: z.number().nullable(),
  last: z.number().nullable(),
})
export type ListedUser = z.infer<typeof listedUser>
export const listedUsers = z.object({
  /** Number of users that match the query. */
  total: z.number().int(),
  rows: z.array(listedUser),
})

export const itemsRequest = searchedPage.extend({ by: z.enum(['id', 'title', 'interactions']) })
export type ItemsRequest = z.infer<typeof itemsRequest>

export const listedItem = z.object({
  id: z.string(),
  title: z.string(),
  genres: z.array(z.string()),
  attributes: z.record(z.string(), z.string()),
  interactions: z.number().int(),
})
export type ListedItem = z.infer<typeof listedItem>
export const listedItems = z.object({ total: z.number().int(), rows: z.array(listedItem) })

/** Without a user and an item: all of the data set. `stored`: user by user, each user's in the order of time; `item`: by the item's id. */
export const interactionsRequest = page.extend({
  user: z.string().nullable(),
  item: z.string().nullable(),
  by: z.enum(['stored', 'item', 'title', 'value', 'time']),
})
export type InteractionsRequest = z.infer<typeof interactionsRequest>

export const listedInteraction = z.object({
  user: z.string(),
  item: z.string(),
  title: z.string(),
  value: z.number().nullable(),
  /** Seconds since 1970. */
  time: z.number().nullable(),
})
export type ListedInteraction = z.infer<typeof listedInteraction>
export const listedInteractions = z.object({
  total: z.number().int(),
  /** How many of them can be paged through in this order. */
  reachable: z.number().int(),
  rows: z.array(listedInteraction),
})
export type ListedInteractions = z.infer<typeof listedInteractions>
