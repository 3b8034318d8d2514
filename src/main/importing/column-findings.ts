import type { ChosenColumns } from '../../shared/datasets'
import type { Certainty } from '../../shared/certainty'
import type { Choice, ChoiceControl } from '../../shared/reading'
import type { JoinedTime } from './joined-time'
import type { SharedValue } from './most-shared'
import { quoted, type RecognisedColumn, type Role } from './column-content'

/** The table whose columns are to be recognised. */
export interface RecognisedTable {
  readonly file: string
  readonly columns: readonly RecognisedColumn[]
  /** The number of rows that the statistics are computed from. */
  readonly rows: number
  /** Whether these are all of its rows. */
  readonly whole: boolean
  /** Whether the file itself names its columns. */
  readonly named: boolean
  /** Whether the order of columns without names is known: user, item, rating, time. */
  readonly knownOrder: boolean
  /** The column that is joined from several, such as day and time of day; null if there is none. */
  readonly joined?: JoinedTime | null
  /** The list of objects whose elements became the rows: its columns begin with its name and a dot. Null if there is none. */
  readonly list?: string | null
  /** Whether it was a rating matrix, whose rows have what each user has once, such as the time of a survey. */
  readonly matrix?: boolean
  /** How many different pairs of values two columns have. */
  readonly pairs: (one: string, other: string) => Promise<number>
  /** The same for the rows that have both. */
  readonly filledPairs: (one: string, other: string) => Promise<number>
  /** The different letters before the numbers of a column's values, such as RE and GS for RE-1001 and GS-1002; empty if there are more than a few, or some have none. */
  readonly prefixes: (column: string) => Promise<readonly string[]>
  /** The value of one column that occurs with the most values of another; null if each occurs with one. */
  readonly mostShared: (one: string, other: string) => Promise<SharedValue | null>
}

/** The order in which the columns that a person chose are searched. */
export const roles: readonly Role[] = ['user', 'item', 'time', 'event', 'rating', 'count', 'title']
/** The control of the wizard for each role. */
export const controls = {
  user: 'User',
  item: 'Item',
  rating: 'Rating',
  time: 'Time',
  event: 'Event',
  count: 'Count',
  title: 'Title',
} as const satisfies Readonly<Record<Role, ChoiceControl>>

/** A column that may have a role, and the reason. */
export interface Candidate {
  readonly column: RecognisedColumn
  readonly certainty: Certainty
  readonly evidence: string
}

/** The roles found for a table's columns so far, and the choice about each. */
export class Findings {
  readonly taken = new Set<string>()
  readonly found = new Map<Role, RecognisedColumn>()
  readonly choices: Choice[] = []
  /** Columns of times and values that are constant for each item. */
  readonly ofItems = new Set<string>()
  /** The same of columns that are constant for each user, such as a user's level. */
  readonly ofUsers = new Set<string>()
  /** Event types that count, if not all do. */
  counted: readonly string[] | null = null

  constructor(
    readonly table: RecognisedTable,
    readonly chosen: ChosenColumns,
  ) {}

  /** Columns that have no role yet and are not left out. */
  free(): RecognisedColumn[] {
    return this.table.columns.filter(({ name }) => !this.taken.has(name))
  }

  /** Whether nobody has chosen a column for a role, and none was found for it yet. */
  open(role: Role): boolean {
    if (this.found.has(role) || this.chosen[role] !== undefined) return false
    // An interaction has one value.
    if (role === 'rating') return !this.found.has('count')
    return role === 'count' ? !this.found.has('rating') : true
  }

  /** Whether a column was found to describe the users or the items. */
  describes({ name }: RecognisedColumn): boolean {
    return this.ofItems.has(name) || this.ofUsers.has(name)
  }

  /** Whether a column belongs to the row around a list whose elements became rows: then all of these have its value. */
  isAroundList({ name }: RecognisedColumn): boolean {
    const { list = null, joined } = this.table
    return list !== null && joined?.name !== name && !name.startsWith(`${list}.`) && name !== list
  }

  /** Gives a column a role. @param other the column that the option names instead */
  take(role: Role, { column, certainty, evidence }: Candidate, other: RecognisedColumn | null): void {
    this.taken.add(column.name)
    this.found.set(role, column)
    this.say(
      column,
      role,
      certainty,
      evidence,
      true,
      controls[role],
      `--${role} ${other ? quoted(other.name) : 'COLUMN'}`,
    )
  }

  /** Takes a role from its column, which is then free again, and removes the choice about it. */
  release(role: Role): void {
    const column = this.found.get(role)
    if (!column) return
    this.found.delete(role)
    this.taken.delete(column.name)
    this.unsay(column)
  }

  /** Removes the choice about a column. */
  unsay(column: RecognisedColumn): void {
    const index = this.choices.findIndex((choice) => choice.column === column.name)
    this.choices.splice(index, 1)
  }

  /** Adds the choice about a column's role. */
  say(
    column: RecognisedColumn,
    value: string,
    certainty: Certainty,
    evidence: string,
    affectsData: boolean,
    control: ChoiceControl,
    option: string,
  ): void {
    const { file } = this.table
    this.choices.push({
      about: 'column',
      file,
      column: column.name,
      value,
      certainty,
      evidence,
      affectsData,
      control,
      option,
    })
  }

  /** Whether each item has one value of a column in all of its rows, so that the column describes the item and not the interaction. */
  async tellsOfItems(column: RecognisedColumn): Promise<boolean> {
    const item = this.found.get('item')
    const items = item?.statistics?.distinct ?? 0
    if (!item?.statistics || items < 3 || this.table.rows < 2 * items) return false
    return await this.hasOneValue(item, column)
  }

  /** Whether each value of a column has one value of another one in all of its rows; blanks count as one value. */
  async hasOneValue({ name, statistics }: RecognisedColumn, other: RecognisedColumn): Promise<boolean> {
    const values = (statistics?.distinct ?? 0) + ((statistics?.empty ?? 0) > 0 ? 1 : 0)
    return (await this.table.pairs(name, other.name)) <= values
  }

  /** Makes a column's choice a guess, with the reason for doubt and a remedy. */
  doubt(column: RecognisedColumn, evidence: string, option: string): void {
    this.amend(column, (previous) => ({ certainty: 'guess', evidence: `${previous.evidence} ${evidence}`, option }))
  }

  /** Changes the option in a column's choice. */
  optionOf(column: RecognisedColumn, option: string): void {
    this.amend(column, () => ({ option }))
  }

  /** Changes a column's choice. */
  amend(column: RecognisedColumn, change: (previous: Choice) => Partial<Choice>): void {
    const at = this.choices.findIndex((choice) => choice.column === column.name)
    const previous = this.choices[at]
    if (previous) this.choices[at] = { ...previous, ...change(previous) }
  }
}
