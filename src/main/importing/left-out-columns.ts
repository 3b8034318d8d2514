import { formatCount, formatCounted } from '../../shared/format'
import { objectsLeftOut, type ChoiceControl } from '../../shared/reading'
import {
  nameMatches,
  roleOfName,
  saysAmount,
  saysDuration,
  saysKey,
  saysMaker,
  saysPeriod,
  speaksAgainstRating,
} from './column-names'
import { creditsOf } from './document-codes'
import { againstOf, noOf, sayQuality, saysUnreal, speaksAgainst, yesOf } from './event-words'
import {
  contentOf,
  holdsObjects,
  isMark,
  isNumeric,
  list,
  looksLikeTimes,
  mayBeAmount,
  onScale,
  quoted,
  sampleWords,
  typesOf,
  type RecognisedColumn,
  type Role,
} from './column-content'
import { controls, type Findings, roles } from './column-findings'
import { identifies } from './identifying-numbers'
import { wordsOf } from './name-words'
import { fewestGrades, isRank } from './rating-by-content'
import { sayUnnamedTime } from './unnamed-times'

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** The maximum number of left-out columns that are named individually. */
const mostListed = 12

/** Adds a choice for every other column that is left out; many of them share one. */
export async function sayLeftOut(findings: Findings): Promise<void> {
  const left = findings.free()
  for (const column of left.slice(0, mostListed)) {
    const { statistics } = column
    const refused = refusedRole(findings, column)
    if (refused) {
      const blank =
        statistics && statistics.empty > 0
          ? `, ${formatCounted(statistics.empty, 'row')} with a blank one among them`
          : ''
      const evidence =
        refused === 'rating'
          ? `You chose no rating: every row counts as an interaction${blank}.`
          : `You chose no ${refused}.`
      findings.say(column, 'left out', 'certain', evidence, true, controls[refused], `--${refused} COLUMN`)
      continue
    }
    const blank = statistics?.kind === 'empty' && findings.table.named ? openRole(findings, column) : null
    if (blank) {
      const matters = blank === 'user' || blank === 'item' || blank === 'time'
      const without = blank === 'time' ? ', so interactions are in the order of the file' : ''
      findings.say(
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
    if (holdsObjects(column)) {
      const evidence = `The cells of “${column.name}” are JSON objects, whose values cannot be chosen. If they say what was liked, write each in a column of its own, or export the table as JSON.`
      findings.say(
        column,
        objectsLeftOut,
        'likely',
        evidence,
        false,
        'Columns',
        'an export as JSON, or with a column for each value',
      )
      continue
    }
    if (await holdsCredits(findings, column)) continue
    if (lostTime(findings, column) || countsNothing(findings, column) || unreadCount(findings, column)) continue
    if (await ranksRows(findings, column)) continue
    // Five digits that may say how much are rather that than days.
    if ((await sayUnnamedTime(findings, column, false)) || (await lostValue(findings, column))) continue
    if (await sayUnnamedTime(findings, column, true)) continue
    if (takesAmountsBack(findings, column)) continue
    const time = findings.found.get('time')
    const why =
      statistics?.kind === 'time' && time
        ? `the time of an interaction is that of “${time.name}”`
        : (saidButTaken(findings, column) ?? 'neither its name nor its content shows its purpose')
    const evidence = statistics?.rowNumber
      ? 'It counts the rows.'
      : `${capitalised(contentOf(column, findings.table.rows) || 'it is one of many')}; ${why}.`
    findings.say(
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
    const { file } = findings.table
    findings.choices.push({
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

/** Adds a guess that the numbers of documents are left out, if their letters say that some of these take a sale back. Returns whether it was added. */
async function holdsCredits(findings: Findings, column: RecognisedColumn): Promise<boolean> {
  const { samples, statistics, name } = column
  if (findings.open('user') || statistics?.kind !== 'text') return false
  if (findings.found.has('rating') || findings.chosen.event !== undefined || !samples.every(isNumbered)) return false
  const prefixes = await findings.table.prefixes(name)
  const credits = creditsOf(prefixes)
  if (credits.length === 0) return false
  findings.say(
    column,
    'left out',
    'guess',
    `Its numbers of documents begin with ${list(prefixes)}, of which ${list(credits)} ${credits.length === 1 ? 'seems' : 'seem'} to take a sale back, and every row counts as an interaction.`,
    true,
    'Event',
    '--event with a column that has only the kinds of documents, or an export without these rows',
  )
  return true
}

/** Whether a value has a few letters before a number. */
const isNumbered = (sample: string): boolean => /^\s*\p{L}{1,8}[\s./_-]*\d/u.test(sample)

/** Whether a column is called a count, while interactions have none. */
const mayHaveCounted = (findings: Findings, { name }: RecognisedColumn): boolean =>
  findings.table.named &&
  findings.open('count') &&
  nameMatches(name).some(({ role, rank }) => role === 'count' && rank === 0)

/** Adds a guess that a column of counts is left out because it is 0 throughout: then nothing would be imported. Returns whether it was added. */
function countsNothing(findings: Findings, column: RecognisedColumn): boolean {
  const { statistics } = column
  if (!mayHaveCounted(findings, column) || !statistics || !isNumeric(statistics) || Number(statistics.max) !== 0)
    return false
  const evidence = `Its name says count, but all of its ${formatCounted(statistics.numbers, 'number')} are ${Number(statistics.min) === 0 ? '0' : '0 or below it'}: nothing would have happened in these rows. Every row counts as one interaction.`
  findings.say(column, 'left out', 'guess', evidence, true, controls.count, '--count COLUMN, or --count none')
  return true
}

/**
 * Adds a guess that a column is left out that numbers the rows of each user from 1, where nothing else says what was liked or came first: it may be a rank or an
 * order. Returns whether it was added.
 */
async function ranksRows(findings: Findings, column: RecognisedColumn): Promise<boolean> {
  const user = findings.found.get('user')
  if (!user || (['rating', 'count', 'event', 'time'] as const).some((role) => findings.found.has(role))) return false
  if (!(await isRank(findings, column))) return false
  const evidence = `It numbers the rows of each “${user.name}” from 1, up to ${formatCount(column.statistics?.distinct ?? 0)}, like a rank or the order in which they came, and no other column says what was liked or came first.`
  findings.say(
    column,
    'left out',
    'guess',
    evidence,
    true,
    controls.time,
    `--time ${quoted(column.name)} if 1 came first; a rank of preference would have to be a number that is higher for what is liked more (--rating COLUMN)`,
  )
  return true
}

/** Adds a guess that a column of counts is left out because too many of its values, such as “5 pcs” and “1.2K”, are not read as numbers. Returns whether it was added. */
function unreadCount(findings: Findings, column: RecognisedColumn): boolean {
  const { statistics, samples, name } = column
  if (!mayHaveCounted(findings, column) || roleOfName(name)?.role !== 'count' || statistics?.kind !== 'text')
    return false
  // Words without digits are units or names; a time of day says nothing about how often.
  const saying = samples.filter((sample) => /\d/.test(sample) && !/\d:\d\d/.test(sample))
  if (2 * saying.length < samples.length || samples.length === 0) return false
  const filled = findings.table.rows - statistics.empty
  const unread = filled - statistics.numbers
  if (unread === 0) return false
  const examples = list([...new Set(saying.filter((sample) => !/^\s*\d+\s*$/.test(sample)))].slice(0, 2))
  const how =
    unread === filled
      ? `none of its ${formatCounted(filled, 'value')}`
      : `${formatCount(unread)} of its ${formatCounted(filled, 'value')}`
  findings.say(
    column,
    'left out',
    'guess',
    `Its name says count, but ${how}${examples ? `, as ${examples},` : ''} ${unread === filled ? 'is read as a number' : unread === 1 ? 'is not read as a number' : 'are not read as numbers'}: every row counts as one interaction.`,
    true,
    controls.count,
    statistics.numbers > 0
      ? `--count ${quoted(name)}, which rejects ${unread === 1 ? 'that row' : 'those rows'}, or --count none`
      : '--count none, or a file with numbers in this column',
  )
  return true
}

/**
 * Adds a guess that a column is left out, if it may distinguish interactions: numbers that may be amounts, or words by
 * which some rows count and others do not. Returns whether it was added.
 */
async function lostValue(findings: Findings, column: RecognisedColumn): Promise<boolean> {
  const { statistics, name } = column
  // Without users, nothing is imported.
  if (findings.open('user')) return false
  if (!statistics) return false
  const { named, rows } = findings.table
  const role = named ? (roleOfName(name)?.role ?? null) : null
  const isUnreal = named && saysUnreal(name)
  const takesBack = isUnreal || (named && speaksAgainst(name))
  // A rating says how much an interaction counts, but not whether it was taken back.
  const isRated = findings.found.has('rating') || findings.chosen.rating !== undefined
  if (isRated && !takesBack) return false
  const types = typesOf(column)
  const say = (evidence: string, control: ChoiceControl, option: string): true => {
    findings.say(column, 'left out', 'guess', evidence, true, control, option)
    return true
  }
  if (findings.chosen.event === undefined && types.length > 1 && findings.counted === null) {
    const yes = takesBack ? null : yesOf(types)
    const yesNo = yesOf(types) !== null || (takesBack && types.length === 2)
    const against = statistics.kind === 'text' ? againstOf(types) : []
    const matters = against.length > 0 || (yesNo && (role === null || takesBack || sayQuality(types)))
    // Where a yes takes the interaction back, the others count.
    const counting = takesBack
      ? noOf(types)
      : (yes?.[0] ?? types.find((type) => type !== '' && !against.includes(type)))
    if (matters && !(await findings.tellsOfItems(column)))
      return say(
        `It contains ${list(types.slice(0, 4))}${types.length > 4 ? ', …' : ''}, and every row counts as an interaction${takesBack ? `, although its name means that ${isUnreal ? 'some of them are not real ones' : 'something was undone'}` : ''}.`,
        'Event',
        `--event ${quoted(name)} --event-types ${quoted(counting ?? 'TYPE')}, or --event none`,
      )
  }
  if (isRated) return false
  const [mark = ''] = types
  if (findings.chosen.event === undefined && types.length === 1 && statistics.empty > 0 && isMark(mark))
    return say(
      `It contains “${mark}” in ${formatCounted(rows - statistics.empty, 'row')} and is blank in ${formatCount(statistics.empty)}, and every row counts as an interaction.`,
      'Event',
      `--event ${quoted(name)} --event-types ${quoted(mark)}, or --event none`,
    )
  if (findings.found.has('count') || findings.chosen.count !== undefined || !mayBeAmount(column)) return false
  // “Number” alone may be of a row as well as of stars.
  const isScale = named && onScale(column) && statistics.distinct >= fewestGrades && wordsOf(name).every(isNumberWord)
  if (!isScale && identifies(findings, column)) return false
  const nameless =
    !named || isScale || ((role === null || role === 'rating' || role === 'count') && !speaksAgainstRating(name))
  // A number of sales is an amount, the key of a sales channel is not.
  if (!(named && saysAmount(name) && !saysKey(name)) && (!nameless || (named && findings.found.has('event'))))
    return false
  if (await findings.tellsOfItems(column)) return false
  // A number of times is never below zero.
  const value = isScale || Number(statistics.min) < 0 ? 'rating' : 'count'
  return say(
    `Every row counts as much as any other, though this column, ${statistics.kind === 'text' ? `as ${sampleWords(column)}` : `from ${statistics.min} to ${statistics.max}`}, may say how much.`,
    controls[value],
    `--${value} ${quoted(name)}, or --${value} none`,
  )
}

/** Adds a guess that amounts that were taken back, such as refunded ones, stay in those that are counted. Returns whether it was added. */
function takesAmountsBack(findings: Findings, column: RecognisedColumn): boolean {
  const { statistics, name } = column
  const count = findings.found.get('count')
  if (!count || findings.chosen.count !== undefined || !findings.table.named || !speaksAgainst(name)) return false
  if (!statistics || !isNumeric(statistics) || Number(statistics.min) < 0 || Number(statistics.max) <= 0) return false
  if (Number(statistics.max) > Number(count.statistics?.max ?? 0)) return false
  findings.say(
    column,
    'left out',
    'guess',
    `Its name means that something was taken back, up to ${statistics.max} in a row, and “${count.name}” is counted without subtracting it.`,
    true,
    controls.count,
    'an export whose count has what was kept, or --count none',
  )
  return true
}

const isNumberWord = (word: string): boolean =>
  /^(?:no|nr|num|number|nummer|numero|numer|cislo|broj|numara|numar|номер|число|αριθμος)$/.test(word)

/** Adds a warning that the order of interactions is lost with a column that is named like a time, or looks like one, but cannot be read as one. Returns whether it was added. */
function lostTime(findings: Findings, column: RecognisedColumn): boolean {
  const { statistics, name } = column
  if (!findings.table.named || !findings.open('time') || !statistics || statistics.distinct < 2) return false
  const isNamed = saysPeriod(name) || (!saysDuration(name) && nameMatches(name).some(({ role }) => role === 'time'))
  if (!isNamed && !(statistics.kind === 'text' && looksLikeTimes(column))) return false
  findings.say(
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

/** What a column's name says although another column has that role; null if it says nothing. */
function saidButTaken(findings: Findings, { name }: RecognisedColumn): string | null {
  const match = findings.table.named ? roleOfName(name) : null
  const role = match?.whole === true ? roles.find((one) => one === match.role) : undefined
  const other = role && findings.found.get(role)
  return role && other ? `its name says ${role}, but “${other.name}” was taken for that` : null
}

/** The role that a column's name indicates and for which a person wants no column. */
function refusedRole(findings: Findings, { name }: RecognisedColumn): Role | null {
  const said = findings.table.named ? roleOfName(name)?.role : undefined
  return roles.find((role) => role === said && findings.chosen[role] === null) ?? null
}

/** The role that a column's name indicates and that has no column; null if there is none. */
function openRole(findings: Findings, { name }: RecognisedColumn): Role | null {
  // The authors of books may be blank whoever reads them.
  const said = saysMaker(name) ? undefined : roleOfName(name)?.role
  return roles.find((role) => role === said && findings.open(role)) ?? null
}
