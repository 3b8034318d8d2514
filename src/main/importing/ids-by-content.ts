import { formatCounted } from '../../shared/format'
import { noUsers } from '../../shared/reading'
import { nameMatches, saysId, saysNameOf, saysTransaction } from './column-names'
import { listFormOf } from './item-lists'
import { contentOf, holdsSeveral, list, sampleWords, type RecognisedColumn } from './column-content'
import type { Findings } from './column-findings'
import { amazonIds } from './amazon-ids'
import type { IdColumns } from './id-columns'
import { mayRate } from './rating-by-content'

/** Users and items whose columns no name tells. */
export class IdsByContent {
  constructor(
    private readonly findings: Findings,
    private readonly ids: IdColumns,
  ) {}

  /** The user or the item, if no name identifies it, by what repeats: users and items do, pairs of them rarely. */
  async idsByContent(columns: readonly RecognisedColumn[], attributes = true): Promise<void> {
    // Orders are taken only if no column has the names of people.
    const named = !attributes && (await this.#namesPeople())
    const ids: RecognisedColumn[] = []
    for (const column of columns)
      if (!named || !(saysTransaction(column.name) || (await this.ids.isOrder(column)))) ids.push(column)
    // No column of a service’s list of one person has users.
    const open = (['user', 'item'] as const).filter(
      (role) => this.findings.open(role) && !(role === 'user' && this.ids.ofService),
    )
    const [role, second] = open
    if (!role) return
    if (second) {
      // Only the usual order distinguishes users from items.
      const [user, ...others] = await this.ids.mostTelling(ids, null, attributes)
      if (!user) return
      const [item, ...more] = await this.ids.apart(user, others)
      if (!item) return
      const [one, two] =
        this.findings.table.columns.indexOf(user) < this.findings.table.columns.indexOf(item)
          ? [user, item]
          : [item, user]
      const why = (other: RecognisedColumn): string =>
        `No name says it, and users usually come before items; the other column is “${other.name}”${more.length > 0 ? `, and ${list(more.map(({ name }) => name))} ${more.length > 1 ? 'are' : 'is'} also possible` : ''}.`
      this.findings.take('user', { column: one, certainty: 'guess', evidence: why(two) }, two)
      this.findings.take('item', { column: two, certainty: 'guess', evidence: why(one) }, one)
      return
    }
    const partner = this.findings.found.get(role === 'user' ? 'item' : 'user') ?? null
    const own = ids.filter((column) => !this.ids.saysOther(role, column))
    const candidates = own.length > 0 ? own : ids
    // A report with totals of items has kinds, publishers and subjects of these, but no users, unless something is called an id.
    const isReport = role === 'user' && this.ids.holdsTotals()
    const telling = isReport
      ? await this.ids.mostTelling(
          candidates.filter((column) => saysId(column.name) && this.ids.tellsApart(column)),
          partner,
          false,
        )
      : await this.ids.mostTelling(candidates, partner, attributes)
    const [first, next] = role === 'item' ? await this.ids.titledFirst(telling) : telling
    if (!first) return
    const finer = role === 'item' && partner ? await this.ids.finerItem(first, partner) : null
    const [best, rival] = finer ? [finer, first] : [first, next]
    const distinct = best.statistics?.distinct ?? 0
    // If each row has its own user or item, nothing can be learnt.
    const unique = this.ids.isUnique(best)
    const suits = unique
      ? `, another one in each, so no ${role} has two interactions: the file may have no ${role}s at all`
      : rival
        ? ` suit it, and those of “${rival.name}” would, too`
        : ' suit it'
    const begin = finer ? `It is finer than “${first.name}”` : `No name says ${role}`
    const evidence = `${begin}; ${formatCounted(distinct, 'different value')} in ${formatCounted(this.findings.table.rows, 'row')}${suits}.`
    this.findings.take(role, { column: best, certainty: 'guess', evidence }, rival ?? null)
    if (!rival) this.findings.optionOf(best, `--${role} COLUMN`)
  }

  /** Whether a column has the names of several people, and not those of the items. */
  async #namesPeople(): Promise<boolean> {
    const item = this.findings.found.get('item')
    for (const column of this.#names('user')) {
      if (this.ids.hasFewValues(column)) continue
      const pairs = item ? await this.findings.table.filledPairs(item.name, column.name) : Infinity
      if (pairs > (item?.statistics?.distinct ?? 0)) return true
    }
    return false
  }

  /** Columns without a role whose names are for the names of users or items. */
  #names(role: 'user' | 'item'): RecognisedColumn[] {
    return this.findings
      .free()
      .filter(
        (column) =>
          column.statistics?.kind === 'text' &&
          !holdsSeveral(column) &&
          (role === 'item'
            ? nameMatches(column.name).some((match) => match.role === 'title')
            : saysNameOf(column.name) && !nameMatches(column.name).some((match) => match.role === 'item')),
      )
  }

  /** If no column has the ids of users or items, their names are used instead, as a guess. */
  async idsByNames(): Promise<void> {
    for (const role of ['user', 'item'] as const) {
      if (!this.findings.open(role) || (role === 'user' && (this.ids.ofService || this.ids.holdsTotals()))) continue
      const names = this.#names(role)
      const partner = this.findings.found.get(role === 'user' ? 'item' : 'user') ?? null
      const [best, rival] = await this.ids.mostTelling(names, partner, true)
      if (!best) continue
      const evidence = `No column has ids of ${role}s, and this one has names; ${contentOf(best, this.findings.table.rows)}.`
      this.findings.take(role, { column: best, certainty: 'guess', evidence }, rival ?? null)
    }
  }

  async idsByOrder(candidates: readonly RecognisedColumn[]): Promise<void> {
    const open = (['user', 'item'] as const).filter((role) => this.findings.open(role))
    // A history beside the item of a row has several ids in each cell.
    const single = candidates.filter(({ samples }) => listFormOf(samples) === null)
    // Web servers write a dash in a field that they do not know.
    const written = single.filter(({ statistics }) => statistics?.distinct !== 1 || /[\p{L}\d]/u.test(statistics.min))
    const ids = written.length >= open.length ? written : single.length >= open.length ? single : candidates
    const usable = ids.filter((column) => !mayRate(this.findings, column) || ids.length <= open.length)
    if (open.length === 1) {
      await this.idsByContent(usable.length > 0 ? usable : ids)
      return
    }
    // In a column of ids and one of names of the same things, the ids are blank if they were unknown.
    const complete = usable.filter(({ statistics }) => (statistics?.empty ?? 0) <= fewBlanks * this.findings.table.rows)
    const suited = complete.length >= 2 ? complete : usable.length >= 2 ? usable : ids
    // A column with another value in each row is a number of the row, if others beside it repeat as users and items do.
    const repeating = suited.filter((column) => !this.ids.isUnique(column) && !this.ids.hasFewValues(column))
    const keys = repeating.length >= 2 ? suited.filter((column) => this.ids.isUnique(column)) : []
    const [user, item] = keys.length > 0 ? repeating : suited
    if (open.length === 0 || !user || !item) return
    if (this.findings.table.knownOrder) {
      const evidence = 'Files of this name have user, item, rating and time in this order.'
      this.findings.take('user', { column: user, certainty: 'certain', evidence }, null)
      this.findings.take('item', { column: item, certainty: 'certain', evidence }, null)
      return
    }
    const known = amazonIds(ids)
    if (known) {
      for (const [role, whose] of [
        ['user', 'people'],
        ['item', 'products'],
      ] as const) {
        const evidence = `Its values are ids of ${whose} as Amazon writes them: ${sampleWords(known[role])}.`
        this.findings.take(role, { column: known[role], certainty: 'likely', evidence }, null)
      }
      return
    }
    const hashed = [user, item].filter(isHash)
    if (hashed.length === 1 && !isHash(user)) {
      const evidence = `The file has no column names. Its values are hashes, such as ${sampleWords(item)}, which hide who people are; “${user.name}” has other ids.`
      this.findings.take('user', { column: item, certainty: 'guess', evidence }, user)
      this.findings.take(
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
    const why = `The file has no column names, ${
      keys.length > 0
        ? `no value of ${list(keys.map(({ name }) => name))} occurs twice, as if it numbered the rows, `
        : ''
    }and users usually come before items`
    const more = usable.filter((column) => column !== user && column !== item && !keys.includes(column))
    const also = more.length === 0 ? '' : `; ${list(more.slice(0, 4).map(({ name }) => name))} could be items, too`
    this.findings.take('user', { column: user, certainty: 'guess', evidence: `${why}.` }, item)
    this.findings.take('item', { column: item, certainty: 'guess', evidence: `${why}${also}.` }, more[0] ?? user)
  }

  /** Says that a table of totals has no users. */
  sayTotals(): void {
    if (!this.findings.open('user') || !this.ids.holdsTotals()) return
    this.findings.choices.push({
      about: 'column',
      file: this.findings.table.file,
      column: null,
      value: noUsers,
      certainty: 'guess',
      evidence: 'The file has no column of users: it seems to hold totals, not interactions.',
      affectsData: true,
      control: 'User',
      option: '--user COLUMN',
    })
  }
}

/** Whether a column's values are digests in hexadecimal digits, as of MD5 and SHA. */
const isHash = ({ samples }: RecognisedColumn): boolean =>
  samples.length > 0 && samples.every((sample) => /^(?:[\da-f]{32}|[\da-f]{40}|[\da-f]{64})$/i.test(sample.trim()))

/** The share of rows that may lack a time before another column is preferred. */
const fewBlanks = 0.05
