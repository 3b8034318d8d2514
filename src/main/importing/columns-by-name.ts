import { formatCount, formatCounted } from '../../shared/format'
import {
  type NameMatch,
  nameMatches,
  roleOfName,
  saysBirth,
  saysDelivery,
  saysGroupOfItems,
  saysId,
  saysItems,
  saysLater,
  saysMaker,
  saysMean,
  saysMeasure,
  saysNameOf,
  saysNumberOfItems,
  saysPlace,
  saysOneTransaction,
  saysTotal,
  saysTransaction,
  saysVisit,
} from './column-names'
import {
  holdsOnlyNumbers,
  contentOf,
  fits,
  holdsCounts,
  holdsSeveral,
  holdsTimes,
  isTitle,
  isVague,
  list,
  looksLikeRating,
  onScale,
  oftenZero,
  quoted,
  scaleInName,
  type Named,
  type RecognisedColumn,
  type Role,
} from './column-content'
import type { Findings } from './column-findings'
import { type Candidate } from './column-findings'
import { withoutUsersOfOrders } from './users-of-orders'
import { isMostlyBlank, isNearlyEmpty, losesMany, lostRows } from './lost-rows'
import { saysOwn } from './one-person'
import { type IdColumns, fewIds } from './id-columns'
import { saysOtherTime } from './time-by-content'
import { finerIdsOf, finerThan } from './finer-ids'

/** Columns whose names say their role. */
export class ColumnsByName {
  constructor(
    private readonly findings: Findings,
    private readonly ids: IdColumns,
  ) {}

  /**
   * Takes a column that is called a user and holds one, as in the history of one person, rather than ids whose name says nothing of users and that many
   * rows lack.
   */
  async soleUser(): Promise<void> {
    if (!this.findings.open('user')) return
    const free = this.findings.free()
    const named = free.flatMap((column) => {
      const match = this.#nameFor(column, 'user')
      const filled = column.statistics != null && column.statistics.kind !== 'empty'
      return match?.whole && match.rank <= 1 && filled ? [{ column, match }] : []
    })
    const [sole] = named
    if (!sole || named.length > 1 || !this.ids.isSame(sole.column) || this.#hardly('user', sole)) return
    const item = this.findings.found.get('item')
    for (const column of free) {
      if (!this.ids.mayIdentify(column) || !this.ids.tellsApart(column) || !saysId(column.name)) continue
      if (losesMany('user', column, this.findings.table.rows) || (item && (await this.ids.hasOne(item, column))))
        continue
      return
    }
    const evidence = `Its name says user; ${this.#doubtOf('user', sole) ?? ''}.`
    this.findings.take('user', { column: sole.column, certainty: 'guess', evidence }, null)
  }

  /** The column whose name fits a role best and whose content does not contradict it. @param weakly also if its content fits another role better */
  async byName(role: Role, weakly = true): Promise<void> {
    if (!this.findings.open(role)) return
    const free = this.findings.free()
    // Beside real dates, numbers are durations, even if their name means hours or days.
    const dated = role === 'time' && free.some(({ statistics }) => statistics?.kind === 'time')
    const fitting = free.flatMap((column) => {
      const match = this.#nameFor(column, role)
      if (!match || !fits(role, column, match) || this.findings.describes(column)) return []
      if (dated && ((holdsOnlyNumbers(column) && !holdsTimes(column)) || isClock(column))) return []
      if (role === 'count' && oftenZero(column, this.findings.table.rows)) return []
      return weakly || !this.#isWeak(role, { column, match }) ? [{ column, match }] : []
    })
    const ofOrders =
      role === 'user' ? await withoutUsersOfOrders(this.findings.table, fitting) : { named: fitting, why: null }
    const suited = await this.#withoutAttributes(role, await this.#withoutOwned(role, ofOrders.named))
    const isOutdone = this.#outdoneBy(role, suited)
    const isId = role === 'user' || role === 'item'
    const { rows } = this.findings.table
    // An order has one in every row, and yet it is nobody.
    const isIncomplete = ({ column }: Named): boolean =>
      losesMany(role, column, rows) || (role === 'user' && saysOneTransaction(column.name))
    /** What speaks against a candidate, the weightiest first. */
    const against = (one: Named, isTitled: boolean): readonly number[] =>
      [
        this.#hardly(role, one),
        isNearlyEmpty(role, one.column, rows),
        isOutdone(one),
        // “products: YouTube” is no item where another column has several.
        role === 'item' && one.column.statistics?.distinct === 1 && rows > 1,
        isOfInteraction(role) && this.findings.isAroundList(one.column),
        role === 'time' && saysOtherTime(one.column.name),
        role === 'time' && isDaily(one.column),
        isId && isIncomplete(one),
        role === 'rating' && saysDelivery(one.column.name),
        // Beside a rating, votes are how many people found a review useful.
        role === 'rating' && /^votes?$/i.test(one.column.name.trim()),
        role === 'rating' && !saysOwn(one.column.name),
        role === 'item' && isTitle(one) && this.#isHeadline(one.column),
        !one.match.whole,
        isTitled,
        one.match.rank,
        !one.match.id,
      ].map(Number)
    const ranked = suited
      .map((one) => ({ one, by: against(one, role === 'item' && isTitle(one)) }))
      .sort((a, b) => firstDifference(a.by, b.by))
      .map(({ one }) => one)
    const [best, ...further] = ranked
    if (best && role === 'time' && saysLater(best.column.name) && (await this.#hasEarlierTime())) return
    if (best && role === 'time' && (await this.#takeFullTime(best.column))) return
    if (best && role === 'count' && this.#leaveSparse(best.column)) return
    // A column that few rows fill is no rival of one that most rows have, except of a time, which is compared above.
    const others = further.filter(({ column }) => role === 'time' || !isMostlyBlank(column, rows))
    if (!best || (role === 'rating' && isVague(best.match) && this.#saysCount())) return
    // The “level” of a user beside the user's games is none of these.
    if (role === 'rating' && best.match.rank > 0 && this.findings.isAroundList(best.column)) return
    // Beside types of events, a “value” on no scale is what something cost.
    if (role === 'rating' && best.match.rank > 0 && this.findings.found.has('event') && !onScale(best.column)) return
    const equal = against(best, false)
    const same = (one: Named): boolean => firstDifference(against(one, false), equal) === 0
    const rival = await this.#rivalOf(
      role,
      best.column,
      others.filter(same).map(({ column }) => column),
    )
    const beside = role === 'item' ? await this.#idOf(best.column) : null
    if (beside) {
      this.findings.take('item', beside, best.column)
      return
    }
    const titled = role === 'item' ? await this.#titledBy(best.column) : null
    if (titled) {
      this.findings.take('item', titled, best.column)
      if (this.findings.open('title'))
        this.findings.take(
          'title',
          { column: best.column, certainty: 'likely', evidence: 'Its name says title, and each item has one.' },
          null,
        )
      return
    }
    const weak = !best.match.whole || (role === 'rating' && best.match.rank > 0)
    const emptier = isId
      ? further.find(
          ({ column, match }) =>
            match.whole &&
            match.rank <= best.match.rank &&
            losesMany(role, column, rows) &&
            lostRows(role, column, rows) < ofAnotherKind * rows,
        )
      : undefined
    const finer = role === 'user' ? await this.#finerUser(best.column, further) : null
    const doubt =
      this.#doubtOf(role, best) ??
      (finer
        ? `“${finer.name}” is called a user, too, and has ${formatCounted(finer.statistics?.distinct ?? 0, 'value')} where it has ${formatCount(best.column.statistics?.distinct ?? 0)}, so that several people may share one`
        : null) ??
      (emptier && !losesMany(role, best.column, rows)
        ? `“${emptier.column.name}” is called a ${role}, too, but it is blank in ${formatCount(lostRows(role, emptier.column, rows))} of ${formatCounted(rows, 'row')}`
        : null)
    const evidence = [`Its name says ${role}`, contentOf(best.column, this.findings.table.rows), ofOrders.why, doubt]
      .filter(Boolean)
      .join('; ')
    const also = rival ?? finer ?? others.find(({ match }) => match.whole)?.column ?? null
    this.findings.take(
      role,
      {
        column: best.column,
        certainty: rival || doubt !== null ? 'guess' : weak || also ? 'likely' : 'certain',
        evidence: `${evidence}.${also ? ` The name of “${also.name}” says so, too.` : ''}`,
      },
      also,
    )
  }

  /** Of other columns called users, one of which each value of `best` has several, as people of the same name have different addresses; null if there is none. */
  async #finerUser(best: RecognisedColumn, others: readonly Named[]): Promise<RecognisedColumn | null> {
    const { rows } = this.findings.table
    const users = best.statistics?.distinct ?? 0
    for (const { column, match } of others) {
      const distinct = column.statistics?.distinct ?? 0
      if (!match.whole || distinct <= users || losesMany('user', column, rows) || this.ids.isUnique(column)) continue
      // Each visit and each order also has one user.
      if (saysOneTransaction(column.name) || saysVisit(column.name)) continue
      if (await this.ids.hasOne(column, best)) return column
    }
    return null
  }

  /** Candidates for a value of interactions, without those that are constant for each item, such as a year or an average: these are left out. */
  async #withoutAttributes(role: Role, candidates: readonly Named[]): Promise<Named[]> {
    const kept: Named[] = []
    for (const named of candidates)
      if (role === 'event' && (await this.ids.hasCode(named.column))) continue
      else if (isOfInteraction(role) && (await this.ids.isAttribute(named.column)))
        this.findings.ofItems.add(named.column.name)
      else kept.push(named)
    return kept
  }

  /**
   * Candidates for users or items without those that are constant for each value of the other side, such as the author of a book or the course of a pupil; if
   * there are no others, those with a plain name.
   */
  async #withoutOwned(role: Role, candidates: readonly Named[]): Promise<readonly Named[]> {
    const partner = this.findings.found.get(role === 'user' ? 'item' : 'user')
    if (!partner || (role !== 'user' && role !== 'item')) return candidates
    const apart: Named[] = []
    for (const named of candidates) if (!(await this.ids.hasOne(partner, named.column))) apart.push(named)
    return apart.length > 0 ? apart : candidates.filter(({ match }) => match.whole && match.rank === 0)
  }

  /**
   * Which of the columns whose names fit a value of interactions would lose many rows that another one keeps, such as the day of a return or of a second
   * visit. A rating or a count yields only to one that is called nothing else.
   */
  #outdoneBy(role: Role, named: readonly Named[]): (one: Named) => boolean {
    const { rows } = this.findings.table
    if (role !== 'time' && role !== 'rating' && role !== 'count') return () => false
    const isFuller =
      role === 'time' ||
      named.some(
        (one) =>
          one.match.whole &&
          one.match.rank === 0 &&
          !this.#hardly(role, one) &&
          !losesMany(role, one.column, rows) &&
          (role === 'count' || looksLikeRating(one.column, rows)),
      )
    return ({ column }) => isFuller && losesMany(role, column, rows)
  }

  /** Whether a column of days has no name for something that was due, returned or the like. */
  async #hasEarlierTime(): Promise<boolean> {
    for (const column of this.findings.free()) {
      if (column.statistics?.kind !== 'time' || saysLater(column.name) || saysBirth(column.name)) continue
      if (!losesMany('time', column, this.findings.table.rows) && !(await this.ids.isAttribute(column))) return true
    }
    return false
  }

  /** If the time that a name says is unknown in many rows, takes one that all rows have, whatever its name, and says so. Returns whether there is one. */
  async #takeFullTime(named: RecognisedColumn): Promise<boolean> {
    const { rows } = this.findings.table
    const lost = lostRows('time', named, rows)
    if (!losesMany('time', named, rows)) return false
    const found = this.findings.found.get('user')
    const users = found ? [found] : this.findings.free().filter((column) => this.#nameFor(column, 'user')?.whole)
    for (const column of this.findings.free()) {
      // Numbers that look like times may be ids: their name has to be one for a time, such as “last_updated”.
      const isDated =
        column.statistics?.kind === 'time' ||
        (holdsTimes(column) && (saysLater(column.name) || nameMatches(column.name).some(({ role }) => role === 'time')))
      if (!isDated || saysBirth(column.name) || losesMany('time', column, rows)) continue
      // The day on which a user came, or an item was made, is not that of an interaction.
      let isOfUsers = false
      for (const user of users) isOfUsers ||= await this.ids.hasOne(user, column)
      if (isOfUsers || (await this.ids.isAttribute(column))) continue
      const evidence = `All rows have it, while ${formatCounted(lost, 'row')} ${lost === 1 ? 'has' : 'have'} no usable “${named.name}”, whose name says time.`
      this.findings.take('time', { column, certainty: 'guess', evidence }, named)
      return true
    }
    return false
  }

  /** Leaves out a count that many rows lack, as views lack the quantity of purchases: they would be rejected. Returns whether it does. */
  #leaveSparse(column: RecognisedColumn): boolean {
    const { rows } = this.findings.table
    // Whoever chooses types of events may leave out the very rows that lack a count.
    if (this.findings.chosen.eventTypes === true || !losesMany('count', column, rows)) return false
    this.findings.taken.add(column.name)
    const lost = lostRows('count', column, rows)
    this.findings.say(
      column,
      'left out',
      'guess',
      `Its name says count, but ${formatCount(lost)} of ${formatCounted(rows, 'row')} ${lost === 1 ? 'has' : 'have'} none that can be read and would be rejected, so every row counts as much as any other.`,
      true,
      'Count',
      `--count ${quoted(column.name)}, or --count none`,
    )
    return true
  }

  /** Whether the whole name of a free column is for a count. */
  #saysCount(): boolean {
    if (this.findings.chosen.count !== undefined) return false
    return this.findings.free().some((column) => {
      const match = this.#nameFor(column, 'count')
      return match?.whole === true && fits('count', column, match)
    })
  }

  /**
   * Whether a column is unlikely to be what its name says: a user or an item that is the same in all rows, or differs in each, or a rating that is a
   * mean over many people.
   */
  #hardly(role: Role, { column, match }: Named): boolean {
    if (role === 'rating') return saysMean(column.name)
    if (role !== 'user' && role !== 'item') return false
    if (this.ids.isUnique(column)) return true
    const { statistics } = column
    if (statistics?.distinct !== 1 || this.findings.table.rows < 3) return false
    return !match.whole || /^(?:[-–—.?*]*|none|null|nan|n\/a|na|nil)$/i.test(statistics.values[0]?.value.trim() ?? '')
  }

  /**
   * Whether a column whose name may mean user or item is rather something else, if another column may be it: the maker or the group of an item, a
   * number of items, or a column with very few values.
   */
  #isWeak(role: Role, { column, match }: Named): boolean {
    const { name } = column
    if ((role !== 'user' && role !== 'item') || /^(?:user|item)(?:_?ids?)?$/i.test(name)) return false
    if (role === 'user' ? saysMaker(name) : saysGroupOfItems(name)) return true
    const isNumber = column.statistics?.kind === 'integer' && !match.id
    // Numbers under a word for things are counts, durations or strengths: “pages”, “Time on page”, “beer_ibu”.
    const isHowMany = isNumber && (role === 'item' ? !match.whole || /^pages?$/i.test(name) : saysItems(name))
    return (
      isHowMany ||
      (isNumber && saysPlace(name)) ||
      saysTransaction(name) ||
      this.ids.isUnique(column) ||
      this.ids.hasFewValues(column)
    )
  }

  /** Whether nearly every row has a text of its own, like the headlines of reviews. */
  #isHeadline({ statistics }: RecognisedColumn): boolean {
    const { rows } = this.findings.table
    return !this.ids.ofOnePerson && rows > 20 && (statistics?.distinct ?? 0) > headlines * rows
  }

  /** The evidence against the column whose name fits a role best; null if there is none. */
  #doubtOf(role: Role, named: Named): string | null {
    const { column, match } = named
    if ((role === 'user' || role === 'item') && holdsSeveral(column))
      return `each of its values is a list or an object, as ${(column.samples[0] ?? '').slice(0, 60)}`
    if (this.#hardly(role, named))
      return role === 'rating'
        ? 'it may be an average over many people'
        : this.ids.isUnique(column)
          ? `no value occurs twice, so no ${role} has two interactions`
          : `it is the same in all of them, so it does not distinguish one ${role} from another`
    if ((role === 'user' || role === 'item') && !match.whole && this.ids.hasFewValues(column))
      return `there are only ${formatCounted(column.statistics?.distinct ?? 0, 'different one')}`
    if ((role === 'user' || role === 'item') && this.ids.isSame(column))
      return `all ${formatCounted(this.findings.table.rows, 'row')} are of one ${role}, ${list(column.samples.slice(0, 1))}`
    if (role === 'user' && saysMaker(column.name)) {
      const made = this.findings.table.columns.find(
        ({ name }) => roleOfName(name)?.role === 'title' || /book|kniha|buch|livre|libro|isbn|paper/i.test(name),
      )
      if (made) return `it may be the creator of the items, since there is also “${made.name}”`
    }
    if ((role === 'count' || role === 'rating') && this.findings.isAroundList(column))
      return `it stands beside the list “${this.findings.table.list}”, so all elements of a list have the same`
    if (role === 'count' && saysNumberOfItems(column.name))
      return 'it may be how many items an order or a list has, not how often a row counts'
    if (role === 'rating' && isVague(match)) return 'a value with this name may be anything'
    if (role === 'rating' && match.rank > 0 && Number(column.statistics?.max) > 10 && !column.samples.every(hasScale))
      return `its numbers, from ${column.statistics?.min} to ${column.statistics?.max}, are not on a usual scale`
    return null
  }

  /**
   * The column of ids beside a title: the one before it, for example if two tables were joined (`id, name, id, title`), or a column of short codes, each
   * with one title, and each title with one code. Null if there is none.
   */
  async #idOf(title: RecognisedColumn): Promise<Candidate | null> {
    if (roleOfName(title.name)?.role !== 'title' && !nameMatches(title.name).some(({ role }) => role === 'title'))
      return null
    return (await this.#idBefore(title)) ?? (await this.#codeOf(title))
  }

  /** The ids of which several share a title, if it is certain that they are the items: then their titles do not tell them apart. */
  async #titledBy(title: RecognisedColumn): Promise<Candidate | null> {
    const finer = await finerIdsOf(this.findings, this.ids, title)
    if (!finer?.isProven) return null
    const said = finerThan(finer, title)
    return { column: finer.column, certainty: 'likely', evidence: `${said.charAt(0).toUpperCase()}${said.slice(1)}.` }
  }

  async #idBefore(title: RecognisedColumn): Promise<Candidate | null> {
    const column = this.findings.table.columns[this.findings.table.columns.indexOf(title) - 1]
    const distinct = column?.statistics?.distinct ?? 0
    if (!column || this.findings.taken.has(column.name) || !/^(?:id|no|nr|key|code|uid)(?:_\d+)?$/i.test(column.name))
      return null
    if (distinct < 2 || (await this.findings.table.pairs(column.name, title.name)) !== distinct) return null
    const titles = title.statistics?.distinct ?? 0
    return {
      column,
      certainty: 'likely',
      evidence: `It stands before “${title.name}”, and each of its ${formatCounted(distinct, 'value')} has one${titles < distinct ? `, while the ${formatCounted(titles, 'title')} are each those of several` : ''}.`,
    }
  }

  async #codeOf(title: RecognisedColumn): Promise<Candidate | null> {
    const titles = title.statistics?.distinct ?? 0
    if (titles < fewIds || this.ids.isUnique(title)) return null
    const codes = this.findings
      .free()
      .filter((column) => isCode(column) && this.ids.mayIdentify(column) && !saysMeasure(column.name))
      .sort((a, b) => Number(saysId(b.name)) - Number(saysId(a.name)))
    for (const column of codes)
      if (await this.ids.areOneToOne(column, title))
        return {
          column,
          certainty: 'likely',
          evidence: `Each of its ${formatCounted(titles, 'value')} has one “${title.name}”, and no two have the same.`,
        }
    return null
  }

  /** Of columns whose names fit a role equally well, the first whose rows differ from it. */
  async #rivalOf(
    role: Role,
    best: RecognisedColumn,
    others: readonly RecognisedColumn[],
  ): Promise<RecognisedColumn | null> {
    for (const other of others) {
      // Times of day in a column of their own; `valueChoices` reports them.
      if (role === 'time' && other.statistics?.kind === 'text' && other.statistics.times === 0) continue
      if (role !== 'user' && role !== 'item') return other
      const [one, two] = [best.statistics?.distinct, other.statistics?.distinct]
      if (one === undefined || one !== two || (await this.findings.table.pairs(best.name, other.name)) !== one)
        return other
    }
    return null
  }

  #nameFor(column: RecognisedColumn, role: Role): NameMatch | null {
    const above = roleOfName(column.name)
    if (role === 'count' && holdsCounts(column)) return { role, rank: 1, whole: true, id: false }
    if (role === 'rating' && isWithin(column, scaleInName(column.name)))
      return { role, rank: saysTotal(column.name) || above?.role === 'rating' ? 0 : 1, whole: true, id: false }
    if (above?.role === role) return above
    // “Title” means title first, and item only if there is no other column for it.
    const match = nameMatches(column.name).find((one) => one.role === role)
    if (match?.whole || (role === 'user' && match && saysNameOf(column.name))) return match
    // “Product name” means title, too; if no column has the product, it identifies products.
    if (role === 'item' && match && nameMatches(column.name).some((one) => one.role === 'title')) return match
    return null
  }
}

/** The first difference between two lists of the same length; 0 if there is none. */
const firstDifference = (a: readonly number[], b: readonly number[]): number =>
  a.map((value, at) => value - (b[at] ?? value)).find((difference) => difference !== 0) ?? 0

/** Whether a column has times of day without days. */
const isClock = ({ samples }: RecognisedColumn): boolean =>
  samples.length > 0 &&
  samples.every((sample) =>
    /^\s*\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?\s*(?:[ap]\.?m\.?|uhr|h)?\s*$/i.test(sample),
  )

/** Whether a column has days without a time of day; a column of times of day alone has none either. */
const isDaily = ({ statistics, samples }: RecognisedColumn): boolean =>
  !(statistics?.kind === 'time' && samples.some((sample) => /\d:\d\d/.test(sample))) && !((statistics?.epochs ?? 0) > 0)

/** Whether a number is written with the highest one of its scale: 13/20. */
const hasScale = (sample: string): boolean => /^\s*\d+(?:[.,]\d+)?\s*\/\s*\d+\s*$/.test(sample)

/** Whether a column's numbers are on a scale from 0 or 1. */
const isWithin = ({ statistics }: RecognisedColumn, scale: number | null): boolean =>
  scale !== null && statistics != null && Number(statistics.min) >= 0 && Number(statistics.max) <= scale

/** Whether values are short and without spaces, like ids. */
const isCode = ({ samples }: RecognisedColumn): boolean => samples.every((sample) => /^\S{1,24}$/.test(sample.trim()))

/** A column that is blank in more of the rows than this has ids of another kind, such as episodes among songs. */
const ofAnotherKind = 0.75

/** If more of the rows than this have a text of their own, it names no items that several people used. */
const headlines = 0.8

/** Roles of a value that differs between the interactions of an item. */
const isOfInteraction = (role: Role): boolean => role === 'time' || role === 'rating' || role === 'count'
