import type { ListedItem, ListedUser } from '../../shared/browse'
import type { CountedItem, StoredHistory } from '../store/store'
import { procedures } from './procedures'

const os = procedures.browse

const listedUser = ({ externalId, items, ratings, times }: StoredHistory): ListedUser => ({
  id: externalId,
  interactions: items.length,
  mean: ratings && ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length,
  first: times?.[0] ?? null,
  last: times?.at(-1) ?? null,
})

const listedItem = ({ externalId, title, genres, attributes, interactions }: CountedItem): ListedItem => ({
  id: externalId,
  title,
  genres: [...genres],
  attributes: { ...attributes },
  interactions,
})

export const browse = os.router({
  users: os.users.handler(({ context, input }) => {
    const { total, rows } = context.store.datasets.listUsers(input)
    return { total, rows: rows.map(listedUser) }
  }),
  items: os.items.handler(({ context, input }) => {
    const { total, rows } = context.store.datasets.listItems(input)
    return { total, rows: rows.map(listedItem) }
  }),
  interactions: os.interactions.handler(({ context, input, signal }) => context.interactions.page(input, signal)),
})
