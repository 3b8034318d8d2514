import type { ChosenColumns, Refusal, SuggestedColumns } from '../../shared/datasets'
import { wasChosen } from '../../shared/certainty'
import { type Choice } from '../../shared/reading'
import { roleOfName, saysJoining, saysMeasure, saysTransaction, speaksAgainstRating } from './column-names'
import { isWorded, titleByContent, titleColumn } from './recognise-title'
import {
  contentOf,
  holdsTimes,
  isYears,
  timesOf,
  looksLikeRating,
  quoted,
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
import { leaveMonths, totalsOfMonths } from './month-columns'
import { Findings, roles, type RecognisedTable } from './column-findings'
import { sayLeftOut } from './left-out-columns'
import { listOfOnePerson } from './one-person'
import { takeHappenings, takeHappeningsAtLast } from './happenings'
import { takeLearningItems } from './learning-items'
import { nameRunnersUp } from './runners-up'
import { IdColumns } from './id-columns'
import { IdsByContent } from './ids-by-content'
import { ColumnsByName } from './columns-by-name'
import { ratingByContent, orderedWords, doubtGrades, countByOrder, leavePlaces } from './rating-by-content'
import { timeByContent } from './time-by-content'
import { doubtTitles } from './finer-ids'
import { doubtParts } from './parts-of-items'
import { doubtIds, doubtUserOfOrders, doubtVisits, doubtItem } from './doubted-ids'

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
  const recognised = await new Recognition(table, chosen).result()
  const role = chosen.user === undefined ? 'user' : 'item'
  const other = role === 'user' ? 'item' : 'user'
  const named = chosen[other]
  if (chosen[role] !== undefined || named == null) return recognised
  // Whoever names the item only corrects the item: the user stays what it was, unless it is the column that was named.
  const before = await new Recognition(table, { ...chosen, [other]: undefined }).result()
  const [kept, moved] = [before.mapping[role], recognised.mapping[role]]
  if (kept === null || kept === moved || kept === named) return recognised
  return await new Recognition(table, chosen, { role, name: kept, rival: moved }).result()
}

/** A column that keeps its role although another one was named for the other side. */
interface Kept {
  readonly role: 'user' | 'item'
  readonly name: string
  /** The column that would have the role beside the named one; null if there is none. */
  readonly rival: string | null
}

class Recognition {
  private readonly findings: Findings
  private readonly ids: IdColumns
  private readonly names: ColumnsByName
  private readonly byContent: IdsByContent

  constructor(
    table: RecognisedTable,
    chosen: ChosenColumns,
    private readonly kept: Kept | null = null,
  ) {
    this.findings = new Findings(table, chosen)
    this.ids = new IdColumns(this.findings)
    this.names = new ColumnsByName(this.findings, this.ids)
    this.byContent = new IdsByContent(this.findings, this.ids)
  }

  async result(): Promise<Recognised> {
    for (const role of roles) this.#takeChosen(role)
    this.#takeKept()
    this.#takeJoined()
    leaveMonths(this.findings)
    if (this.findings.table.named) {
      for (const role of ['user', 'item'] as const) await this.names.byName(role, false)
      await this.names.soleUser()
      takeLearningItems(this.findings)
      await takeHappenings(this.findings, this.ids)
      for (const role of ['time', 'event', 'rating', 'count'] as const) await this.names.byName(role)
      takeWordsOfRatings(this.findings)
    }
    judgeEvents(this.findings)
    if (!this.findings.table.named) leavePlaces(this.findings)
    timeByContent(this.findings)
    takeWordsOfEvents(this.findings)
    const ids = (): RecognisedColumn[] => this.findings.free().filter((column) => this.ids.mayIdentify(column))
    if (this.findings.table.named) {
      await this.byContent.idsByContent(
        ids().filter((column) => this.ids.tellsApart(column)),
        false,
      )
      for (const role of ['user', 'item'] as const) await this.names.byName(role)
      // A column that looks like ratings, or has few different values, may still be an id if nothing else is left.
      await this.byContent.idsByContent(
        ids().filter(
          (column) =>
            !saysMeasure(column.name) &&
            !this.ids.isUnique(column) &&
            (speaksAgainstRating(column.name) || !(this.ids.hasFewValues(column) || this.#looksLikeGrades(column))),
        ),
        false,
      )
      await this.byContent.idsByNames()
      await this.byContent.idsByContent(
        ids().filter(({ name, statistics }) => statistics?.kind === 'text' || !saysMeasure(name)),
      )
      takeHappeningsAtLast(this.findings)
    } else await this.byContent.idsByOrder(ids())
    await this.#releaseAttributes()
    await takeCodesOfEvents(this.findings)
    await ratingByContent(this.findings, this.ids)
    await orderedWords(this.findings)
    this.#sayAttributes()
    doubtGrades(this.findings)
    countByOrder(this.findings)
    takeWordsOfLiking(this.findings)
    await takeFlag(this.findings)
    doubtItem(this.findings)
    if (this.findings.table.named) {
      await doubtIds(this.findings, this.ids)
      await doubtTitles(this.findings, this.ids)
      await doubtParts(this.findings)
      await doubtUserOfOrders(this.findings)
    }
    doubtVisits(this.findings)
    const ofOne = await listOfOnePerson(this.findings)
    if (ofOne) this.findings.release('user')
    const refusal = ofOne ?? totalsOfMonths(this.findings)
    await this.#title()
    this.byContent.sayTotals()
    await nameRunnersUp(this.findings, this.ids)
    await sayLeftOut(this.findings)
    return { mapping: this.#mapping(), choices: this.findings.choices, refusal }
  }

  #mapping(): SuggestedColumns {
    const nameOf = (role: Role): string | null => this.findings.found.get(role)?.name ?? null
    const [event, count, title] = [nameOf('event'), nameOf('count'), nameOf('title')]
    const counted = this.findings.counted?.map((type) => ({ type, weight: 1 })) ?? null
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
    const wanted = this.findings.chosen[role]
    const column = this.findings.table.columns.find(({ name }) => name === wanted)
    if (column) this.findings.take(role, { column, certainty: 'certain', evidence: wasChosen }, null)
  }

  #takeKept(): void {
    const { columns } = this.findings.table
    const column = columns.find(({ name }) => name === this.kept?.name)
    if (!this.kept || !column || this.findings.taken.has(column.name)) return
    const { role } = this.kept
    const rival = columns.find(({ name }) => name === this.kept?.rival) ?? null
    const side = role === 'user' ? 'item' : 'user'
    const evidence = `It was recognised before another ${side} was named, and stays${rival ? `; beside that, “${rival.name}” would be likelier` : ''}.`
    this.findings.take(role, { column, certainty: 'guess', evidence }, rival)
  }

  /** The columns of a joined time get no other role, unless a person chose one for them. */
  #takeJoined(): void {
    const { joined, columns } = this.findings.table
    const column = joined && columns.find(({ name }) => name === joined.name)
    if (!joined || !column || joined.columns.some((name) => this.findings.taken.has(name))) return
    if (!this.findings.open('time')) {
      this.findings.taken.add(column.name)
      return
    }
    for (const name of joined.columns) this.findings.taken.add(name)
    this.findings.take('time', { ...joined, column }, null)
    this.findings.optionOf(column, `--time ${quoted(joined.columns[0] ?? '')}, or --time none`)
  }

  /** Releases times, ratings and counts that prove to be attributes of the items or the users once these are known, and looks for others. */
  async #releaseAttributes(): Promise<void> {
    if (!this.findings.table.named) return
    for (const role of ['time', 'rating', 'count'] as const)
      for (let column = this.findings.found.get(role); column; column = this.findings.found.get(role)) {
        if (this.findings.chosen[role] !== undefined || this.findings.table.joined?.name === column.name) break
        const ofItem = await this.ids.isAttribute(column)
        if (!ofItem && !(await this.ids.isOfUser(column))) break
        this.findings.release(role)
        if (ofItem) this.findings.ofItems.add(column.name)
        else this.findings.ofUsers.add(column.name)
        await this.names.byName(role)
        if (role === 'time') timeByContent(this.findings)
      }
    this.#takeTimeOfUsers()
  }

  /** If all rows of each user have the same time and there is no other, takes it as a guess: people may have done everything at once, as in a survey. */
  #takeTimeOfUsers(): void {
    const column = this.findings.table.columns.find(
      (one) =>
        this.findings.ofUsers.has(one.name) &&
        !saysJoining(one.name) &&
        holdsTimes(one) &&
        !(one.statistics && isYears(one.statistics)),
    )
    if (!column || !this.findings.open('time')) return
    this.findings.ofUsers.delete(column.name)
    // Each user may have one order.
    if (this.findings.table.columns.some(({ name }) => saysTransaction(name))) {
      this.findings.take('time', { column, certainty: 'likely', evidence: `${timesOf(column)}.` }, null)
      return
    }
    const evidence = `${timesOf(column)}. All rows of each user have the same, so it may be when they joined rather than when they did anything, and tells no order.`
    this.findings.take('time', { column, certainty: 'guess', evidence }, null)
    this.findings.optionOf(column, '--time none, or --time COLUMN')
  }

  /** Explains why columns that are named like a time, a rating or a count are left out. */
  #sayAttributes(): void {
    for (const column of this.findings.free().filter((free) => this.findings.describes(free))) {
      const ofUser = this.findings.ofUsers.has(column.name)
      const role = roleOfName(column.name)?.role
      this.findings.taken.add(column.name)
      // The day of a concert may be used as the time of its tickets if there is no other; the year of a film hardly.
      const isOnlyTime =
        (role === 'time' || (ofUser && holdsTimes(column))) &&
        this.findings.open('time') &&
        !(column.statistics && isYears(column.statistics))
      const isOnlyCount = ofUser && role === 'count' && this.findings.open('count')
      const matters = isOnlyTime || isOnlyCount || (role === 'rating' && (!ofUser || this.findings.open('rating')))
      const control = role === 'rating' ? 'Rating' : role === 'count' ? 'Count' : 'Time'
      const one = ofUser ? 'user' : 'item'
      this.findings.say(
        column,
        'left out',
        matters ? 'guess' : 'likely',
        `All rows of each ${one} have the same value, so it says something about the ${one}${role === 'rating' && !ofUser ? ', as an average over many people does' : ''}, not about an interaction; ${contentOf(column, this.findings.table.rows)}.`,
        matters,
        control,
        `--${control.toLowerCase()} ${quoted(column.name)}`,
      )
    }
  }

  /** The column with the names of the items, beside their ids. */
  async #title(): Promise<void> {
    const item = this.findings.found.get('item')
    if (!item || !this.findings.table.named || !this.findings.open('title')) return
    const { filledPairs, rows } = this.findings.table
    const titled = { item, user: this.findings.found.get('user') ?? null, filledPairs, rows }
    const free = this.findings.free()
    const found = (await titleColumn(free, titled)) ?? (isWorded(item) ? null : await titleByContent(free, titled))
    if (found) this.findings.take('title', { ...found, certainty: 'likely' }, null)
  }

  /** Whether a column's numbers look like ratings and do not exceed usual scales. */
  #looksLikeGrades(column: RecognisedColumn): boolean {
    return (column.statistics?.distinct ?? 0) <= mostGrades && looksLikeRating(column, this.findings.table.rows)
  }
}

/** More different numbers than this are rather ids than ratings, unless a name says otherwise. */
const mostGrades = 21
