import { roleOfName, saysMaker, saysItemName, type NamedRole } from '../column-names'
import { wordsOf } from '../name-words'
import type { ForeignDatabase, ForeignTable, JoinedColumns, Reference } from '../../store/foreign-database'
import { suggestItemMapping } from '../suggest-mapping'
import { saysOnePerson } from '../users-of-orders'

/** Access to the rows of tables, to find the references between them: tables of a database, sheets of a workbook, or several files. */
export type Relations = Pick<ForeignDatabase, 'count' | 'isUnique' | 'isWithin'>

/** The table whose rows are interactions. */
export interface InteractionTable {
  readonly table: ForeignTable
  /** Its columns that refer to other tables. */
  readonly references: readonly Reference[]
  /** Other tables that may have the interactions. */
  readonly rivals: readonly ForeignTable[]
}

/** A file's name as a table: without folders and endings. */
export const tableName = (path: string): string => path.replace(/^.*\//, '').replace(/(?<=.)\..*$/, '')

/** A table with its name, if that is a file's name. */
export type CalledTable = ForeignTable & { readonly called?: string }
const wordOf = ({ name, called = name }: CalledTable): string => called

/** The number of rows that show whether values are keys, of the table itself or of another one. */
const examinedRows = 10_000
/** Larger tables are not joined, because checking that each of their keys occurs once would take long. */
const mostJoined = 5_000_000
/** The maximum number of rows to which tables are compared. */
export const mostCounted = 1_000_000

/** A word for a key in any language: order_id, id_zamowienia, N° commande. */
const keyWord = /^(?:id|no|nr|num|numer|numero|number|nummer|key|code|kod|codigo|codice)$/

const bareWords = (name: string): string =>
  wordsOf(name)
    .filter((word) => !keyWord.test(word))
    .join('')
    .replace(/(?:id|no|nr|num|number|nummer|key|code)$/, '')

/** Whether a column's name is for keys. */
export const namesKey = (name: string): boolean =>
  wordsOf(name).some((word) => keyWord.test(word)) ||
  /(?:id|no|nr|num|number|nummer|key|code)$/.test(wordsOf(name).join(''))

/** Whether a column may be a key by its name: times and amounts may differ in each row, but nothing refers to them. */
const mayBeKey = (name: string): boolean => {
  const role = roleOfName(name)?.role
  return role === undefined || role === 'user' || role === 'item'
}

/** Whether a column has the name of a table or of one of its rows: `customer_id` for `customers`, `medien_nr` for `medien`. */
function namesTable(column: string, table: string): boolean {
  const [one, two] = [bareWords(column), wordsOf(table).join('')]
  if (one.length < 3) return false
  const [short, long] = one.length < two.length ? [one, two] : [two, one]
  // Plurals differ in their last letters: order and orders, category and categories, kniha and knihy.
  return long.length - short.length <= 3 && long.startsWith(short.length > 4 ? short.slice(0, -1) : short)
}

const hasTitle = ({ columns }: ForeignTable): boolean => columns.some((name) => roleOfName(name)?.role === 'title')

/** Tables with their keys and references, as declared or as names and values show. */
export class RelatedTables {
  readonly #references = new Map<string, readonly Reference[]>()
  readonly #keys = new Map<string, string | null>()

  constructor(
    private readonly relations: Relations,
    private readonly tables: readonly CalledTable[],
  ) {
    for (const table of tables) this.#keys.set(table.name, table.key ?? this.#keyByContent(table))
    for (const table of tables) {
      const declared = table.references
      const found = table.columns.flatMap((column): Reference[] => {
        // A table that describes the same things further may have the table's key; a table that it refers to may not.
        if (declared.some((one) => one.column === column) || this.#keys.get(table.name) === column) return []
        const match = this.#referred(table, column)
        return match ? [match] : []
      })
      this.#references.set(table.name, [...declared, ...found])
    }
  }

  /** The key of another table whose values a column has: by the column's name, or by the same name. */
  #referred({ name }: ForeignTable, column: string): Reference | null {
    let further: Reference | null = null
    for (const other of this.tables) {
      if (other.name === name) continue
      const key = this.#keys.get(other.name) ?? null
      // Columns of the same name are a key if no column before them is: orders may begin with their customer.
      const same = other.columns.find((one) => one.toLowerCase() === column.toLowerCase())
      const keys = [
        ...(key !== null && namesTable(column, wordOf(other)) ? [key] : []),
        ...(same !== undefined && bareWords(same) !== '' && (same === key || mayBeKey(same)) ? [same] : []),
      ]
      for (const one of keys) {
        const reference = { column, table: other.name, key: one }
        const isKey = one === key || this.relations.isUnique(other.name, one, examinedRows)
        // A column with a different value in each row of both tables does not show which of them refers to the other.
        const isBoth = one !== key && this.relations.isUnique(name, column, examinedRows)
        if (!isKey || isBoth || !this.relations.isWithin(name, reference, examinedRows)) continue
        // Where each order has one review, both have its number once: it is the key of the orders.
        if (one === key) return reference
        further ??= reference
      }
    }
    return further
  }

  /** The first column if it is an id that differs in each row, or the one with the table's name. */
  #keyByContent(table: CalledTable): string | null {
    const { name, columns } = table
    const [first] = columns
    const key = [
      ...(first !== undefined && namesKey(first) ? [first] : []),
      ...columns.filter((column) => column !== first && namesKey(column) && namesTable(column, wordOf(table))),
    ].find((column) => this.relations.isUnique(name, column, examinedRows))
    return key ?? null
  }

  #named(name: string): CalledTable | undefined {
    return this.tables.find((table) => table.name === name)
  }

  /** The number of a table's rows, as far as they are counted. */
  rowsOf = ({ name }: ForeignTable): number => this.relations.count(name, mostCounted)

  referencesOf(table: ForeignTable): readonly Reference[] {
    return this.#references.get(table.name) ?? []
  }

  /** Whether a table has one row for each thing: its key is not that of an interaction. */
  isKey = (table: ForeignTable, column: string): boolean =>
    this.#keys.get(table.name)?.toLowerCase() === column.toLowerCase()

  /** The column of a table that is a user or an item by its name, or refers to such a table; null if there is none. */
  columnOf(table: ForeignTable, role: NamedRole & ('user' | 'item')): string | null {
    const says = (name: string): boolean => {
      const match = roleOfName(name)
      return match?.role === role && match.whole && !(role === 'user' && saysMaker(name))
    }
    const own = table.columns.filter((column) => !this.isKey(table, column))
    const referred = this.referencesOf(table).find(
      (reference) => says(wordOf(this.#named(reference.table) ?? table)) && own.includes(reference.column),
    )
    return referred?.column ?? own.find(says) ?? null
  }

  /** The row of another table to which each row of a table refers by a column; null if rows may refer to several. */
  #joined(reference: Reference, columns: readonly string[]): JoinedColumns | null {
    const isOne =
      columns.length > 0 &&
      this.relations.count(reference.table, mostJoined) < mostJoined &&
      this.relations.isUnique(reference.table, reference.key, mostJoined)
    return isOne ? { ...reference, columns } : null
  }

  /** The table with the users of a table's rows, such as orders with the customers of order lines; null if there is none. */
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
    const beside = this.#oneToOne(table)
    const other = beside && this.#named(beside.table)
    return beside && other
      ? this.#joined(
          beside,
          other.columns.filter((column) => column !== beside.key),
        )
      : null
  }

  /** The table with the users of a table of items whose rows have the same key, each once in both: orders that all have one line. */
  #oneToOne(table: ForeignTable): Reference | null {
    if (this.columnOf(table, 'item') === null) return null
    for (const other of this.tables) {
      if (other.name === table.name || this.columnOf(other, 'user') === null || this.columnOf(other, 'item') !== null)
        continue
      for (const column of table.columns) {
        const key = other.columns.find((one) => one.toLowerCase() === column.toLowerCase())
        if (key === undefined || !namesKey(key) || bareWords(key) === '' || roleOfName(key)?.whole === true) continue
        const reference = { column, table: other.name, key }
        const areUnique =
          this.relations.isUnique(table.name, column, examinedRows) &&
          this.relations.isUnique(other.name, key, examinedRows)
        if (areUnique && this.relations.isWithin(table.name, reference, examinedRows)) return reference
      }
    }
    return null
  }

  /**
   * The table with the people behind the users of a header, if each of its rows has a user of its own, as where a shop numbers its customers anew with each
   * order; null if there is none.
   */
  peopleBehind(header: string, user: string): JoinedColumns | null {
    const table = this.#named(header)
    const reference = table && this.referencesOf(table).find(({ column }) => column === user)
    const other = reference && this.#named(reference.table)
    if (!table || !reference || !other || !this.relations.isUnique(header, user, examinedRows)) return null
    const person = other.columns.find((name) => {
      const match = name === reference.key ? null : roleOfName(name)
      if (match?.role !== 'user') return false
      return saysOnePerson(name) || (match.whole && !this.relations.isUnique(other.name, name, examinedRows))
    })
    return person === undefined ? null : this.#joined(reference, [person])
  }

  /** The largest table of items whose users another one has, with both; null if there is none. */
  withHeader(): { table: ForeignTable; header: JoinedColumns; user: string; item: string | null } | null {
    for (const isKind of this.#kindsWithHeader) {
      const [table] = this.#bySize(this.tables.filter(isKind))
      const header = table && this.header(table)
      const user = header && this.columnOf(this.#named(header.table) ?? table, 'user')
      if (header && user) return { table, header, user, item: this.columnOf(table, 'item') }
    }
    return null
  }

  readonly #kindsWithHeader: readonly ((table: ForeignTable) => boolean)[] = [
    (table) => this.columnOf(table, 'item') !== null && this.header(table) !== null,
    (table) => this.header(table) !== null && (this.referencesOf(table).length > 1 || hasTitle(table)),
  ]

  #bySize = (tables: readonly ForeignTable[]): ForeignTable[] =>
    tables.toSorted((one, other) => this.rowsOf(other) - this.rowsOf(one))

  /** The titles of the items in the table that describes them; null if the table itself has titles, or none are found. */
  titles(table: ForeignTable): JoinedColumns | null {
    const item = this.columnOf(table, 'item')
    const user = this.columnOf(table, 'user')
    const references = this.referencesOf(table)
    // If one of two references is the user's, the other is the item's, whatever its name.
    const others = user === null ? [] : references.filter(({ column }) => column !== user)
    const reference =
      references.find(({ column }) => column === item) ?? (others.length === 1 && item === null ? others[0] : undefined)
    const other = reference && this.#named(reference.table)
    if (!reference || !other || hasTitle(table)) return null
    const title =
      suggestItemMapping(
        other.columns.map((name) => ({ name })),
        true,
        reference.key,
      )?.title ?? other.columns.find((name) => saysItemName(name))
    return title === undefined ? null : this.#joined(reference, [title])
  }

  /** The table of interactions, or the one of several with most rows; null if neither names nor references show any. */
  interactions(): InteractionTable | null {
    const kinds: readonly ((table: ForeignTable) => boolean)[] = [
      (table) => this.columnOf(table, 'user') !== null && this.columnOf(table, 'item') !== null,
      ...this.#kindsWithHeader,
      (table) => new Set(this.referencesOf(table).map((reference) => reference.table)).size > 1,
    ]
    for (const kind of kinds) {
      const [table, ...others] = this.#bySize(this.tables.filter(kind))
      if (table) {
        const rivals = others.filter((other) => this.rowsOf(other) > 0)
        return { table, references: this.referencesOf(table), rivals }
      }
    }
    return null
  }

  /** The columns that other tables add to a table's rows: the user of each, and the item's title. */
  joinedTo(table: ForeignTable): readonly JoinedColumns[] {
    return [this.header(table), this.titles(table)].filter((join) => join !== null)
  }
}
