import { roleOfName, saysMaker, wordsOf, saysItemName, type NamedRole } from '../column-names'
import type { ForeignDatabase, ForeignTable, JoinedColumns, Reference } from '../../store/foreign-database'
import { suggestItemMapping } from '../suggest-mapping'

/** The table of a database whose rows are interactions. */
export interface InteractionTable {
  readonly table: ForeignTable
  /** Its columns that refer to other tables. */
  readonly references: readonly Reference[]
  /** Other tables that may as well be meant. */
  readonly rivals: readonly ForeignTable[]
}

/** Rows of a table that show whether its values are keys, or those of another table's key. */
const examinedRows = 10_000
/** Tables of more rows are not joined, since it would take long to see that each of their keys occurs once. */
const mostJoined = 5_000_000
/** Tables are compared by their rows up to this number. */
const mostCounted = 1_000_000

const bareWords = (name: string): string =>
  wordsOf(name)
    .join('')
    .replace(/(?:id|no|nr|num|number|key|code)$/, '')

/** Whether a column's name is that of a table or of one of its rows: `customer_id` of `customers`, `medien_nr` of `medien`. */
function namesTable(column: string, table: string): boolean {
  const [one, two] = [bareWords(column), wordsOf(table).join('')]
  if (one.length < 3) return false
  const [short, long] = one.length < two.length ? [one, two] : [two, one]
  // Plurals differ in their last letters: order and orders, category and categories, kniha and knihy.
  return long.length - short.length <= 3 && long.startsWith(short.length > 4 ? short.slice(0, -1) : short)
}

/** The tables of a database with their keys, and which refers to which, as they declare it or as names and values show it. */
export class RelatedTables {
  readonly #references = new Map<string, readonly Reference[]>()

  constructor(
    private readonly database: ForeignDatabase,
    private readonly tables: readonly ForeignTable[],
  ) {
    const keyed = tables.flatMap((table) => {
      const key = table.key ?? this.#keyByContent(table)
      return key === null ? [] : [{ table, key }]
    })
    for (const table of this.tables) {
      const declared = table.references
      const found = table.columns.flatMap((column): Reference[] => {
        if (declared.some((one) => one.column === column)) return []
        const match = keyed.find(
          ({ table: other, key }) =>
            other !== table &&
            (namesTable(column, other.name) || (column.toLowerCase() === key.toLowerCase() && bareWords(key) !== '')) &&
            this.database.isWithin(table.name, { column, table: other.name, key }, examinedRows),
        )
        // The key of a table may be in another one that describes the same things further, not in one that it refers to.
        const isOwn = keyed.some((one) => one.table === table && one.key === column)
        return match && !isOwn ? [{ column, table: match.table.name, key: match.key }] : []
      })
      this.#references.set(table.name, [...declared, ...found])
    }
  }

  /** The first column, where it is an id and another one in each row. */
  #keyByContent({ name, columns }: ForeignTable): string | null {
    const [first] = columns
    if (first === undefined || !/(?:id|no|nr|num|number|key|code)$/.test(wordsOf(first).join(''))) return null
    return this.database.isUnique(name, first, examinedRows) ? first : null
  }

  #named(name: string): ForeignTable | undefined {
    return this.tables.find((table) => table.name === name)
  }

  referencesOf(table: ForeignTable): readonly Reference[] {
    return this.#references.get(table.name) ?? []
  }

  /** Whether a table has a row for each of something: its key is that of no interaction. */
  isKey = (table: ForeignTable, column: string): boolean =>
    (table.key ?? this.#keyByContent(table))?.toLowerCase() === column.toLowerCase()

  /** The column of a table that is a user or an item by its name, or refers to a table of such things; null if none does. */
  columnOf(table: ForeignTable, role: NamedRole & ('user' | 'item')): string | null {
    const says = (name: string): boolean => {
      const match = roleOfName(name)
      return match?.role === role && match.whole && !(role === 'user' && saysMaker(name))
    }
    const own = table.columns.filter((column) => !this.isKey(table, column))
    const referred = this.referencesOf(table).find(
      (reference) => says(reference.table) && own.includes(reference.column),
    )
    return referred?.column ?? own.find(says) ?? null
  }

  /** The one row of another table that each row of a table refers to by a column; null if rows may refer to several. */
  #joined(reference: Reference, columns: readonly string[]): JoinedColumns | null {
    const isOne =
      columns.length > 0 &&
      this.database.count(reference.table, mostJoined) < mostJoined &&
      this.database.isUnique(reference.table, reference.key, mostJoined)
    return isOne ? { ...reference, columns } : null
  }

  /** The table that has the users of a table's rows, as orders have the customers of order lines; null if there is none. */
  header(table: ForeignTable): JoinedColumns | null {
    if (this.columnOf(table, 'user') !== null) return null
    for (const reference of this.referencesOf(table)) {
      const other = this.#named(reference.table)
      if (!other || this.columnOf(other, 'user') === null) continue
      return this.#joined(
        reference,
        other.columns.filter((column) => column !== reference.key),
      )
    }
    return null
  }

  /** What the items of a table are called in the table that describes them; null if the table has titles itself, or none are found. */
  titles(table: ForeignTable): JoinedColumns | null {
    const item = this.columnOf(table, 'item')
    const user = this.columnOf(table, 'user')
    const references = this.referencesOf(table)
    // Of two references of which one is the user's, the other is the item's, whatever it is called.
    const others = user === null ? [] : references.filter(({ column }) => column !== user)
    const reference =
      references.find(({ column }) => column === item) ?? (others.length === 1 && item === null ? others[0] : undefined)
    const other = reference && this.#named(reference.table)
    if (!reference || !other || table.columns.some((name) => roleOfName(name)?.role === 'title')) return null
    const title =
      suggestItemMapping(
        other.columns.map((name) => ({ name })),
        true,
        reference.key,
      )?.title ?? other.columns.find((name) => saysItemName(name))
    return title === undefined ? null : this.#joined(reference, [title])
  }

  /** The table of interactions, or the one of several that has most rows; null if neither names nor references show any. */
  interactions(): InteractionTable | null {
    const kinds: readonly ((table: ForeignTable) => boolean)[] = [
      (table) => this.columnOf(table, 'user') !== null && this.columnOf(table, 'item') !== null,
      (table) => this.columnOf(table, 'item') !== null && this.header(table) !== null,
      (table) => new Set(this.referencesOf(table).map((reference) => reference.table)).size > 1,
    ]
    for (const kind of kinds) {
      const found = this.tables.filter(kind)
      const [first, ...others] = found
        .map((table) => ({ table, rows: this.database.count(table.name, mostCounted) }))
        .sort((a, b) => b.rows - a.rows)
      if (first)
        return {
          table: first.table,
          references: this.referencesOf(first.table),
          rivals: others.filter(({ rows }) => rows > 0).map(({ table }) => table),
        }
    }
    return null
  }

  /** What other tables add to a table's rows: the user of each, and what its item is called. */
  joinedTo(table: ForeignTable): readonly JoinedColumns[] {
    return [this.header(table), this.titles(table)].filter((join) => join !== null)
  }
}
