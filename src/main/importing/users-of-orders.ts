import { saysTransaction } from './column-names'
import { wordsOf } from './name-words'
import type { Named, RecognisedColumn } from './column-content'
import type { RecognisedTable } from './column-findings'

/** Words of a user's id that is the same in all of a person's orders, beside another one that is not. */
const personWords = new Set('unique uniq unico unica eindeutig eindeutige einmalig person'.split(' '))

/** Whether a name is for a person with all of their orders: `customer_unique_id`. */
export const saysOnePerson = (name: string): boolean => wordsOf(name).some((word) => personWords.has(word))

/** Fewer orders may all be of different people. */
const fewestOrders = 20

/** The column of orders of which each has its own value of `column`, though orders have several rows; null if there is none. */
export async function orderOf(
  { columns, rows, pairs }: RecognisedTable,
  column: RecognisedColumn,
): Promise<RecognisedColumn | null> {
  const users = column.statistics?.distinct ?? 0
  if (users < fewestOrders || users === rows) return null
  for (const order of columns)
    if (
      order !== column &&
      saysTransaction(order.name) &&
      order.statistics?.distinct === users &&
      (await pairs(order.name, column.name)) === users
    )
      return order
  return null
}

/** Columns whose names are for users, without those that have another value for each order if others tell people apart; with the reason, if there is one. */
export async function withoutUsersOfOrders(
  table: RecognisedTable,
  named: readonly Named[],
): Promise<{ named: readonly Named[]; why: string | null }> {
  const people: Named[] = []
  let why: string | null = null
  for (const one of named) {
    const order = await orderOf(table, one.column)
    if (order) why ??= `“${one.column.name}” is another one for each “${order.name}”`
    else people.push(one)
  }
  const persons = people.filter(({ column }) => saysOnePerson(column.name))
  const kept = persons.length > 0 ? persons : people.filter(({ match }) => match.whole)
  return why === null || kept.length === 0 ? { named, why: null } : { named: kept, why }
}
