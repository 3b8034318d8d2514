import type { ChosenColumns, ColumnStatistics, SuggestedColumns } from '../../shared/datasets'
import { formatCount, formatCounted } from '../../shared/format'
import { type Certainty, wasChosen } from '../../shared/certainty'
import type { Choice, ChoiceControl } from '../../shared/reading'
import {
  type NameMatch,
  nameMatches,
  roleOfName,
  saysAmount,
  saysDuration,
  saysMaker,
  saysMean,
  saysNameOf,
  saysPeriod,
  speaksAgainstRating,
} from './column-names'
import { elementsOf, listFormOf } from './item-lists'
import { titleColumn } from './recognise-title'
import type { JoinedTime } from './joined-time'
import { isStars, namedScale } from './values/number-shapes'
import { wordsWithValues, valuesOfWords } from './values/rating-words'
import { againstOf, nameEvents, sayLiking, sayQuality, speaksAgainst, yesOf } from './event-words'

/** A column as recognition looks at it. */
export interface RecognisedColumn {
  readonly name: string
  readonly samples: readonly string[]
  /** Missing beyond the columns that are looked into. */
  readonly statistics?: ColumnStatistics | null | undefined
}

/** The table whose columns are to be recognised. */
export interface RecognisedTable {
  readonly file: string
  readonly columns: readonly RecognisedColumn[]
  /** Rows that the statistics are of. */
  readonly rows: number
  /** Whether these are all of its rows. */
  readonly whole: boolean
  /** Whether the columns' names are the file's own. */
  readonly named: boolean
  /** Whether the order of columns without names is known: user, item, rating, time. */
  readonly knownOrder: boolean
  /** The column that is joined of the parts of a time; null where a time has none. */
  readonly joined?: JoinedTime | null
  /** How many different pairs of values two columns have. */
  readonly pairs: (one: string, other: string) => Promise<number>
  /** The same of the rows that have both. */
  readonly filledPairs: (one: string, other: string) => Promise<number>
}

export interface Recognised {
  readonly mapping: SuggestedColumns
  readonly choices: readonly Choice[]
}

type Role = 'user' | 'item' | 'rating' | 'time' | 'event' | 'count' | 'title'
const roles: readonly Role[] = ['user', 'item', 'time', 'event', 'rating', 'count', 'title']
const controls = {
  user: 'User',
  item: 'Item',
  rating: 'Rating',
  time: 'Time',
  event: 'Event',
  count: 'Count',
  title: 'Title',
} as const satisfies Readonly<Record<Role, ChoiceControl>>

/** A column whose name may say a role. */
interface Named {
  readonly column: RecognisedColumn
  readonly match: NameMatch
}

/** A column that may have a role, and why. */
interface Candidate {
  readonly column: RecognisedColumn
  readonly certainty: Certainty
  readonly evidence: string
}

/**
 * What each column of interactions holds, one by one: as the user of the program chose, by its name, by its content, and in a table without names by its order.
 * Of two columns that speak as well for a role one is taken as a guess that names the other. A role that nothing speaks for stays open.
 * @param chosen columns that a person named; null: no column has this role
 */
export async function recogniseColumns(table: RecognisedTable, chosen: ChosenColumns = {}): Promise<Recognised> {
  return await new Recognition(table, chosen).result()
}

class Recognition {
  readonly #taken = new Set<string>()
  readonly #found = new Map<Role, RecognisedColumn>()
  readonly #choices: Choice[] = []
  /** Event types that count, where not all do. */
  #counted: readonly string[] | null = null

  constructor(
    private readonly table: RecognisedTable,
    private readonly chosen: ChosenColumns,
  ) {}

  async result(): Promise<Recognised> {
    for (const role of roles) this.#takeChosen(role)
    this.#takeJoined()
    if (this.table.named) {
      for (const role of ['user', 'item'] as const) await this.#byName(role)
      for (const role of ['time', 'event', 'rating', 'count'] as const) await this.#byName(role)
      this.#wordsAsRating()
    }
    this.#judgeEvents()
    if (!this.table.named) this.#leavePlaces()
    const times = this.#free()
      .filter(holdsTimes)
      .sort(
        (a, b) =>
          Number(this.#oftenBlank('time', a)) - Number(this.#oftenBlank('time', b)) ||
          // Ids of ten digits may look like seconds since 1970, but they repeat more often than times do.
          (this.table.named ? 0 : (b.statistics?.distinct ?? 0) - (a.statistics?.distinct ?? 0)),
      )
    this.#byContent('time', times, 'Its values are times')
    this.#eventsByOrder()
    const ids = (): RecognisedColumn[] => this.#free().filter((column) => this.#mayIdentify(column))
    if (this.table.named) {
      // What looks like ratings, or has few different values, may still be ids, where nothing else is left to be.
      await this.#idsByContent(
        ids().filter(
          (column) =>
            speaksAgainstRating(column.name) || !(this.#hasFewValues(column) || this.#looksLikeGrades(column)),
        ),
      )
      await this.#idsByNames()
      await this.#idsByContent(ids())
    } else await this.#idsByOrder(ids())
    await this.#ratingByContent()
    await this.#orderedWords()
    this.#doubtRating()
    this.#countByOrder()
    this.#likingByContent()
    this.#doubtItem()
    await this.#titleByName()
    await this.#others()
    return { mapping: this.#mapping(), choices: this.#choices }
  }

  #mapping(): SuggestedColumns {
    const nameOf = (role: Role): string | null => this.#found.get(role)?.name ?? null
    const [event, count, title] = [nameOf('event'), nameOf('count'), nameOf('title')]
    const counted = this.#counted?.map((type) => ({ type, weight: 1 })) ?? null
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

  #free(): RecognisedColumn[] {
    return this.table.columns.filter(({ name }) => !this.#taken.has(name))
  }

  /** Whether nobody has said anything of a role, and nothing was found for it yet. */
  #open(role: Role): boolean {
    if (this.#found.has(role) || this.chosen[role] !== undefined) return false
    // An interaction has one value.
    if (role === 'rating') return !this.#found.has('count')
    return role === 'count' ? !this.#found.has('rating') : true
  }

  #takeChosen(role: Role): void {
    const wanted = this.chosen[role]
    const column = this.table.columns.find(({ name }) => name === wanted)
    if (column) this.#take(role, { column, certainty: 'certain', evidence: wasChosen }, null)
  }

  /** The parts of a time are none of the other roles, unless they were chosen for one. */
  #takeJoined(): void {
    const { joined, columns } = this.table
    const column = joined && columns.find(({ name }) => name === joined.name)
    if (!joined || !column || joined.parts.some((part) => this.#taken.has(part))) return
    if (!this.#open('time')) {
      this.#taken.add(column.name)
      return
    }
    for (const part of joined.parts) this.#taken.add(part)
    this.#take('time', { ...joined, column }, null)
    this.#optionOf(column, `--time ${quoted(joined.parts[0] ?? '')}, or --time none`)
  }

  #take(role: Role, { column, certainty, evidence }: Candidate, other: RecognisedColumn | null): void {
    this.#taken.add(column.name)
    this.#found.set(role, column)
    this.#say(
      column,
      role,
      certainty,
      evidence,
      true,
      controls[role],
      `--${role} ${other ? quoted(other.name) : 'COLUMN'}`,
    )
  }

  #say(
    column: RecognisedColumn,
    value: string,
    certainty: Certainty,
    evidence: string,
    affectsData: boolean,
    control: ChoiceControl,
    option: string,
  ): void {
    const { file } = this.table
    this.#choices.push({
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

  /** The column whose name says a role best and whose content does not say otherwise. */
  async #byName(role: Role): Promise<void> {
    if (!this.#open(role)) return
    const ranked = this.#free()
      .flatMap((column) => {
        const match = this.#nameFor(column, role)
        return match && fits(role, column, match) ? [{ column, match }] : []
      })
      .sort(
        (a, b) =>
          Number(this.#hardly(role, a)) - Number(this.#hardly(role, b)) ||
          Number(this.#oftenBlank(role, a.column)) - Number(this.#oftenBlank(role, b.column)) ||
          Number(b.match.whole) - Number(a.match.whole) ||
          (role === 'item' ? Number(isTitle(a)) - Number(isTitle(b)) : 0) ||
          a.match.rank - b.match.rank ||
          Number(b.match.id) - Number(a.match.id),
      )
    const [best, ...further] = ranked
    // What few rows have is no rival of a rating that most of them have.
    const others = further.filter(({ column }) => role !== 'rating' || !this.#mostlyBlank(column))
    if (!best || (role === 'rating' && isVague(best.match) && this.#saysCount())) return
    const same = ({ column, match }: Named): boolean =>
      this.#hardly(role, best) === this.#hardly(role, { column, match }) &&
      this.#oftenBlank(role, best.column) === this.#oftenBlank(role, column) &&
      match.whole === best.match.whole &&
      match.rank === best.match.rank &&
      match.id === best.match.id
    const rival = await this.#rivalOf(
      role,
      best.column,
      others.filter(same).map(({ column }) => column),
    )
    const beside = role === 'item' ? await this.#idOf(best.column) : null
    if (beside) {
      this.#take('item', beside, best.column)
      return
    }
    const weak = !best.match.whole || (role === 'rating' && best.match.rank > 0)
    const doubt = this.#doubtOf(role, best)
    const evidence = [`Its name says ${role}`, contentOf(best.column, this.table.rows), doubt]
      .filter(Boolean)
      .join('; ')
    const also = rival ?? others.find(({ match }) => match.whole)?.column ?? null
    this.#take(
      role,
      {
        column: best.column,
        certainty: rival || doubt !== null ? 'guess' : weak || also ? 'likely' : 'certain',
        evidence: `${evidence}.${also ? ` The name of “${also.name}” says so, too.` : ''}`,
      },
      also,
    )
  }

  /** Whether a time is missing in many rows, as that of a return or of a second visit is: another column may have it in all. */
  #oftenBlank(role: Role, { statistics }: RecognisedColumn): boolean {
    return role === 'time' && statistics != null && statistics.empty > fewBlanks * this.table.rows
  }

  #mostlyBlank({ statistics }: RecognisedColumn): boolean {
    return statistics != null && 2 * statistics.empty > this.table.rows
  }

  /** Whether a free column is a count by all of its name. */
  #saysCount(): boolean {
    if (this.chosen.count !== undefined) return false
    return this.#free().some((column) => {
      const match = this.#nameFor(column, 'count')
      return match?.whole === true && fits('count', column, match)
    })
  }

  /**
   * Whether a column is hardly what its name says: a user or an item that is the same in all rows, or another one in each, or a rating that is a
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

  /** Whether a column has fewer different values than a table of so many rows has users or items. */
  #hasFewValues({ statistics }: RecognisedColumn): boolean {
    return (statistics?.distinct ?? 0) < fewIds && this.table.rows > 10 * fewIds
  }

  /** Whether a column's numbers look like ratings and are no more than people grade by. */
  #looksLikeGrades(column: RecognisedColumn): boolean {
    return (column.statistics?.distinct ?? 0) <= mostGrades && looksLikeRating(column, this.table.rows)
  }

  /** Whether no value of a column comes twice, so that nobody could learn anything from what it tells apart. */
  #isUnique({ statistics }: RecognisedColumn): boolean {
    const { rows } = this.table
    return statistics?.distinct === rows && rows > fewRows
  }

  /** What speaks against the column whose name says a role best; null where nothing does. */
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
    if (role === 'user' && saysMaker(column.name)) {
      const made = this.table.columns.find(
        ({ name }) => roleOfName(name)?.role === 'title' || /book|kniha|buch|livre|libro|isbn|paper/i.test(name),
      )
      if (made) return `it may be the creator of the items, since there is also “${made.name}”`
    }
    if (role === 'rating' && isVague(match)) return 'a value with this name may be anything'
    if (role === 'rating' && match.rank > 0 && Number(column.statistics?.max) > 10)
      return `its numbers, from ${column.statistics?.min} to ${column.statistics?.max}, are not on a usual scale`
    return null
  }

  /** The column of ids that stands before a title, as where two tables were joined: `id, name, id, title`; null where none does. */
  async #idOf(title: RecognisedColumn): Promise<Candidate | null> {
    if (roleOfName(title.name)?.role !== 'title' && !nameMatches(title.name).some(({ role }) => role === 'title'))
      return null
    const column = this.table.columns[this.table.columns.indexOf(title) - 1]
    const distinct = column?.statistics?.distinct ?? 0
    if (!column || this.#taken.has(column.name) || !/^(?:id|no|nr|key|code|uid)(?:_\d+)?$/i.test(column.name))
      return null
    if (distinct < 2 || (await this.table.pairs(column.name, title.name)) !== distinct) return null
    const titles = title.statistics?.distinct ?? 0
    return {
      column,
      certainty: 'likely',
      evidence: `It stands before “${title.name}”, and each of its ${formatCounted(distinct, 'value')} has one${titles < distinct ? `, while the ${formatCounted(titles, 'title')} are each those of several` : ''}.`,
    }
  }

  /** Of columns whose names speak as well for a role the first one that says something else, row by row. */
  async #rivalOf(
    role: Role,
    best: RecognisedColumn,
    others: readonly RecognisedColumn[],
  ): Promise<RecognisedColumn | null> {
    for (const other of others) {
      // Times of day in a column of their own, which `valueChoices` tells of.
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
    if (above?.role === role) return above
    // “Title” says title above all, and item where nothing else does.
    const match = nameMatches(column.name).find((one) => one.role === role)
    if (match?.whole || (role === 'user' && match && saysNameOf(column.name))) return match
    // “Product name” says title, too; where no column holds the product, it tells one from another.
    if (role === 'item' && match && nameMatches(column.name).some((one) => one.role === 'title')) return match
    return null
  }

  /** A column that is called a rating and holds words is the type of an event; one without any value is left out. */
  #wordsAsRating(): void {
    if (!this.#open('rating')) return
    const column = this.#free().find((free) => {
      const match = roleOfName(free.name)
      if (match?.role !== 'rating') return false
      // A “value” or a “like” may hold any words, unless they say what was liked.
      return match.rank === 0 || (match.whole && saysForOrAgainst(free))
    })
    const { statistics } = column ?? {}
    if (!column || !statistics) return
    const without = 'every row counts as an interaction'
    if (statistics.kind === 'empty') {
      this.#taken.add(column.name)
      this.#say(
        column,
        'left out',
        'guess',
        `It is called a rating, but all of its values are blank, so ${without}.`,
        true,
        'Rating',
        '--rating COLUMN',
      )
      return
    }
    if (statistics.kind !== 'text' || statistics.numbers > 0) return
    if (valuesOfWords(typesOf(column))) {
      const evidence = 'Its name says rating, and it contains words with an order.'
      this.#take('rating', { column, certainty: 'likely', evidence }, null)
      return
    }
    if (statistics.values.length === 0 || !this.#open('event')) {
      this.#taken.add(column.name)
      this.#say(
        column,
        'left out',
        'guess',
        `It is called a rating but contains words such as ${sampleWords(column)}, so ${without}.`,
        true,
        'Rating',
        '--rating COLUMN',
      )
      return
    }
    this.#takeWords(column, `It is called a rating but contains ${yesOf(typesOf(column)) ? '' : 'words: '}`)
    this.#amend(column, ({ option }) => ({
      option: `${option}, or --rating ${quoted(column.name)} --rating-values WORD=NUMBER,…`,
    }))
  }

  /** Takes a column of words for types of events, as a guess that says which of them count. @param begin the first words of the evidence */
  #takeWords(column: RecognisedColumn, begin: string): void {
    const types = typesOf(column)
    const yes = yesOf(types)
    const against = againstOf(types)
    const others = types.filter((type) => !against.includes(type))
    const listed = typesWithRows(column)
    this.#counted = yes
    let evidence = `${begin}${listed}`
    if (yes) evidence += `: rows with ${list(yes)} count, the others are left out.`
    else if (against.length === 0) evidence += '. They are taken for types of events, all of which count.'
    else if (this.table.whole && others.length > 0) {
      this.#counted = others
      evidence += `. Rows with ${list(against)} seem to undo something and are left out; the others count.`
    } else
      evidence += `. All of them count, although ${list(against)} ${against.length === 1 ? 'seems' : 'seem'} to undo something.`
    this.#taken.add(column.name)
    this.#found.set('event', column)
    const type = yes?.[0] ?? others[0] ?? types[0] ?? ''
    this.#say(
      column,
      'event',
      'guess',
      evidence,
      true,
      'Event',
      `--event ${quoted(column.name)} --event-types ${quoted(this.#counted?.join(',') ?? type)}, or --event none`,
    )
  }

  /** Types of events that say no, or take something back, count only where somebody wants them to; a rating says more than they do. */
  #judgeEvents(): void {
    const column = this.#found.get('event')
    if (!column || this.chosen.eventTypes === true || this.#counted !== null || this.#found.has('rating')) return
    const chosen = this.chosen.event !== undefined
    if (chosen ? column.statistics?.distinct === 1 : !saysForOrAgainst(column)) return
    const index = this.#choices.findIndex((choice) => choice.column === column.name)
    this.#choices.splice(index, 1)
    this.#takeWords(
      column,
      chosen ? 'It was chosen without its types, and it contains ' : 'Its name says event, and it contains ',
    )
  }

  /** Where nothing gives an interaction its value, words of liking do whatever their column is called. */
  #likingByContent(): void {
    if (!this.#open('rating') || !this.#open('count') || !this.#open('event')) return
    const column = this.#free().find((free) => {
      const types = typesOf(free)
      return types.length > 1 && sayLiking(types) && yesOf(types) !== null
    })
    if (column) this.#takeWords(column, 'No name says rating, but this column contains ')
  }

  /** Where nothing gives an interaction its value, words from poor to excellent do whatever their column is called, unless they tell of the items. */
  async #orderedWords(): Promise<void> {
    if (!this.#open('rating') || !this.#open('count') || !this.#open('event')) return
    for (const column of this.#free()) {
      const said = this.table.named ? (roleOfName(column.name)?.role ?? null) : null
      if (column.statistics?.kind !== 'text' || (said !== null && said !== 'rating')) continue
      const values = valuesOfWords(typesOf(column), true)
      if (!values || (await this.#tellsOfItems(column))) continue
      const evidence = `No name says rating, but this column contains words with an order: ${wordsWithValues(values)}.`
      this.#take('rating', { column, certainty: 'guess', evidence }, null)
      this.#optionOf(column, '--rating none, or --rating COLUMN')
      return
    }
  }

  #byContent(role: Role, candidates: readonly RecognisedColumn[], why: string): void {
    if (!this.#open(role)) return
    const [column, rival] = candidates
    if (!column) return
    const { statistics } = column
    const range = statistics ? `, from ${statistics.min} to ${statistics.max}` : ''
    this.#take(
      role,
      {
        column,
        certainty: rival ? 'guess' : 'likely',
        evidence: `${why}${range}.${rival ? ` Those of “${rival.name}” are, too.` : ''}`,
      },
      rival ?? null,
    )
  }

  /** Whether a column without a telling name may hold ids: its values repeat, and it is no rating, time or row number. */
  #mayIdentify(column: RecognisedColumn): boolean {
    const { name, statistics } = column
    if (holdsSeveral(column)) return false
    const role = this.table.named ? (roleOfName(name)?.role ?? null) : null
    if (role !== null && role !== 'user' && role !== 'item') return false
    if (!statistics) return false
    if (statistics.kind === 'empty' || statistics.kind === 'time') return false
    // Dates with a few other words among them, as “not returned”, are no ids.
    if (2 * statistics.times > this.table.rows - statistics.empty) return false
    // 1005.0 is an id that a program took for a decimal number, unless it is a rating such as 4.0.
    if (statistics.kind === 'number' && !(statistics.whole === true && Number(statistics.max) > 100)) return false
    if (role === null && isYears(statistics)) return false
    return statistics.rowNumber !== true
  }

  /** The user or the item, if no name identifies it, by what repeats: users and items do, pairs of them rarely. */
  async #idsByContent(ids: readonly RecognisedColumn[]): Promise<void> {
    const open = (['user', 'item'] as const).filter((role) => this.#open(role))
    const [role, second] = open
    if (!role) return
    if (second) {
      // Nothing tells users from items but the usual order.
      const [user, item, ...more] = await this.#mostTelling(ids, null)
      if (!user || !item) return
      const [one, two] =
        this.table.columns.indexOf(user) < this.table.columns.indexOf(item) ? [user, item] : [item, user]
      const why = (other: RecognisedColumn): string =>
        `No name says it, and users usually come before items; the other column is “${other.name}”${more.length > 0 ? `, and ${list(more.map(({ name }) => name))} are also possible` : ''}.`
      this.#take('user', { column: one, certainty: 'guess', evidence: why(two) }, two)
      this.#take('item', { column: two, certainty: 'guess', evidence: why(one) }, one)
      return
    }
    const partner = this.#found.get(role === 'user' ? 'item' : 'user') ?? null
    const [best, rival] = await this.#mostTelling(ids, partner)
    if (!best) return
    const { statistics } = best
    const few = this.#hasFewValues(best)
    const distinct = statistics?.distinct ?? 0
    // Where each row has a user or an item of its own, nothing can be learnt.
    const unique = this.#isUnique(best)
    const suits = unique
      ? `, another one in each, so no ${role} has two interactions: the file may have no ${role}s at all`
      : rival
        ? ` suit it, and those of “${rival.name}” would, too`
        : ' suit it, and no other column does'
    const evidence = `No name says ${role}; ${formatCounted(distinct, 'different value')} in ${formatCounted(this.table.rows, 'row')}${suits}.`
    this.#take(role, { column: best, certainty: rival || unique || few ? 'guess' : 'likely', evidence }, rival ?? null)
  }

  /** Where no column holds the ids of users or items, what they are called tells one from another, as a guess. */
  async #idsByNames(): Promise<void> {
    for (const role of ['user', 'item'] as const) {
      if (!this.#open(role)) continue
      const names = this.#free().filter(
        (column) =>
          column.statistics?.kind === 'text' &&
          !holdsSeveral(column) &&
          (role === 'item'
            ? nameMatches(column.name).some((match) => match.role === 'title')
            : saysNameOf(column.name)),
      )
      const partner = this.#found.get(role === 'user' ? 'item' : 'user') ?? null
      const [best, rival] = await this.#mostTelling(names, partner)
      if (!best) continue
      const evidence = `No column holds ids of ${role}s, and this one says what something is called; ${contentOf(best, this.table.rows)}.`
      this.#take(role, { column: best, certainty: 'guess', evidence }, rival ?? null)
    }
  }

  /** Candidates for ids, the likeliest first: by the share of rows whose pair with the other id is their own, then by the number of different values. */
  async #mostTelling(ids: readonly RecognisedColumn[], partner: RecognisedColumn | null): Promise<RecognisedColumn[]> {
    const several = ids.filter(({ statistics }) => (statistics?.distinct ?? 0) > 1)
    const candidates = several.length > 0 || partner === null ? several : ids
    const scored: { column: RecognisedColumn; own: number; distinct: number; unique: boolean }[] = []
    for (const column of candidates) {
      const distinct = column.statistics?.distinct ?? 0
      const own =
        partner === null || this.table.rows === 0
          ? 1
          : (await this.table.pairs(column.name, partner.name)) / this.table.rows
      scored.push({ column, own, distinct, unique: distinct === this.table.rows && this.table.rows > 2 })
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

  async #idsByOrder(ids: readonly RecognisedColumn[]): Promise<void> {
    const open = (['user', 'item'] as const).filter((role) => this.#open(role))
    const usable = ids.filter((column) => !this.#mayRate(column) || ids.length <= open.length)
    if (open.length === 1) {
      await this.#idsByContent(usable.length > 0 ? usable : ids)
      return
    }
    // Of ids and names of the same things, the ids are blank where nobody knew them.
    const complete = usable.filter(({ statistics }) => (statistics?.empty ?? 0) <= fewBlanks * this.table.rows)
    const [user, item] = complete.length >= 2 ? complete : usable.length >= 2 ? usable : ids
    if (open.length === 0 || !user || !item) return
    if (this.table.knownOrder) {
      const evidence = 'Files of this name have user, item, rating and time in this order.'
      this.#take('user', { column: user, certainty: 'certain', evidence }, null)
      this.#take('item', { column: item, certainty: 'certain', evidence }, null)
      return
    }
    const why = 'The file has no column names, and users usually come before items'
    const more = usable.filter((column) => column !== user && column !== item)
    const also = more.length === 0 ? '' : `; ${list(more.slice(0, 4).map(({ name }) => name))} could be items, too`
    this.#take('user', { column: user, certainty: 'guess', evidence: `${why}.` }, item)
    this.#take('item', { column: item, certainty: 'guess', evidence: `${why}${also}.` }, more[0] ?? user)
  }

  /** Whether a column’s numbers look like ratings; those that stand first in a table without names are users. */
  #mayRate(column: RecognisedColumn): boolean {
    const { named, columns, rows } = this.table
    const isUser = !named && columns[0] === column && (column.statistics?.distinct ?? 0) > 2
    return !isUser && looksLikeRating(column, rows)
  }

  /** Leaves out the latitudes and longitudes of a table without names, and the zones beside them, which are no ratings and no counts. */
  #leavePlaces(): void {
    const { columns } = this.table
    const at = columns.findIndex((column, position) => {
      const next = columns[position + 1]
      return next !== undefined && isDegrees(column, 90) && isDegrees(next, 180)
    })
    const [latitude, longitude] = at < 0 ? [] : columns.slice(at, at + 2)
    if (!latitude || !longitude || [latitude, longitude].some(({ name }) => this.#taken.has(name))) return
    const leave = (column: RecognisedColumn, evidence: string): void => {
      this.#taken.add(column.name)
      this.#say(column, 'left out', 'likely', evidence, false, 'Columns', '--rating COLUMN or --count COLUMN')
    }
    for (const column of [latitude, longitude])
      leave(column, 'By their ranges and decimals, this column and the next are coordinates on a map.')
    for (const column of this.#free().filter(isZone))
      leave(column, 'Next to coordinates, its numbers are time-zone offsets in minutes.')
  }

  /** In a table without names, a column of nothing but words for what people do is the type of an event. */
  #eventsByOrder(): void {
    if (this.table.named || !this.#open('event')) return
    const column = this.#free().find((free) => nameEvents(typesOf(free)))
    if (column) this.#takeWords(column, 'The file has no column names, and this column contains ')
  }

  /** Whether each item has one value of a column in all of its rows, so that it tells something of the item and nothing of an interaction. */
  async #tellsOfItems(column: RecognisedColumn): Promise<boolean> {
    const item = this.#found.get('item')
    const items = item?.statistics?.distinct ?? 0
    if (!item?.statistics || items < 3 || this.table.rows < 2 * items) return false
    return (await this.table.pairs(item.name, column.name)) <= items + (item.statistics.empty > 0 ? 1 : 0)
  }

  async #ratingByContent(): Promise<void> {
    if (!this.#open('rating') || this.#found.has('event')) return
    const { named, columns, rows } = this.table
    const isThird = (column: RecognisedColumn): boolean => !named && columns.indexOf(column) >= 2
    const candidates = this.#free().filter((column) => {
      const role = named ? (roleOfName(column.name)?.role ?? null) : null
      if (onStars(column)) return this.#mayRate(column)
      if (role !== null && role !== 'rating') return false
      if (named && (speaksAgainstRating(column.name) || speaksAgainst(column.name))) return false
      // One number in all rows tells nothing, unless it stands where ratings do.
      const tells =
        (column.statistics?.distinct ?? 0) > 1 || rows < 2 || (isThird(column) && Number(column.statistics?.min) > 0)
      return tells && this.#mayRate(column)
    })
    // What an item has once and for all is nobody’s opinion of it.
    const opinions: RecognisedColumn[] = []
    for (const candidate of candidates) if (named || !(await this.#tellsOfItems(candidate))) opinions.push(candidate)
    const slid = opinions.length > 0 ? [] : this.#free().filter((free) => isThird(free) && looksLikeSlider(free))
    const [column, rival] = opinions.length > 0 ? opinions : slid.length === 1 ? slid : []
    if (!column?.statistics) return
    const { distinct, min, max } = column.statistics
    const texts = column.statistics.kind === 'text' ? rows - column.statistics.empty - column.statistics.numbers : 0
    const evidence = `${named ? 'Its name does not say so; ' : ''}${formatCounted(distinct, 'different number')} from ${min} to ${max}${texts > 0 ? `, and ${formatCounted(texts, 'value')} that ${texts === 1 ? 'is none' : 'are none'}` : ''}${rival ? `; “${rival.name}” would suit, too` : ''}.`
    const likely = isThird(column) && onScale(column) && slid.length === 0 && !rival && texts === 0
    this.#take('rating', { column, certainty: likely ? 'likely' : 'guess', evidence }, rival ?? null)
    // The only column that a warning could name beside it is itself.
    if (!likely && !rival) this.#optionOf(column, `--rating none, or --rating COLUMN`)
  }

  /** Says that a rating which stands apart from the others, or a zero that is the most frequent of all, may mean that nothing was rated. */
  #doubtRating(): void {
    const column = this.#found.get('rating')
    if (!column?.statistics || this.chosen.rating !== undefined) return
    const apart = unratedOf(column.statistics, this.table.rows)
    if (!apart) return
    this.#doubt(
      column,
      `${formatCounted(apart.rows, 'row')} ${apart.rows === 1 ? 'has' : 'have'} ${apart.value}, which may stand for “not rated”: ${apart.rows === 1 ? 'it is' : 'they are'} stored as a rating like the others.`,
      '--rating none, or a file without these rows or with a blank in their place',
    )
  }

  /** Warns that cells with several ids each are taken for single items. */
  #doubtItem(): void {
    const column = this.#found.get('item')
    const form = column ? listFormOf(column.samples) : null
    if (!column || !form) return
    const example = column.samples.find((sample) => (elementsOf(sample, form)?.length ?? 0) > 1) ?? ''
    this.#doubt(
      column,
      `Its cells contain several ids each, such as “${example.slice(0, 40)}”, but every cell is taken for one item.`,
      '--item COLUMN, or a file with one item a row',
    )
  }

  /** The column that says beside an item's id what it is called. */
  async #titleByName(): Promise<void> {
    const item = this.#found.get('item')
    if (!item || !this.table.named || !this.#open('title')) return
    const { filledPairs } = this.table
    const found = await titleColumn(this.#free(), { item, user: this.#found.get('user') ?? null, filledPairs })
    if (found) this.#take('title', { ...found, certainty: 'likely' }, null)
  }

  /** In a table without names, whole numbers behind user and item that are on no scale are how often something was done. */
  #countByOrder(): void {
    if (this.table.named || !this.#open('count') || !this.#open('rating') || this.#found.has('event')) return
    const [column, rival] = this.#free().filter((free) => this.table.columns.indexOf(free) >= 2 && mayBeAmount(free))
    if (!column?.statistics || rival || column.statistics.kind !== 'integer' || !mayCount(column.statistics)) return
    const { min, max } = column.statistics
    const evidence = `The file has no column names, and whole numbers from ${min} to ${max} after users and items are taken for counts.`
    this.#take('count', { column, certainty: 'guess', evidence }, null)
    this.#optionOf(column, '--count none')
  }

  /** Makes a column's choice a guess, with what speaks against it and what helps. */
  #doubt(column: RecognisedColumn, evidence: string, option: string): void {
    this.#amend(column, (previous) => ({ certainty: 'guess', evidence: `${previous.evidence} ${evidence}`, option }))
  }

  /** Changes the option that a column's choice names. */
  #optionOf(column: RecognisedColumn, option: string): void {
    this.#amend(column, () => ({ option }))
  }

  /** Changes the choice that was made for a column. */
  #amend(column: RecognisedColumn, change: (previous: Choice) => Partial<Choice>): void {
    const at = this.#choices.findIndex((choice) => choice.column === column.name)
    const previous = this.#choices[at]
    if (previous) this.#choices[at] = { ...previous, ...change(previous) }
  }

  /**
   * Says that a column is left out as a guess, where it may be what tells one interaction from another: a number of how much, or words by
   * which some rows count and others do not. Whether it was said.
   */
  async #lostValue(column: RecognisedColumn): Promise<boolean> {
    const { statistics, name } = column
    if (!statistics || this.#found.has('rating') || this.chosen.rating !== undefined) return false
    const { named, rows } = this.table
    const role = named ? (roleOfName(name)?.role ?? null) : null
    const takesBack = named && speaksAgainst(name)
    const types = typesOf(column)
    const say = (evidence: string, control: ChoiceControl, option: string): true => {
      this.#say(column, 'left out', 'guess', evidence, true, control, option)
      return true
    }
    if (this.chosen.event === undefined && types.length > 1 && this.#counted === null) {
      const yesNo = yesOf(types) !== null || (takesBack && types.length === 2)
      const against = statistics.kind === 'text' ? againstOf(types) : []
      const matters = against.length > 0 || (yesNo && (role === null || takesBack || sayQuality(types)))
      if (matters && !(await this.#tellsOfItems(column)))
        return say(
          `It contains ${list(types.slice(0, 4))}${types.length > 4 ? ', …' : ''}, and every row counts as an interaction${takesBack ? ', although its name means that something was undone' : ''}.`,
          'Event',
          `--event ${quoted(name)} --event-types ${quoted(types.find((type) => type !== '' && !against.includes(type)) ?? 'TYPE')}, or --event none`,
        )
    }
    const [mark = ''] = types
    if (this.chosen.event === undefined && types.length === 1 && statistics.empty > 0 && isMark(mark))
      return say(
        `It contains “${mark}” in ${formatCounted(rows - statistics.empty, 'row')} and is blank in ${formatCount(statistics.empty)}, and every row counts as an interaction.`,
        'Event',
        `--event ${quoted(name)} --event-types ${quoted(mark)}, or --event none`,
      )
    if (this.#found.has('count') || this.chosen.count !== undefined || !mayBeAmount(column)) return false
    const nameless = !named || ((role === null || role === 'rating' || role === 'count') && !speaksAgainstRating(name))
    const unique = statistics.distinct === rows && rows > 20 && statistics.kind === 'integer'
    if (!(named && saysAmount(name)) && (!nameless || unique || (named && this.#found.has('event')))) return false
    if (await this.#tellsOfItems(column)) return false
    // A number of times is never below zero.
    const value = Number(statistics.min) < 0 ? 'rating' : 'count'
    return say(
      `Every row counts as much as any other, though this column, ${statistics.kind === 'text' ? `as ${sampleWords(column)}` : `from ${statistics.min} to ${statistics.max}`}, may say how much.`,
      controls[value],
      `--${value} ${quoted(name)}, or --${value} none`,
    )
  }

  /** Says of what is called a time, or looks like one, and cannot be read as one that the order of interactions is lost with it. Whether it was said. */
  #lostTime(column: RecognisedColumn): boolean {
    const { statistics, name } = column
    if (!this.table.named || !this.#open('time') || !statistics || statistics.distinct < 2) return false
    const isNamed = saysPeriod(name) || (!saysDuration(name) && nameMatches(name).some(({ role }) => role === 'time'))
    if (!isNamed && !(statistics.kind === 'text' && looksLikeTimes(column))) return false
    this.#say(
      column,
      'left out',
      'guess',
      `${isNamed ? 'Its name says a time' : 'It looks like a time'}, and its values, as ${sampleWords(column)}, are not read as times, so interactions are in the order of the file.`,
      true,
      'Time',
      `--time ${quoted(name)}, or --time none`,
    )
    return true
  }

  /** The role that a column's name says and that a person wants no column for. */
  #refusedRole({ name }: RecognisedColumn): Role | null {
    const said = this.table.named ? roleOfName(name)?.role : undefined
    return roles.find((role) => role === said && this.chosen[role] === null) ?? null
  }

  /** The role that a column's name says and that nothing has; null where there is none. */
  #openRole({ name }: RecognisedColumn): Role | null {
    const said = roleOfName(name)?.role
    return roles.find((role) => role === said && this.#open(role)) ?? null
  }

  /** Every other column is said to be left out; many of them at once. */
  async #others(): Promise<void> {
    const left = this.#free()
    for (const column of left.slice(0, mostListed)) {
      const { statistics } = column
      const refused = this.#refusedRole(column)
      if (refused) {
        const blank =
          statistics && statistics.empty > 0
            ? `, ${formatCounted(statistics.empty, 'row')} with a blank one among them`
            : ''
        const evidence =
          refused === 'rating'
            ? `You chose no rating: every row counts as an interaction${blank}.`
            : `You chose no ${refused}.`
        this.#say(column, 'left out', 'certain', evidence, true, controls[refused], `--${refused} COLUMN`)
        continue
      }
      const blank = statistics?.kind === 'empty' && this.table.named ? this.#openRole(column) : null
      if (blank) {
        const matters = blank === 'user' || blank === 'item' || blank === 'time'
        const without = blank === 'time' ? ', so interactions are in the order of the file' : ''
        this.#say(
          column,
          'left out',
          matters ? 'guess' : 'likely',
          `Its name says ${blank}, and all of its values are blank${without}.`,
          matters,
          controls[blank],
          `--${blank} COLUMN`,
        )
        continue
      }
      if (this.#lostTime(column) || (await this.#lostValue(column))) continue
      const evidence = statistics?.rowNumber
        ? 'It counts the rows.'
        : (contentOf(column, this.table.rows) || 'It is one of many') +
          '; neither its name nor its content shows its purpose.'
      this.#say(
        column,
        'left out',
        'likely',
        evidence,
        false,
        'Columns',
        '--user, --item, --title, --rating, --time, --event or --count COLUMN',
      )
    }
    if (left.length > mostListed) {
      const { file } = this.table
      this.#choices.push({
        about: 'column',
        file,
        column: null,
        value: `${formatCounted(left.length - mostListed, 'more column')} left out`,
        certainty: 'likely',
        evidence: 'Neither names nor content show their purpose.',
        affectsData: false,
        control: 'Columns',
        option: '--user, --item, --title, --rating, --time, --event or --count COLUMN',
      })
    }
  }
}

/** With fewer different values than this, a column of many rows is unlikely to hold users or items. */
const fewIds = 12

/** More different numbers than this are rather ids than ratings, unless a name says otherwise. */
const mostGrades = 21

/** Rows up to which it says little that each has another value. */
const fewRows = 20

/** Share of rows that may lack a time before another column is taken first. */
const fewBlanks = 0.05

/** Columns that are left out and named one by one. */
const mostListed = 12

const quoted = (name: string): string => `"${name}"`
const list = (names: readonly string[]): string => names.map((name) => `“${name}”`).join(', ')
const sampleWords = ({ samples }: RecognisedColumn): string => list(samples.slice(0, 2))

/** The types of a column with the rows of each, the most frequent first; where it has many values, how many. */
function typesWithRows({ statistics }: RecognisedColumn): string {
  const values = statistics?.values ?? []
  if (values.length === 0) return formatCounted(statistics?.distinct ?? 0, 'different value')
  const named = values.slice(0, 8).map(({ value, rows }) => `“${value.trim()}” (${formatCount(rows)})`)
  return `${named.join(', ')}${values.length > 8 ? ', …' : ''}`
}

/** The different words of a column that has few of them, the most frequent first. */
const typesOf = ({ statistics }: RecognisedColumn): string[] => [
  ...new Set((statistics?.values ?? []).map(({ value }) => value.trim())),
]

/** Whether a column's words say yes and no, or one of them takes something back. */
function saysForOrAgainst(column: RecognisedColumn): boolean {
  const types = typesOf(column)
  return (
    column.statistics?.kind === 'text' && types.length > 0 && (yesOf(types) !== null || againstOf(types).length > 0)
  )
}

/** Whether a value marks a row, as a cross, a tick or a yes does. */
const isMark = (value: string): boolean => /^[x×✓✔☑✗✘*•1]$/iu.test(value) || yesOf([value]) !== null

/** Texts of how much or how long: 1:09, 2:03:11, 12 min, 85 %. */
const durationText =
  /^\d+(?::\d{2}){1,2}$|^\d+(?:[.,]\d+)?\s*(?:ms|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|%|x)\.?$/i

/** Whether texts hold three numbers, or a year and another, in an order that days may have. */
const looksLikeTimes = ({ samples }: RecognisedColumn): boolean =>
  samples.length > 0 &&
  samples.every((sample) =>
    /^\D{0,12}(?:\d{1,2}\D{1,12}){1,2}(?:19|20)\d{2}(?!\d)|^\D{0,12}(?:19|20)\d{2}(?!\d)\D{1,12}\d{1,2}\D/u.test(
      sample.trim(),
    ),
  )

/** Whether a column's numbers may say how much: there are several, and they are no times or row numbers. */
function mayBeAmount(column: RecognisedColumn): boolean {
  const { statistics, samples, name } = column
  if (statistics?.kind === 'text')
    return saysAmount(name) && samples.length > 0 && samples.every((sample) => durationText.test(sample.trim()))
  if (statistics?.kind !== 'integer' && statistics?.kind !== 'number') return false
  return statistics.distinct > 1 && statistics.rowNumber !== true && !holdsTimes(column)
}

/** Whether whole numbers may say how often: somebody did nearly every thing a few times only. Codes of one length, as of categories, do not. */
const mayCount = ({ min, max }: ColumnStatistics): boolean =>
  Number(min) >= 1 && (Number(min) <= 100 || max.length > min.length)

/** Whether a column's values are lists of objects or objects, as JSON writes them, which are no ids. */
const holdsSeveral = ({ samples }: RecognisedColumn): boolean =>
  samples.length > 0 && samples.every((sample) => /^\s*(?:\[\s*\{|\{\s*["'])[^]*[\]}]\s*$/.test(sample))

/** Whether a name says what an item is called rather than which one it is. */
const isTitle = ({ column, match }: Named): boolean =>
  !match.id && nameMatches(column.name).some(({ role, whole }) => role === 'title' && whole)

/** Whether a name says a “value”, “weight” or the like of something. */
const isVague = ({ whole, rank }: NameMatch): boolean => !whole && rank >= 2

/** Whether what a column holds can be what its name says. */
function fits(role: Role, column: RecognisedColumn, match: NameMatch): boolean {
  const { statistics } = column
  if (!statistics) return true
  const { kind, numbers, times, distinct, rowNumber } = statistics
  switch (role) {
    case 'user':
    case 'item':
      return kind !== 'empty' && !(rowNumber === true && !match.whole)
    case 'rating':
      return numbers > 0 && !holdsCounts(column)
    case 'count':
      return kind === 'integer' || kind === 'number'
    case 'title':
      return kind === 'text'
    case 'event':
      return kind === 'text' && distinct > 0 && statistics.values.length > 0
    case 'time':
      if (numbers > 0 && !match.whole && saysDuration(column.name) && !holdsTimes(column)) return false
      return numbers + times > 0 || (kind === 'text' && match.whole)
  }
}

/** A “weight” or “value” beyond any scale of ratings, as Last.fm's plays. */
function holdsCounts({ name, statistics }: RecognisedColumn): boolean {
  const match = nameMatches(name).find(({ role }) => role === 'rating')
  const vague = match?.rank === 1 || /^score$/i.test(name)
  return vague && statistics?.kind === 'integer' && Number(statistics.min) >= 1 && Number(statistics.max) > 100
}

/** Spans of whole numbers that are times: seconds, milli-, micro- and nanoseconds since 1970, from 1990 to 2100. */
const timeSpans = [1, 1e3, 1e6, 1e9].map((unit) => [631_152_000 * unit, 4_102_444_800 * unit] as const)

function holdsTimes({ statistics }: RecognisedColumn): boolean {
  if (!statistics) return false
  if (statistics.kind === 'time' || statistics.mostly === 'times') return true
  if (!holdsNumbers(statistics)) return false
  const [min, max] = [Number(statistics.min), Number(statistics.max)]
  return timeSpans.some(([first, last]) => min >= first && max <= last)
}

/** Whether nearly all of a column's values are numbers. */
const holdsNumbers = ({ kind, mostly }: ColumnStatistics): boolean =>
  kind === 'integer' || kind === 'number' || mostly === 'numbers'

/** Whether a column's numbers may be years, as of a wine or a model. */
const isYears = ({ kind, min, max }: ColumnStatistics): boolean =>
  kind === 'integer' && Number(min) >= 1900 && Number(max) <= 2100

/** Whether a column’s numbers may be degrees: within −`most` and `most`, each with more decimals than anybody counts or rates by. */
function isDegrees({ statistics, samples }: RecognisedColumn, most: number): boolean {
  if (statistics?.kind !== 'number' || samples.length === 0) return false
  const within = Number(statistics.min) >= -most && Number(statistics.max) <= most
  return within && samples.every((sample) => /[.,]\d{3,}\s*$/.test(sample))
}

/** Whether a column’s numbers may be the minutes of time zones from UTC. */
const isZone = ({ statistics }: RecognisedColumn): boolean =>
  statistics?.kind === 'integer' &&
  statistics.values.length > 0 &&
  statistics.values.every(({ value }) => Number(value) % 15 === 0 && Number(value) >= -720 && Number(value) <= 840)

/** Whether a column’s numbers are those of a slider between −10 and 10, as Jester’s: any, with a few decimals. */
function looksLikeSlider({ statistics, samples }: RecognisedColumn): boolean {
  if (statistics?.kind !== 'number' || samples.some((sample) => /[.,]\d{4,}\s*$/.test(sample))) return false
  return Number(statistics.min) >= -10 && Number(statistics.max) <= 10 && statistics.distinct > 1
}

/** Whether all values say their scale, as “4 out of 5” and “★★★☆☆”: they are ratings whatever their column is called. */
function onStars({ samples }: RecognisedColumn): boolean {
  if (samples.length === 0) return false
  const scales = new Set(samples.map(namedScale))
  return samples.every(isStars) || (scales.size === 1 && !scales.has(null))
}

/** Few different numbers in a small range, which repeat. */
function looksLikeRating({ statistics, samples }: RecognisedColumn, rows: number): boolean {
  if (!statistics || !holdsNumbers(statistics) || statistics.rowNumber) return false
  const { distinct } = statistics
  const [min, max] = [Number(statistics.min), Number(statistics.max)]
  if (min < -100 || max > 100) return false
  // Places on a map and shares of a whole have more decimals than anybody gives.
  if (samples.some((sample) => /[.,]\d{4,}\s*$/.test(sample))) return false
  return distinct <= 101 && (distinct <= rows / 2 || (rows <= 20 && max <= 10))
}

/**
 * The value of a rating that may stand for none: a number as far from the others as their whole scale is wide, as 99 beside 1 to 5; 0 or −1,
 * further from the next than the others are from each other; a zero that is the most frequent of all.
 */
function unratedOf({ values }: ColumnStatistics, rows: number): { value: string; rows: number } | null {
  const counted = values
    .filter(({ value }) => Number.isFinite(Number(value.replace(',', '.'))))
    .map(({ value, rows: times }) => ({ value, number: Number(value.replace(',', '.')), rows: times }))
    .sort((a, b) => a.number - b.number)
  const [lowest, second] = counted
  const [highest, next] = [counted.at(-1), counted.at(-2)]
  if (!lowest || !second || !highest || !next || counted.length < 4) return null
  if (highest.number - next.number > next.number - lowest.number + 1) return highest
  if (second.number - lowest.number > highest.number - second.number + 1) return lowest
  if (lowest.number !== 0 && lowest.number !== -1) return null
  const gaps = counted.slice(2).map(({ number }, at) => number - (counted[at + 1]?.number ?? number))
  const isApart = second.number - lowest.number > 1.5 * Math.max(...gaps)
  const isMost = counted.every((other) => other.rows <= lowest.rows) && 4 * lowest.rows >= rows
  return (isApart && second.number > 0) || (isMost && lowest.number === 0) ? lowest : null
}

/** Whether a column's numbers are those of a usual scale: 1 to 5 with halves, 0 or 1 to 10. One and two alone are rather numbers of pieces. */
function onScale({ statistics }: RecognisedColumn): boolean {
  const [min, max] = [Number(statistics?.min), Number(statistics?.max)]
  return min >= 0 && max <= 10 && max > 2
}

/** What a column holds, in a few words. */
function contentOf({ statistics }: RecognisedColumn, rows: number): string {
  if (!statistics) return ''
  if (statistics.kind === 'empty') return 'it is empty'
  const what = { integer: 'whole number', number: 'number', time: 'date', text: 'text' }[statistics.kind]
  const different = `${formatCounted(statistics.distinct, `different ${what}`)} in ${formatCounted(rows, 'row')}`
  return statistics.kind === 'text' || statistics.empty === 0
    ? different
    : `${different}, ${formatCount(statistics.empty)} of them blank`
}
