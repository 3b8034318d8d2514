import type { ListedItem, ListedUser } from '../../shared/browse'
import { isCounted, meanOf } from '../datasets/user-order'
import type { CountedItem, StoredHistory } from '../store/store'
import { procedures } from './procedures'

const os = procedures.browse

const listedUser = (history: StoredHistory): ListedUser => ({
  id: history.externalId,
  interactions: history.items.length,
  mean: meanOf(history),
  first: history.times?.[0] ?? null,
  last: history.times?.at(-1) ?? null,
})

const listedItem = ({ externalId, title, genres, attributes, interactions }: CountedItem): ListedItem => ({
  id: externalId,
  title,
  genres: [...genres],
  attributes: { ...attributes },
  interactions,
})

export const browse = os.router({
  users: os.users.handler(async ({ context, input, signal }) => {
    const { by, ...asked } = input
    const { total, rows } = isCounted(by)
      ? await context.userOrder.page({ ...asked, by }, signal)
      : context.store.datasets.listUsers({ ...asked, by })
    return { total, rows: rows.map(listedUser) }
  }),
  items: os.items.handler(({ context, input }) => {
    const { total, rows } = context.store.datasets.listItems(input)
    return { total, rows: rows.map(listedItem) }
  }),
  interactions: os.interactions.handler(({ context, input, signal }) => context.interactions.page(input, signal)),
})
