import type { ChosenColumns, Refusal, SuggestedColumns } from '../../shared/datasets'
import { formatCount, formatCounted } from '../../shared/format'
import { wasChosen } from '../../shared/certainty'
import { type Choice, noUsers } from '../../shared/reading'
import {
  type NameMatch,
  nameMatches,
  roleOfName,
  saysAmount,
  saysBirth,
  saysDelivery,
  saysGroupOfItems,
  saysHowMany,
  saysId,
  saysItems,
  saysLater,
  saysMaker,
  saysMean,
  saysMeasure,
  saysNameOf,
  saysOneIsBest,
  saysPlace,
  saysOneTransaction,
  saysRelease,
  saysTotal,
  saysTransaction,
  saysVisit,
  speaksAgainstRating,
} from './column-names'
import { elementsOf, listFormOf } from './item-lists'
import { isWorded, titleByContent, titleColumn } from './recognise-title'
import { wordsWithValues, valuesOfWords } from './values/rating-words'
import { speaksAgainst, yesOf } from './event-words'
import {
  contentOf,
  fits,
  hasIdLength,
  holdsCounts,
  holdsDurations,
  holdsPieces,
  holdsSeveral,
  holdsTimes,
  isAddress,
  isDegrees,
  isNumeric,
  isProse,
  isTitle,
  isVague,
  isYears,
  isFlag,
  isZone,
  list,
  looksLikeRating,
  looksLikeSlider,
  mayBeAmount,
  mayCount,
  oftenZero,
  onScale,
  onStars,
  quoted,
  sampleWords,
  timesOf,
  scaleInName,
  typesOf,
  unratedOf,
  type Named,
  type RecognisedColumn,
  type Role,
} from './column-content'
import {
  judgeEvents,
  takeCodesOfEvents,
  takeFlag,
  takeWordsOfEvents,
  takeWordsOfLiking,
  takeWordsOfRatings,
} from './recognise-events'
import { Findings, roles, type Candidate, type RecognisedTable } from './column-findings'
import { sayLeftOut } from './left-out-columns'
import { listOfOnePerson } from './one-person'
import { orderOf, withoutUsersOfOrders } from './users-of-orders'
import { amazonIds } from './amazon-ids'
import { countsOrDates, holdsTotals } from './totals'
import { isMostlyBlank, isNearlyEmpty, losesMany, lostRows } from './lost-rows'

export interface Recognised {
  readonly mapping: SuggestedColumns
  readonly choices: readonly Choice[]
  /** Why nothing can be imported without a choice of the user; null if it can. */
  readonly refusal: Refusal | null
}

/**
 * Recognises the columns of interactions: as chosen by the user of the program, by name, by content, and in a table without names by their order.
 * If two columns are equally good for a role, one is taken as a guess that names the other. A role without evidence stays open.
 * @param chosen columns that a person named; null: no column has this role
 */
export async function recogniseColumns(table: RecognisedTable, chosen: ChosenColumns = {}): Promise<Recognised> {
  return await new Recognition(table, chosen).result()
}

class Recognition {
  readonly #findings: Findings
  /** Columns of times and values that are constant for each item. */
  readonly #ofItems = new Set<string>()

  constructor(
    private readonly table: RecognisedTable,
    private readonly chosen: ChosenColumns,
  ) {
    this.#findings = new Findings(table, chosen)
  }

  async result(): Promise<Recognised> {
    for (const role of roles) this.#takeChosen(role)
    this.#takeJoined()
    if (this.table.named) {
      for (const role of ['user', 'item'] as const) await this.#byName(role, false)
      await this.#soleUser()
      for (const role of ['time', 'event', 'rating', 'count'] as const) await this.#byName(role)
      takeWordsOfRatings(this.#findings)
    }
    judgeEvents(this.#findings)
    if (!this.table.named) this.#leavePlaces()
    this.#timeByContent()
    takeWordsOfEvents(this.#findings)
    const ids = (): RecognisedColumn[] => this.#findings.free().filter((column) => this.#mayIdentify(column))
    if (this.table.named) {
      await this.#idsByContent(
        ids().filter((column) => this.#tellsApart(column)),
        false,
      )
      for (const role of ['user', 'item'] as const) await this.#byName(role)
      // A column that looks like ratings, or has few different values, may still be an id if nothing else is left.
      await this.#idsByContent(
        ids().filter(
          (column) =>
            !saysMeasure(column.name) &&
            !this.#isUnique(column) &&
            (speaksAgainstRating(column.name) || !(this.#hasFewValues(column) || this.#looksLikeGrades(column))),
        ),
        false,
      )
      await this.#idsByNames()
      await this.#idsByContent(
        ids().filter(({ name, statistics }) => statistics?.kind === 'text' || !saysMeasure(name)),
      )
    } else await this.#idsByOrder(ids())
    await this.#releaseAttributes()
    await takeCodesOfEvents(this.#findings)
    await this.#ratingByContent()
    await this.#orderedWords()
    this.#sayAttributes()
    this.#doubtRating()
    this.#countByOrder()
    takeWordsOfLiking(this.#findings)
    await takeFlag(this.#findings)
    this.#doubtItem()
    if (this.table.named) {
      await this.#doubtIds()
      await this.#doubtUserOfOrders()
    }
    const refusal = await listOfOnePerson(this.#findings)
    if (refusal) this.#findings.release('user')
    await this.#title()
    this.#sayTotals()
    await sayLeftOut(this.#findings)
    return { mapping: this.#mapping(), choices: this.#findings.choices, refusal }
  }

  /**
   * Takes a column that is called a user and holds one, as in the history of one person, rather than ids whose name says nothing of users and that many
   * rows lack.
   */
  async #soleUser(): Promise<void> {
    if (!this.#findings.open('user')) return
    const free = this.#findings.free()
    const named = free.flatMap((column) => {
      const match = this.#nameFor(column, 'user')
      const filled = column.statistics != null && column.statistics.kind !== 'empty'
      return match?.whole && match.rank <= 1 && filled ? [{ column, match }] : []
    })
    const [sole] = named
    if (!sole || named.length > 1 || !this.#isSame(sole.column) || this.#hardly('user', sole)) return
    const item = this.#findings.found.get('item')
    for (const column of free) {
      if (!this.#mayIdentify(column) || !this.#tellsApart(column) || !saysId(column.name)) continue
      if (losesMany('user', column, this.table.rows) || (item && (await this.#hasOne(item, column)))) continue
      return
    }
    const evidence = `Its name says user; ${this.#doubtOf('user', sole) ?? ''}.`
    this.#findings.take('user', { column: sole.column, certainty: 'guess', evidence }, null)
  }

  /** Whether all rows have the same value. */
  #isSame({ statistics }: RecognisedColumn): boolean {
    return statistics?.distinct === 1 && statistics.empty === 0 && this.table.rows >= 3
  }

  #mapping(): SuggestedColumns {
    const nameOf = (role: Role): string | null => this.#findings.found.get(role)?.name ?? null
    const [event, count, title] = [nameOf('event'), nameOf('count'), nameOf('title')]
    const counted = this.#findings.counted?.map((type) => ({ type, weight: 1 })) ?? null
    return {
      user: nameOf('user'),
      item: nameOf('item'),
      rating: nameOf('rating'),
      time: nameOf('time'),
      ...(event === null ? {} : { event: { column: event, counted } }),
      ...(count === null ? {} : { count }),
      ...(title === null ? {} : { title }),
    }
  }

  #takeChosen(role: Role): void {
    const wanted = this.chosen[role]
    const column = this.table.columns.find(({ name }) => name === wanted)
    if (column) this.#findings.take(role, { column, certainty: 'certain', evidence: wasChosen }, null)
  }

  /** The columns of a joined time get no other role, unless a person chose one for them. */
  #takeJoined(): void {
    const { joined, columns } = this.table
    const column = joined && columns.find(({ name }) => name === joined.name)
    if (!joined || !column || joined.columns.some((name) => this.#findings.taken.has(name))) return
    if (!this.#findings.open('time')) {
      this.#findings.taken.add(column.name)
      return
    }
    for (const name of joined.columns) this.#findings.taken.add(name)
    this.#findings.take('time', { ...joined, column }, null)
    this.#findings.optionOf(column, `--time ${quoted(joined.columns[0] ?? '')}, or --time none`)
  }

  /** The column whose name fits a role best and whose content does not contradict it. @param weakly also if its content fits another role better */
  async #byName(role: Role, weakly = true): Promise<void> {
    if (!this.#findings.open(role)) return
    const free = this.#findings.free()
    // Beside real dates, numbers are durations, even if their name means hours or days.
    const dated = role === 'time' && free.some(({ statistics }) => statistics?.kind === 'time')
    const fitting = free.flatMap((column) => {
      const match = this.#nameFor(column, role)
      if (!match || !fits(role, column, match) || this.#ofItems.has(column.name)) return []
      if (dated && ((holdsOnlyNumbers(column) && !holdsTimes(column)) || isClock(column))) return []
      if (role === 'count' && oftenZero(column, this.table.rows)) return []
      return weakly || !this.#isWeak(role, { column, match }) ? [{ column, match }] : []
    })
    const ofOrders = role === 'user' ? await withoutUsersOfOrders(this.table, fitting) : { named: fitting, why: null }
    const suited = await this.#withoutAttributes(role, await this.#withoutOwned(role, ofOrders.named))
    const isOutdone = this.#outdoneBy(role, suited)
    const isId = role === 'user' || role === 'item'
    const { rows } = this.table
    // An order has one in every row, and yet it is nobody.
    const isIncomplete = ({ column }: Named): boolean =>
      losesMany(role, column, rows) || (role === 'user' && saysOneTransaction(column.name))
    /** What speaks against a candidate, the weightiest first. */
    const against = (one: Named, isTitled: boolean): readonly number[] =>
      [
        this.#hardly(role, one),
        isNearlyEmpty(role, one.column, rows),
        isOutdone(one),
        role === 'time' && saysOtherTime(one.column.name),
        role === 'time' && isDaily(one.column),
        isId && isIncomplete(one),
        role === 'rating' && saysDelivery(one.column.name),
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
    const equal = against(best, false)
    const same = (one: Named): boolean => firstDifference(against(one, false), equal) === 0
    const rival = await this.#rivalOf(
      role,
      best.column,
      others.filter(same).map(({ column }) => column),
    )
    const beside = role === 'item' ? await this.#idOf(best.column) : null
    if (beside) {
      this.#findings.take('item', beside, best.column)
      return
    }
    const weak = !best.match.whole || (role === 'rating' && best.match.rank > 0)
    const emptier = isId
      ? further.find(
          ({ column, match }) => match.whole && match.rank <= best.match.rank && losesMany(role, column, rows),
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
    const evidence = [`Its name says ${role}`, contentOf(best.column, this.table.rows), ofOrders.why, doubt]
      .filter(Boolean)
      .join('; ')
    const also = rival ?? finer ?? others.find(({ match }) => match.whole)?.column ?? null
    this.#findings.take(
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
    const { rows } = this.table
    const users = best.statistics?.distinct ?? 0
    for (const { column, match } of others) {
      const distinct = column.statistics?.distinct ?? 0
      if (!match.whole || distinct <= users || losesMany('user', column, rows) || this.#isUnique(column)) continue
      // Each visit and each order also has one user.
      if (saysOneTransaction(column.name) || saysVisit(column.name)) continue
      if (await this.#hasOne(column, best)) return column
    }
    return null
  }

  /** Candidates for a value of interactions, without those that are constant for each item, such as a year or an average: these are left out. */
  async #withoutAttributes(role: Role, candidates: readonly Named[]): Promise<Named[]> {
    const kept: Named[] = []
    for (const named of candidates)
      if (role === 'event' && (await this.#hasCode(named.column))) continue
      else if (isOfInteraction(role) && (await this.#isAttribute(named.column))) this.#ofItems.add(named.column.name)
      else kept.push(named)
    return kept
  }

  /** Whether texts are names of things: there are several, and another column has the code of each. */
  async #hasCode(column: RecognisedColumn): Promise<boolean> {
    if ((column.statistics?.distinct ?? 0) < fewIds) return false
    for (const other of this.#findings.free())
      if (saysId(other.name) && (await this.#areOneToOne(column, other))) return true
    return false
  }

  /**
   * Candidates for users or items without those that are constant for each value of the other side, such as the author of a book or the course of a pupil; if
   * there are no others, those with a plain name.
   */
  async #withoutOwned(role: Role, candidates: readonly Named[]): Promise<readonly Named[]> {
    const partner = this.#findings.found.get(role === 'user' ? 'item' : 'user')
    if (!partner || (role !== 'user' && role !== 'item')) return candidates
    const apart: Named[] = []
    for (const named of candidates) if (!(await this.#hasOne(partner, named.column))) apart.push(named)
    return apart.length > 0 ? apart : candidates.filter(({ match }) => match.whole && match.rank === 0)
  }

  /** Whether each item has one value of a column in all of its rows, though there are several. For a few items that may be chance. */
  async #isAttribute(column: RecognisedColumn): Promise<boolean> {
    const items = this.#findings.found.get('item')?.statistics?.distinct ?? 0
    return items >= fewIds && (column.statistics?.distinct ?? 0) > 1 && (await this.#findings.tellsOfItems(column))
  }

  /** Releases times, ratings and counts that prove to be attributes of the items once these are known, and looks for others. */
  async #releaseAttributes(): Promise<void> {
    if (!this.table.named) return
    for (const role of ['time', 'rating', 'count'] as const)
      for (let column = this.#findings.found.get(role); column; column = this.#findings.found.get(role)) {
        if (this.chosen[role] !== undefined || this.table.joined?.name === column.name) break
        if (!(await this.#isAttribute(column))) break
        this.#findings.release(role)
        this.#ofItems.add(column.name)
        await this.#byName(role)
        if (role === 'time') this.#timeByContent()
      }
  }

  /** Explains why columns that are named like a time, a rating or a count are left out. */
  #sayAttributes(): void {
    for (const column of this.#findings.free().filter(({ name }) => this.#ofItems.has(name))) {
      const role = roleOfName(column.name)?.role
      this.#findings.taken.add(column.name)
      // The day of a concert may be used as the time of its tickets if there is no other; the year of a film hardly.
      const isOnlyTime =
        role === 'time' && this.#findings.open('time') && !(column.statistics && isYears(column.statistics))
      const matters = role === 'rating' || isOnlyTime
      const control = role === 'rating' ? 'Rating' : role === 'count' ? 'Count' : 'Time'
      this.#findings.say(
        column,
        'left out',
        matters ? 'guess' : 'likely',
        `All rows of each item have the same value, so it says something about the item${role === 'rating' ? ', as an average over many people does' : ''}, not about an interaction; ${contentOf(column, this.table.rows)}.`,
        matters,
        control,
        `--${control.toLowerCase()} ${quoted(column.name)}`,
      )
    }
  }

  /** Whether a column of days has no name for something that was due, returned or the like. */
  async #hasEarlierTime(): Promise<boolean> {
    for (const column of this.#findings.free()) {
      if (column.statistics?.kind !== 'time' || saysLater(column.name) || saysBirth(column.name)) continue
      if (!losesMany('time', column, this.table.rows) && !(await this.#isAttribute(column))) return true
    }
    return false
  }

  /**
   * Which of the columns whose names fit a value of interactions would lose many rows that another one keeps, such as the day of a return or of a second
   * visit. A rating or a count yields only to one that is called nothing else.
   */
  #outdoneBy(role: Role, named: readonly Named[]): (one: Named) => boolean {
    const { rows } = this.table
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

  /** If the time that a name says is unknown in many rows, takes one that all rows have, whatever its name, and says so. Returns whether there is one. */
  async #takeFullTime(named: RecognisedColumn): Promise<boolean> {
    const { rows } = this.table
    const lost = lostRows('time', named, rows)
    if (!losesMany('time', named, rows)) return false
    const found = this.#findings.found.get('user')
    const users = found ? [found] : this.#findings.free().filter((column) => this.#nameFor(column, 'user')?.whole)
    for (const column of this.#findings.free()) {
      // Numbers that look like times may be ids: their name has to be one for a time, such as “last_updated”.
      const isDated =
        column.statistics?.kind === 'time' ||
        (holdsTimes(column) && (saysLater(column.name) || nameMatches(column.name).some(({ role }) => role === 'time')))
      if (!isDated || saysBirth(column.name) || losesMany('time', column, rows)) continue
      // The day on which a user came, or an item was made, is not that of an interaction.
      let isOfUsers = false
      for (const user of users) isOfUsers ||= await this.#hasOne(user, column)
      if (isOfUsers || (await this.#isAttribute(column))) continue
      const evidence = `All rows have it, while ${formatCounted(lost, 'row')} ${lost === 1 ? 'has' : 'have'} no usable “${named.name}”, whose name says time.`
      this.#findings.take('time', { column, certainty: 'guess', evidence }, named)
      return true
    }
    return false
  }

  /** Leaves out a count that many rows lack, as views lack the quantity of purchases: they would be rejected. Returns whether it does. */
  #leaveSparse(column: RecognisedColumn): boolean {
    const { rows } = this.table
    // Whoever chooses types of events may leave out the very rows that lack a count.
    if (this.chosen.eventTypes === true || !losesMany('count', column, rows)) return false
    this.#findings.taken.add(column.name)
    const lost = lostRows('count', column, rows)
    this.#findings.say(
      column,
      'left out',
      'guess',
      `Its name says count, but ${formatCount(lost)} of ${formatCounted(rows, 'row')} ${lost === 1 ? 'has' : 'have'} none and would be rejected, so every row counts as much as any other.`,
      true,
      'Count',
      `--count ${quoted(column.name)}, or --count none`,
    )
    return true
  }

  /** Whether the whole name of a free column is for a count. */
  #saysCount(): boolean {
    if (this.chosen.count !== undefined) return false
    return this.#findings.free().some((column) => {
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
    if (this.#isUnique(column)) return true
    const { statistics } = column
    if (statistics?.distinct !== 1 || this.table.rows < 3) return false
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
      this.#isUnique(column) ||
      this.#hasFewValues(column)
    )
  }

  /** Whether a column has ids or names of things, by its name or content, and several rows have each. */
  #tellsApart(column: RecognisedColumn): boolean {
    const { name, statistics } = column
    if (saysMeasure(name) || this.#isUnique(column) || this.#hasFewValues(column)) return false
    if (saysMaker(name) || saysGroupOfItems(name) || saysTransaction(name)) return false
    if (saysId(name) || hasIdLength(column)) return true
    return statistics?.kind === 'text' && !isProse(column)
  }

  /** Whether a column has fewer different values than a table with so many rows has users or items. */
  #hasFewValues({ statistics }: RecognisedColumn): boolean {
    return (statistics?.distinct ?? 0) < fewIds && this.table.rows > 10 * fewIds
  }

  /** Whether a column's numbers look like ratings and do not exceed usual scales. */
  #looksLikeGrades(column: RecognisedColumn): boolean {
    return (column.statistics?.distinct ?? 0) <= mostGrades && looksLikeRating(column, this.table.rows)
  }

  /** Whether no value of a column is repeated, so that nothing can be learnt from it. */
  #isUnique({ statistics }: RecognisedColumn): boolean {
    if (!statistics) return false
    const filled = this.table.rows - statistics.empty
    // A row of totals under the table leaves such a column blank.
    return statistics.distinct === filled && filled > fewRows && 20 * statistics.empty < this.table.rows
  }

  /** The evidence against the column whose name fits a role best; null if there is none. */
  #doubtOf(role: Role, named: Named): string | null {
    const { column, match } = named
    if ((role === 'user' || role === 'item') && holdsSeveral(column))
      return `each of its values is a list or an object, as ${(column.samples[0] ?? '').slice(0, 60)}`
    if (this.#hardly(role, named))
      return role === 'rating'
        ? 'it may be an average over many people'
        : this.#isUnique(column)
          ? `no value occurs twice, so no ${role} has two interactions`
          : `it is the same in all of them, so it does not distinguish one ${role} from another`
    if ((role === 'user' || role === 'item') && !match.whole && this.#hasFewValues(column))
      return `there are only ${formatCounted(column.statistics?.distinct ?? 0, 'different one')}`
    if (role === 'user' && this.#isSame(column))
      return `all ${formatCounted(this.table.rows, 'row')} are of one user, ${list(column.samples.slice(0, 1))}`
    if (role === 'user' && saysMaker(column.name)) {
      const made = this.table.columns.find(
        ({ name }) => roleOfName(name)?.role === 'title' || /book|kniha|buch|livre|libro|isbn|paper/i.test(name),
      )
      if (made) return `it may be the creator of the items, since there is also “${made.name}”`
    }
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

  async #idBefore(title: RecognisedColumn): Promise<Candidate | null> {
    const column = this.table.columns[this.table.columns.indexOf(title) - 1]
    const distinct = column?.statistics?.distinct ?? 0
    if (!column || this.#findings.taken.has(column.name) || !/^(?:id|no|nr|key|code|uid)(?:_\d+)?$/i.test(column.name))
      return null
    if (distinct < 2 || (await this.table.pairs(column.name, title.name)) !== distinct) return null
    const titles = title.statistics?.distinct ?? 0
    return {
      column,
      certainty: 'likely',
      evidence: `It stands before “${title.name}”, and each of its ${formatCounted(distinct, 'value')} has one${titles < distinct ? `, while the ${formatCounted(titles, 'title')} are each those of several` : ''}.`,
    }
  }

  async #codeOf(title: RecognisedColumn): Promise<Candidate | null> {
    const titles = title.statistics?.distinct ?? 0
    if (titles < fewIds || this.#isUnique(title)) return null
    const codes = this.#findings
      .free()
      .filter((column) => isCode(column) && this.#mayIdentify(column) && !saysMeasure(column.name))
      .sort((a, b) => Number(saysId(b.name)) - Number(saysId(a.name)))
    for (const column of codes)
      if (await this.#areOneToOne(column, title))
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
      if (one === undefined || one !== two || (await this.table.pairs(best.name, other.name)) !== one) return other
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

  /** If interactions have no other value, words from poor to excellent are used whatever the name of their column, unless they describe the items. */
  async #orderedWords(): Promise<void> {
    if (!this.#findings.open('rating') || !this.#findings.open('count') || !this.#findings.open('event')) return
    for (const column of this.#findings.free()) {
      const said = this.table.named ? (roleOfName(column.name)?.role ?? null) : null
      if (column.statistics?.kind !== 'text' || (said !== null && said !== 'rating')) continue
      const values = valuesOfWords(typesOf(column), true)
      if (!values || (await this.#findings.tellsOfItems(column))) continue
      const evidence = `No name says rating, but this column contains words with an order: ${wordsWithValues(values)}.`
      this.#findings.take('rating', { column, certainty: 'guess', evidence }, null)
      this.#findings.optionOf(column, '--rating none, or --rating COLUMN')
      return
    }
  }

  #timeByContent(): void {
    const { named } = this.table
    const times = this.#findings
      .free()
      .filter((column) => holdsTimes(column) && !this.#ofItems.has(column.name))
      // Numbers of ten digits in a column named like ids may look like seconds since 1970.
      .filter((column) => !named || !(holdsOnlyNumbers(column) && saysId(column.name)))
      .filter((column) => !saysBirth(column.name))
      .sort(
        (a, b) =>
          Number(holdsOnlyNumbers(a)) - Number(holdsOnlyNumbers(b)) ||
          Number(losesMany('time', a, this.table.rows)) - Number(losesMany('time', b, this.table.rows)) ||
          Number(saysOtherTime(a.name)) - Number(saysOtherTime(b.name)) ||
          // Ids of ten digits may look like seconds since 1970, but they repeat more often than times do.
          (named ? 0 : (b.statistics?.distinct ?? 0) - (a.statistics?.distinct ?? 0)),
      )
    const [first] = times
    const rivals = times.filter((column) => first && saysOtherTime(column.name) === saysOtherTime(first.name))
    const [column, rival] = rivals
    if (!this.#findings.open('time') || !column) return
    this.#findings.take(
      'time',
      {
        column,
        certainty: rival ? 'guess' : 'likely',
        evidence: `${timesOf(column)}.${rival ? ` Those of “${rival.name}” are, too.` : ''}`,
      },
      rival ?? null,
    )
  }

  /** Whether a column without a telling name may have ids: its values repeat, and it is not a rating, a time or a row number. */
  #mayIdentify(column: RecognisedColumn): boolean {
    const { name, statistics } = column
    if (holdsSeveral(column) || holdsDurations(column) || isAddress(column)) return false
    const role = this.table.named ? (roleOfName(name)?.role ?? null) : null
    // The code of an event identifies what happened, such as a concert, rather than its type.
    const isFoundEvent = role === 'event' && (this.#findings.found.has('event') || saysId(name))
    if (role !== null && role !== 'user' && role !== 'item' && !isFoundEvent) return false
    if (!statistics) return false
    if (statistics.kind === 'empty' || statistics.kind === 'time') return false
    if (this.table.named && saysHowMany(name)) return false
    // Yes and no identify nobody.
    if (this.table.rows > fewRows && statistics.distinct <= 2 && yesOf(typesOf(column)) !== null) return false
    // Dates with a few other words, such as “not returned”, are not ids.
    if (2 * statistics.times > this.table.rows - statistics.empty) return false
    // 1005.0 is an id that a program took for a decimal number, unless it is a rating such as 4.0; codes such as 85782.6 are recognised by their name.
    const mayBeId = statistics.whole === true || saysId(name)
    if (statistics.kind === 'number' && !(mayBeId && Number(statistics.max) > 100)) return false
    if (this.table.named && ((role === null && isYears(statistics)) || countsOrDates(column))) return false
    return statistics.rowNumber !== true
  }

  /** The user or the item, if no name identifies it, by what repeats: users and items do, pairs of them rarely. */
  async #idsByContent(ids: readonly RecognisedColumn[], attributes = true): Promise<void> {
    const open = (['user', 'item'] as const).filter((role) => this.#findings.open(role))
    const [role, second] = open
    if (!role) return
    if (second) {
      // Only the usual order distinguishes users from items.
      const [user, ...others] = await this.#mostTelling(ids, null, attributes)
      if (!user) return
      const [item, ...more] = await this.#apart(user, others)
      if (!item) return
      const [one, two] =
        this.table.columns.indexOf(user) < this.table.columns.indexOf(item) ? [user, item] : [item, user]
      const why = (other: RecognisedColumn): string =>
        `No name says it, and users usually come before items; the other column is “${other.name}”${more.length > 0 ? `, and ${list(more.map(({ name }) => name))} ${more.length > 1 ? 'are' : 'is'} also possible` : ''}.`
      this.#findings.take('user', { column: one, certainty: 'guess', evidence: why(two) }, two)
      this.#findings.take('item', { column: two, certainty: 'guess', evidence: why(one) }, one)
      return
    }
    const partner = this.#findings.found.get(role === 'user' ? 'item' : 'user') ?? null
    // A report with totals of items has kinds, publishers and subjects of these, but no users, unless something is called an id.
    const isReport = role === 'user' && this.#holdsTotals()
    const telling = isReport
      ? await this.#mostTelling(
          ids.filter((column) => saysId(column.name) && this.#tellsApart(column)),
          partner,
          false,
        )
      : await this.#mostTelling(ids, partner, attributes)
    const [best, rival] = role === 'item' ? await this.#titledFirst(telling) : telling
    if (!best) return
    const distinct = best.statistics?.distinct ?? 0
    // If each row has its own user or item, nothing can be learnt.
    const unique = this.#isUnique(best)
    const suits = unique
      ? `, another one in each, so no ${role} has two interactions: the file may have no ${role}s at all`
      : rival
        ? ` suit it, and those of “${rival.name}” would, too`
        : ' suit it'
    const evidence = `No name says ${role}; ${formatCounted(distinct, 'different value')} in ${formatCounted(this.table.rows, 'row')}${suits}.`
    this.#findings.take(role, { column: best, certainty: 'guess', evidence }, rival ?? null)
    if (!rival) this.#findings.optionOf(best, `--${role} COLUMN`)
  }

  #holdsTotals(): boolean {
    const { columns, joined, named } = this.table
    return named && holdsTotals(columns.filter(({ name }) => name !== joined?.name))
  }

  /** Says that a table of totals has no users. */
  #sayTotals(): void {
    if (!this.#findings.open('user') || !this.#holdsTotals()) return
    this.#findings.choices.push({
      about: 'column',
      file: this.table.file,
      column: null,
      value: noUsers,
      certainty: 'guess',
      evidence: 'The file has no column of users: it seems to hold totals, not interactions.',
      affectsData: true,
      control: 'User',
      option: '--user COLUMN',
    })
  }

  /** Columns of ids, first those with a column of their names beside them: each id has one text there, and each text one id. */
  async #titledFirst(ids: readonly RecognisedColumn[]): Promise<RecognisedColumn[]> {
    const texts = this.#findings.free().filter((column) => isWorded(column) && !this.#isUnique(column))
    const titled: RecognisedColumn[] = []
    for (const column of ids)
      for (const text of (column.statistics?.distinct ?? 0) < fewIds ? [] : texts)
        if (await this.#areOneToOne(column, text)) {
          titled.push(column)
          break
        }
    return [...titled, ...ids.filter((column) => !titled.includes(column))]
  }

  /** Whether each value of a column has one value of another column, and each of those only one of its own. */
  async #areOneToOne(one: RecognisedColumn, other: RecognisedColumn): Promise<boolean> {
    const distinct = one.statistics?.distinct ?? 0
    if (one === other || distinct < 2 || other.statistics?.distinct !== distinct) return false
    return (await this.table.pairs(one.name, other.name)) === distinct
  }

  /** The columns without those that identify the same things as another: an id and its name are not user and item. */
  async #apart(column: RecognisedColumn, others: readonly RecognisedColumn[]): Promise<RecognisedColumn[]> {
    const apart: RecognisedColumn[] = []
    for (const other of others)
      if (!((await this.#hasOne(column, other)) && (await this.#hasOne(other, column)))) apart.push(other)
    return apart
  }

  /** If no column has the ids of users or items, their names are used instead, as a guess. */
  async #idsByNames(): Promise<void> {
    for (const role of ['user', 'item'] as const) {
      if (!this.#findings.open(role) || (role === 'user' && this.#holdsTotals())) continue
      const names = this.#findings
        .free()
        .filter(
          (column) =>
            column.statistics?.kind === 'text' &&
            !holdsSeveral(column) &&
            (role === 'item'
              ? nameMatches(column.name).some((match) => match.role === 'title')
              : saysNameOf(column.name)),
        )
      const partner = this.#findings.found.get(role === 'user' ? 'item' : 'user') ?? null
      const [best, rival] = await this.#mostTelling(names, partner, true)
      if (!best) continue
      const evidence = `No column has ids of ${role}s, and this one has names; ${contentOf(best, this.table.rows)}.`
      this.#findings.take(role, { column: best, certainty: 'guess', evidence }, rival ?? null)
    }
  }

  /** Candidates for ids, the likeliest first: by the share of rows with a unique pair with the other id, then by the number of different values. */
  async #mostTelling(
    ids: readonly RecognisedColumn[],
    partner: RecognisedColumn | null,
    attributes: boolean,
  ): Promise<RecognisedColumn[]> {
    const several = ids.filter(({ statistics }) => (statistics?.distinct ?? 0) > 1)
    const candidates = await this.#likeliest(
      several.length > 0 || partner === null ? several : ids,
      partner,
      attributes,
    )
    const scored: { column: RecognisedColumn; own: number; distinct: number; unique: boolean }[] = []
    for (const column of candidates) {
      const distinct = column.statistics?.distinct ?? 0
      const own =
        partner === null || this.table.rows === 0
          ? 1
          : (await this.table.pairs(column.name, partner.name)) / this.table.rows
      scored.push({
        column,
        own,
        distinct,
        unique: this.#isUnique(column) || (distinct === this.table.rows && this.table.rows > 2),
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
  async #likeliest(
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
      const own = await keep(async (column) => !(await this.#hasOne(partner, column)))
      if (own.length === 0 && !attributes) return []
    }
    if (left.length > enough) {
      await keep(async (column) => !(await this.#happensOnce(column)))
      await keep(({ name }) => saysId(name))
    }
    return left
  }

  /** Whether each value of a column has one value of another one, though it is in several rows. */
  async #hasOne(column: RecognisedColumn, other: RecognisedColumn): Promise<boolean> {
    const distinct = column.statistics?.distinct ?? 0
    if (distinct < 2 || 4 * this.table.rows < 5 * distinct) return false
    return await this.#findings.hasOneValue(column, other)
  }

  /** Whether all rows of each value of a column have the same time: it is an order or a visit. */
  async #happensOnce(column: RecognisedColumn): Promise<boolean> {
    const time = this.#findings.found.get('time')
    return time !== undefined && (time.statistics?.distinct ?? 0) > 2 && (await this.#hasOne(column, time))
  }

  async #idsByOrder(candidates: readonly RecognisedColumn[]): Promise<void> {
    const open = (['user', 'item'] as const).filter((role) => this.#findings.open(role))
    // A history beside the item of a row has several ids in each cell.
    const single = candidates.filter(({ samples }) => listFormOf(samples) === null)
    const ids = single.length >= open.length ? single : candidates
    const usable = ids.filter((column) => !this.#mayRate(column) || ids.length <= open.length)
    if (open.length === 1) {
      await this.#idsByContent(usable.length > 0 ? usable : ids)
      return
    }
    // In a column of ids and one of names of the same things, the ids are blank if they were unknown.
    const complete = usable.filter(({ statistics }) => (statistics?.empty ?? 0) <= fewBlanks * this.table.rows)
    const [user, item] = complete.length >= 2 ? complete : usable.length >= 2 ? usable : ids
    if (open.length === 0 || !user || !item) return
    if (this.table.knownOrder) {
      const evidence = 'Files of this name have user, item, rating and time in this order.'
      this.#findings.take('user', { column: user, certainty: 'certain', evidence }, null)
      this.#findings.take('item', { column: item, certainty: 'certain', evidence }, null)
      return
    }
    const known = amazonIds(ids)
    if (known) {
      for (const [role, whose] of [
        ['user', 'people'],
        ['item', 'products'],
      ] as const) {
        const evidence = `Its values are ids of ${whose} as Amazon writes them: ${sampleWords(known[role])}.`
        this.#findings.take(role, { column: known[role], certainty: 'likely', evidence }, null)
      }
      return
    }
    const hashed = [user, item].filter(isHash)
    if (hashed.length === 1 && !isHash(user)) {
      const evidence = `The file has no column names. Its values are hashes, such as ${sampleWords(item)}, which hide who people are; “${user.name}” has other ids.`
      this.#findings.take('user', { column: item, certainty: 'guess', evidence }, user)
      this.#findings.take(
        'item',
        {
          column: user,
          certainty: 'guess',
          evidence: `The file has no column names, and “${item.name}” was taken for users.`,
        },
        item,
      )
      return
    }
    const why = 'The file has no column names, and users usually come before items'
    const more = usable.filter((column) => column !== user && column !== item)
    const also = more.length === 0 ? '' : `; ${list(more.slice(0, 4).map(({ name }) => name))} could be items, too`
    this.#findings.take('user', { column: user, certainty: 'guess', evidence: `${why}.` }, item)
    this.#findings.take('item', { column: item, certainty: 'guess', evidence: `${why}${also}.` }, more[0] ?? user)
  }

  /** Whether a column’s numbers look like ratings; those in the first column of a table without names are users. */
  #mayRate(column: RecognisedColumn): boolean {
    const { named, columns, rows } = this.table
    const isUser = !named && columns[0] === column && (column.statistics?.distinct ?? 0) > 2
    return !isUser && looksLikeRating(column, rows)
  }

  /** Leaves out the latitudes and longitudes of a table without names, and the time zones beside them, which are not ratings or counts. */
  #leavePlaces(): void {
    const { columns } = this.table
    const at = columns.findIndex((column, position) => {
      const next = columns[position + 1]
      return next !== undefined && isDegrees(column, 90) && isDegrees(next, 180)
    })
    const [latitude, longitude] = at < 0 ? [] : columns.slice(at, at + 2)
    if (!latitude || !longitude || [latitude, longitude].some(({ name }) => this.#findings.taken.has(name))) return
    const leave = (column: RecognisedColumn, evidence: string): void => {
      this.#findings.taken.add(column.name)
      this.#findings.say(column, 'left out', 'likely', evidence, false, 'Columns', '--rating COLUMN or --count COLUMN')
    }
    for (const column of [latitude, longitude])
      leave(column, 'By their ranges and decimals, this column and the next are coordinates on a map.')
    for (const column of this.#findings.free().filter(isZone))
      leave(column, 'Next to coordinates, its numbers are time-zone offsets in minutes.')
  }

  async #ratingByContent(): Promise<void> {
    if (!this.#findings.open('rating') || this.#findings.found.has('event')) return
    const { named, columns, rows } = this.table
    const isThird = (column: RecognisedColumn): boolean => !named && columns.indexOf(column) >= 2
    const candidates = this.#findings.free().filter((column) => {
      if (this.#ofItems.has(column.name)) return false
      const role = named ? (roleOfName(column.name)?.role ?? null) : null
      if (onStars(column)) return this.#mayRate(column)
      if (role !== null && role !== 'rating') return false
      // A flag such as “like” beside “click” tells which rows count.
      if (role === 'rating' && isFlag(column)) return false
      if (named && [speaksAgainstRating, speaksAgainst, saysAmount].some((says) => says(column.name))) return false
      if (named && role === null && (holdsPieces(column, rows) || !onScale(column))) return false
      // Two or three numbers, such as renewals, are not a rating scale.
      if (named && role === null && (column.statistics?.distinct ?? 0) < fewestGrades) return false
      // A single number in all rows has no information, unless it is in the usual column of ratings.
      const tells =
        (column.statistics?.distinct ?? 0) > 1 || rows < 2 || (isThird(column) && Number(column.statistics?.min) > 0)
      return tells && this.#mayRate(column)
    })
    // A value that is constant for each item is not a user's opinion of it.
    const opinions: RecognisedColumn[] = []
    for (const candidate of candidates) {
      const isNone = named
        ? (await this.#isPosition(candidate)) || (await this.#isAttribute(candidate))
        : await this.#findings.tellsOfItems(candidate)
      if (!isNone) opinions.push(candidate)
    }
    opinions.sort(
      (a, b) =>
        Number(losesMany('rating', a, rows)) - Number(losesMany('rating', b, rows)) ||
        Number(onScale(b)) - Number(onScale(a)),
    )
    const slid =
      opinions.length > 0 ? [] : this.#findings.free().filter((free) => isThird(free) && looksLikeSlider(free))
    const [column, rival] = opinions.length > 0 ? opinions : slid.length === 1 ? slid : []
    if (!column?.statistics) return
    const { distinct, min, max } = column.statistics
    const texts = column.statistics.kind === 'text' ? rows - column.statistics.empty - column.statistics.numbers : 0
    const evidence = `${named ? 'Its name does not say so; ' : ''}${formatCounted(distinct, 'different number')} from ${min} to ${max}${texts > 0 ? `, and ${formatCounted(texts, 'value')} that ${texts === 1 ? 'is none' : 'are none'}` : ''}${rival ? `; “${rival.name}” would suit, too` : ''}.`
    // A price may stand before a quantity that looks like ratings.
    const isNext = columns
      .slice(0, columns.indexOf(column))
      .every((other) => this.#findings.taken.has(other.name) || !mayBeAmount(other))
    const likely = isThird(column) && isNext && onScale(column) && slid.length === 0 && !rival && texts === 0
    this.#findings.take('rating', { column, certainty: likely ? 'likely' : 'guess', evidence }, rival ?? null)
    // The only column that a warning could name is the column itself.
    if (!likely && !rival) this.#findings.optionOf(column, `--rating none, or --rating COLUMN`)
  }

  /** Whether each user has each value of a column in one row, like positions in a list; on a usual rating scale that may be chance. */
  async #isPosition(column: RecognisedColumn): Promise<boolean> {
    const user = this.#findings.found.get('user')
    const { rows } = this.table
    if (!user || onScale(column) || rows < 3 * (user.statistics?.distinct ?? rows)) return false
    if ((column.statistics?.distinct ?? 0) <= 5) return false
    return (await this.table.pairs(user.name, column.name)) === rows
  }

  /** Warns that a rating far from the others, or a zero that is the most frequent value, may mean that nothing was rated. */
  #doubtRating(): void {
    const column = this.#findings.found.get('rating')
    if (!column?.statistics || this.chosen.rating !== undefined) return
    if (this.table.named && saysOneIsBest(column.name)) {
      const grades = column.statistics.values.map(({ value }) => Number(value)).filter(Number.isInteger)
      const most = Math.max(...grades, Number(column.statistics.max))
      const turned = grades.toSorted((a, b) => a - b).map((grade) => `${grade}=${most + 1 - grade}`)
      this.#findings.doubt(
        column,
        'By its name 1 is the best grade, but a higher number counts as a better rating here.',
        `--rating-values ${turned.length > 0 ? turned.join(',') : 'GRADE=NUMBER,…'}`,
      )
      return
    }
    const apart = unratedOf(column.statistics, this.table.rows)
    if (!apart) return
    this.#findings.doubt(
      column,
      `${formatCounted(apart.rows, 'row')} ${apart.rows === 1 ? 'has' : 'have'} ${apart.value}, which may stand for “not rated”: ${apart.rows === 1 ? 'it is' : 'they are'} stored as a rating like the others.`,
      '--rating none, or a file without these rows or with a blank in their place',
    )
  }

  /** Warns if the recognised users or items distinguish little that others could, or depend on each other. */
  async #doubtIds(): Promise<void> {
    const [user, item] = [this.#findings.found.get('user'), this.#findings.found.get('item')]
    const rest = this.#findings.free().filter((free) => this.#mayIdentify(free) && this.#tellsApart(free))
    if (!user || !item || rest.length === 0) return
    for (const [role, column, other] of [
      ['user', user, item],
      ['item', item, user],
    ] as const) {
      // That all rows are of one user is said already.
      if (this.chosen[role] !== undefined || (role === 'user' && this.#isSame(column))) continue
      const [better] = await this.#likeliest(rest, other, false)
      if (!better) continue
      const why = this.#hasFewValues(column)
        ? `there are only ${formatCount(column.statistics?.distinct ?? 0)} of them`
        : (await this.#hasOne(other, column))
          ? `each ${role === 'user' ? 'item' : 'user'} has only one`
          : (await this.#happensOnce(column))
            ? 'all rows of each have the same time'
            : null
      if (why) this.#findings.doubt(column, `Yet ${why}.`, `--${role} ${quoted(better.name)}`)
    }
  }

  /** Warns if the user is another one for each order: then nobody is seen to come back. */
  async #doubtUserOfOrders(): Promise<void> {
    const user = this.#findings.found.get('user')
    if (!user || this.chosen.user !== undefined) return
    const order = await orderOf(this.table, user)
    if (order)
      this.#findings.doubt(
        user,
        `Each “${order.name}” has another one, so nobody has a second order: another column, maybe of another file, may tell people apart.`,
        '--user COLUMN',
      )
  }

  /** Warns that cells with several ids each are taken for single items. */
  #doubtItem(): void {
    const column = this.#findings.found.get('item')
    const form = column ? listFormOf(column.samples) : null
    if (!column || !form) return
    const example = column.samples.find((sample) => (elementsOf(sample, form)?.length ?? 0) > 1) ?? ''
    this.#findings.doubt(
      column,
      `Its cells contain several ids each, such as “${example.slice(0, 40)}”, but every cell is taken for one item.`,
      '--item COLUMN, or a file with one item a row',
    )
  }

  /** The column with the names of the items, beside their ids. */
  async #title(): Promise<void> {
    const item = this.#findings.found.get('item')
    if (!item || !this.table.named || !this.#findings.open('title')) return
    const { filledPairs, rows } = this.table
    const titled = { item, user: this.#findings.found.get('user') ?? null, filledPairs, rows }
    const free = this.#findings.free()
    const found = (await titleColumn(free, titled)) ?? (isWorded(item) ? null : await titleByContent(free, titled))
    if (found) this.#findings.take('title', { ...found, certainty: 'likely' }, null)
  }

  /** In a table without names, whole numbers after user and item that are on no rating scale are counts. */
  #countByOrder(): void {
    if (
      this.table.named ||
      !this.#findings.open('count') ||
      !this.#findings.open('rating') ||
      this.#findings.found.has('event')
    )
      return
    const [column, rival] = this.#findings
      .free()
      .filter((free) => this.table.columns.indexOf(free) >= 2 && mayBeAmount(free))
    if (!column?.statistics || rival || column.statistics.kind !== 'integer' || !mayCount(column.statistics)) return
    if (losesMany('count', column, this.table.rows)) return
    const { min, max } = column.statistics
    const evidence = `The file has no column names, and whole numbers from ${min} to ${max} after users and items are taken for counts.`
    this.#findings.take('count', { column, certainty: 'guess', evidence }, null)
    this.#findings.optionOf(column, '--count none')
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

/** Whether a name is for a time after an interaction, or for the day on which an item came out. */
const saysOtherTime = (name: string): boolean => saysLater(name) || saysRelease(name)

/** Whether a column's values are digests in hexadecimal digits, as of MD5 and SHA. */
const isHash = ({ samples }: RecognisedColumn): boolean =>
  samples.length > 0 && samples.every((sample) => /^(?:[\da-f]{32}|[\da-f]{40}|[\da-f]{64})$/i.test(sample.trim()))

const holdsOnlyNumbers = ({ statistics }: RecognisedColumn): boolean => statistics != null && isNumeric(statistics)

/** Whether a number is written with the highest one of its scale: 13/20. */
const hasScale = (sample: string): boolean => /^\s*\d+(?:[.,]\d+)?\s*\/\s*\d+\s*$/.test(sample)

/** Whether a column's numbers are on a scale from 0 or 1. */
const isWithin = ({ statistics }: RecognisedColumn, scale: number | null): boolean =>
  scale !== null && statistics != null && Number(statistics.min) >= 0 && Number(statistics.max) <= scale

/** Whether values are short and without spaces, like ids. */
const isCode = ({ samples }: RecognisedColumn): boolean => samples.every((sample) => /^\S{1,24}$/.test(sample.trim()))

/** With fewer different values than this, a column with many rows is unlikely to have users or items. */
const fewIds = 12

/** Fewer different numbers than this are not ratings, unless a name says so. */
const fewestGrades = 4

/** Roles of a value that differs between the interactions of an item. */
const isOfInteraction = (role: Role): boolean => role === 'time' || role === 'rating' || role === 'count'

/** More different numbers than this are rather ids than ratings, unless a name says otherwise. */
const mostGrades = 21

/** Up to this number of rows, it means little that each has a different value. */
const fewRows = 20

/** The share of rows that may lack a time before another column is preferred. */
const fewBlanks = 0.05
