import { onePersonExport } from '../../shared/known-exports'
import {
  nameMatches,
  roleOfName,
  saysGroupOfItems,
  saysHowMany,
  saysId,
  saysMaker,
  saysMeasure,
  saysJoining,
  saysOneTransaction,
  saysTransaction,
} from './column-names'
import { isWorded } from './recognise-title'
import { yesOf } from './event-words'
import {
  hasIdLength,
  holdsDurations,
  holdsSeveral,
  holdsTimes,
  isAddress,
  isProse,
  isYears,
  typesOf,
  type RecognisedColumn,
} from './column-content'
import type { Findings } from './column-findings'
import { saysListOfOnePerson } from './one-person'
import { countsOrDates, holdsTotals } from './totals'

/** What speaks for and against the columns of a table as its users and items. */
export class IdColumns {
  /** Whether the table is the list of one person by its names, in which each row has an item of its own. */
  readonly ofOnePerson: boolean
  /** Whether it is that of a service which is known, so that nobody is looked for among the other columns. */
  readonly ofService: boolean

  constructor(private readonly findings: Findings) {
    this.ofOnePerson = saysListOfOnePerson(findings)
    this.ofService = this.ofOnePerson && onePersonExport(findings.table.columns.map(({ name }) => name)) !== null
  }

  /** Whether all rows have the same value. */
  isSame({ statistics }: RecognisedColumn): boolean {
    return statistics?.distinct === 1 && statistics.empty === 0 && this.findings.table.rows >= 3
  }

  /** Whether no value of a column is repeated, so that nothing can be learnt from it. */
  isUnique({ statistics }: RecognisedColumn): boolean {
    if (!statistics || this.ofOnePerson) return false
    const filled = this.findings.table.rows - statistics.empty
    // A row of totals under the table leaves such a column blank.
    return statistics.distinct === filled && filled > fewRows && 20 * statistics.empty < this.findings.table.rows
  }

  /** Whether a name is for the other side: “next_item” has no users, and “customer” no items. */
  saysOther(role: 'user' | 'item', { name }: RecognisedColumn): boolean {
    if (!this.findings.table.named) return false
    const matches = nameMatches(name)
    const other = matches.find((match) => match.role === (role === 'user' ? 'item' : 'user'))
    return other !== undefined && other.rank <= 1 && !matches.some((match) => match.role === role)
  }

  /** Whether a column has fewer different values than a table with so many rows has users or items. */
  hasFewValues({ statistics }: RecognisedColumn): boolean {
    return (statistics?.distinct ?? 0) < fewIds && this.findings.table.rows > 10 * fewIds
  }

  /** Whether a column has ids or names of things, by its name or content, and several rows have each. */
  tellsApart(column: RecognisedColumn): boolean {
    const { name, statistics } = column
    if (saysMeasure(name) || this.isUnique(column) || this.hasFewValues(column)) return false
    if (saysMaker(name) || saysGroupOfItems(name) || saysTransaction(name)) return false
    // The number of a document is none of a person or a thing, whereas the name of a ticket may be.
    if (statistics?.kind === 'integer' && saysOneTransaction(name)) return false
    if (saysId(name) || hasIdLength(column)) return true
    return statistics?.kind === 'text' && !isProse(column)
  }

  /** Whether a column without a telling name may have ids: its values repeat, and it is not a rating, a time or a row number. */
  mayIdentify(column: RecognisedColumn): boolean {
    const { name, statistics } = column
    if (holdsSeveral(column) || holdsDurations(column) || isAddress(column)) return false
    const role = this.findings.table.named ? (roleOfName(name)?.role ?? null) : null
    // The code of an event identifies what happened, such as a concert, rather than its type.
    const isFoundEvent = role === 'event' && (this.findings.found.has('event') || saysId(name))
    if (role !== null && role !== 'user' && role !== 'item' && !isFoundEvent) return false
    if (!statistics) return false
    if (statistics.kind === 'empty' || statistics.kind === 'time') return false
    if (this.findings.table.named && saysHowMany(name)) return false
    // Yes and no identify nobody.
    if (this.findings.table.rows > fewRows && statistics.distinct <= 2 && yesOf(typesOf(column)) !== null) return false
    // Dates with a few other words, such as “not returned”, are not ids.
    if (2 * statistics.times > this.findings.table.rows - statistics.empty) return false
    // 1005.0 is an id that a program took for a decimal number, unless it is a rating such as 4.0; codes such as 85782.6 are recognised by their name.
    const mayBeId = statistics.whole === true || saysId(name)
    if (statistics.kind === 'number' && !(mayBeId && Number(statistics.max) > 100)) return false
    if (this.findings.table.named && ((role === null && isYears(statistics)) || countsOrDates(column))) return false
    return statistics.rowNumber !== true
  }

  /** Whether each value of a column has one value of another one, though it is in several rows. */
  async hasOne(column: RecognisedColumn, other: RecognisedColumn): Promise<boolean> {
    const distinct = column.statistics?.distinct ?? 0
    if (distinct < 2 || 4 * this.findings.table.rows < 5 * distinct) return false
    return await this.findings.hasOneValue(column, other)
  }

  /** Whether each value of a column belongs to one value of the other side, as a visit has one person, though several values of it repeat. */
  async belongsToOne(column: RecognisedColumn, partner: RecognisedColumn): Promise<boolean> {
    const distinct = column.statistics?.distinct ?? 0
    const repeats = this.findings.table.rows - (column.statistics?.empty ?? 0) - distinct
    if (repeats < fewestRepeats || (partner.statistics?.distinct ?? 0) < fewIds || distinct < fewIds) return false
    return await this.findings.hasOneValue(column, partner)
  }

  /** Whether all rows of each value of a column have the same time: it is an order or a visit. */
  async happensOnce(column: RecognisedColumn): Promise<boolean> {
    const time = this.findings.found.get('time')
    return time !== undefined && (time.statistics?.distinct ?? 0) > 2 && (await this.hasOne(column, time))
  }

  /** Whether each value of a column has one value of another column, and each of those only one of its own. */
  async areOneToOne(one: RecognisedColumn, other: RecognisedColumn): Promise<boolean> {
    const distinct = one.statistics?.distinct ?? 0
    if (one === other || distinct < 2 || other.statistics?.distinct !== distinct) return false
    return (await this.findings.table.pairs(one.name, other.name)) === distinct
  }

  /** The columns without those that identify the same things as another: an id and its name are not user and item. */
  async apart(column: RecognisedColumn, others: readonly RecognisedColumn[]): Promise<RecognisedColumn[]> {
    const apart: RecognisedColumn[] = []
    for (const other of others)
      if (!((await this.hasOne(column, other)) && (await this.hasOne(other, column)))) apart.push(other)
    return apart
  }

  /** Columns of ids, first those with a column of their names beside them: each id has one text there, and each text one id. */
  async titledFirst(ids: readonly RecognisedColumn[]): Promise<RecognisedColumn[]> {
    const texts = this.findings.free().filter((column) => isWorded(column) && !this.isUnique(column))
    const titled: RecognisedColumn[] = []
    for (const column of ids)
      for (const text of (column.statistics?.distinct ?? 0) < fewIds ? [] : texts)
        if (await this.areOneToOne(column, text)) {
          titled.push(column)
          break
        }
    return [...titled, ...ids.filter((column) => !titled.includes(column))]
  }

  /**
   * Another column of ids that is shared by users, of which a column of groups follows or whose name says item: the items have a sector or a category, and
   * the id of each of them is finer. Null if there is none.
   */
  async finerItem(group: RecognisedColumn, user: RecognisedColumn): Promise<RecognisedColumn | null> {
    const groups = group.statistics?.distinct ?? 0
    if (roleOfName(group.name)?.role === 'item') return null
    const finer: RecognisedColumn[] = []
    for (const column of this.findings.free()) {
      const distinct = column.statistics?.distinct ?? 0
      if (column === group || distinct <= groups || !saysId(column.name) || this.isUnique(column)) continue
      if (!this.mayIdentify(column) || saysTransaction(column.name)) continue
      const isItem = roleOfName(column.name)?.role === 'item'
      if (!isItem && (saysGroupOfItems(column.name) || !(await this.hasOne(column, group)))) continue
      if ((await this.hasOne(user, column)) || (await this.belongsToOne(column, user))) continue
      if (await this.happensOnce(column)) continue
      if (isItem) return column
      finer.push(column)
    }
    return finer.sort((a, b) => (b.statistics?.distinct ?? 0) - (a.statistics?.distinct ?? 0))[0] ?? null
  }

  /** Candidates for ids, the likeliest first: by the share of rows with a unique pair with the other id, then by the number of different values. */
  async mostTelling(
    ids: readonly RecognisedColumn[],
    partner: RecognisedColumn | null,
    attributes: boolean,
  ): Promise<RecognisedColumn[]> {
    const several = ids.filter(({ statistics }) => (statistics?.distinct ?? 0) > 1)
    const candidates = await this.likeliest(several.length > 0 || partner === null ? several : ids, partner, attributes)
    const scored: { column: RecognisedColumn; own: number; distinct: number; unique: boolean }[] = []
    for (const column of candidates) {
      const distinct = column.statistics?.distinct ?? 0
      const own =
        partner === null || this.findings.table.rows === 0
          ? 1
          : (await this.findings.table.pairs(column.name, partner.name)) / this.findings.table.rows
      scored.push({
        column,
        own,
        distinct,
        unique: this.isUnique(column) || (distinct === this.findings.table.rows && this.findings.table.rows > 2),
      })
    }
    // Ids that never repeat are unlikely to be users or items, unless there are no others.
    const repeating = scored.filter(({ unique }) => !unique)
    const best = repeating.length > 0 ? repeating : scored
    const most = Math.max(...best.map(({ own }) => own))
    return best
      .filter(({ own }) => own > 0.9 * most)
      .sort((a, b) => b.distinct - a.distinct)
      .map(({ column }) => column)
  }

  /**
   * Candidates for ids without those that something contradicts, as long as enough remain: a value that is constant for each user or item is an
   * attribute of it; a value with a single time is an order or a visit; and ids are preferred to their names.
   * @param attributes whether attributes are accepted if there is nothing else
   */
  async likeliest(
    candidates: readonly RecognisedColumn[],
    partner: RecognisedColumn | null,
    attributes: boolean,
  ): Promise<readonly RecognisedColumn[]> {
    const enough = partner ? 1 : 2
    let left = candidates
    const keep = async (
      suits: (column: RecognisedColumn) => boolean | Promise<boolean>,
    ): Promise<RecognisedColumn[]> => {
      const kept: RecognisedColumn[] = []
      for (const column of left) if (await suits(column)) kept.push(column)
      if (kept.length >= enough) left = kept
      return kept
    }
    if (partner) {
      const own = await keep(async (column) => !(await this.hasOne(partner, column)))
      if (own.length === 0 && !attributes) return []
    }
    if (left.length > enough) {
      // Numbers of lines, marks and constants have few values.
      await keep((column) => !this.hasFewValues(column))
      await keep(async (column) => !(await this.isOrder(column)))
      await keep(async (column) => !(await this.happensOnce(column)))
      if (partner) await keep(async (column) => !(await this.belongsToOne(column, partner)))
      await keep(({ name }) => saysId(name))
    }
    return left
  }

  /** Whether a column identifies the same orders as another one whose name says so. */
  async isOrder(column: RecognisedColumn): Promise<boolean> {
    for (const other of this.findings.table.columns)
      if (saysTransaction(other.name) && (await this.areOneToOne(column, other))) return true
    return false
  }

  holdsTotals(): boolean {
    const { columns, joined, named } = this.findings.table
    return named && holdsTotals(columns.filter(({ name }) => name !== joined?.name))
  }

  /** Whether texts are names of things: there are several, and another column has the code of each. */
  async hasCode(column: RecognisedColumn): Promise<boolean> {
    if ((column.statistics?.distinct ?? 0) < fewIds) return false
    for (const other of this.findings.free())
      if (saysId(other.name) && (await this.areOneToOne(column, other))) return true
    return false
  }

  /** Whether each item has one value of a column in all of its rows, though there are several. For a few items that may be chance. */
  async isAttribute(column: RecognisedColumn): Promise<boolean> {
    const items = this.findings.found.get('item')?.statistics?.distinct ?? 0
    return items >= fewIds && (column.statistics?.distinct ?? 0) > 1 && (await this.findings.tellsOfItems(column))
  }

  /** Whether each user has one value of a column in all rows, though there are several values and so many rows that it is no chance. */
  async isOfUser(column: RecognisedColumn): Promise<boolean> {
    const user = this.findings.found.get('user')
    const { statistics } = column
    const users = user?.statistics?.distinct ?? 0
    const { rows, matrix = false } = this.findings.table
    if (matrix || !user || !statistics || statistics.distinct < 2) return false
    if (holdsTimes(column) && saysJoining(column.name))
      return users >= fewestJoined && rows - users >= fewestRepeats && (await this.findings.hasOneValue(user, column))
    if (users < (holdsTimes(column) ? fewestDated : fewestOwners)) return false
    const rarer = rows - Math.max(0, ...statistics.values.map((one) => one.rows))
    if ((rows - users) * rarer < fewestMixed * rows) return false
    return await this.findings.hasOneValue(user, column)
  }
}

/** With fewer different values than this, a column with many rows is unlikely to have users or items. */
export const fewIds = 12

/** With fewer rows that repeat a value, it may be chance that all of them are of one person. */
const fewestRepeats = 5

/** Of fewer users, each may well do everything alike. */
const fewestOwners = 20
/** Of fewer users, each may well do everything on one day. */
const fewestDated = 10
/** The same where the name says that it is when they joined. */
const fewestJoined = 3

/** If values were independent of the others, so many repeated rows would have another one than the most frequent. */
export const fewestMixed = 10

/** Up to this number of rows, it means little that each has a different value. */
const fewRows = 20
