import { formatCount, formatCounted } from '../../shared/format'
import { roleOfName, saysKey } from './column-names'
import { wordsOf } from './name-words'
import {
  list,
  quoted,
  type RecognisedColumn,
  sampleWords,
  saysForOrAgainst,
  typesOf,
  typesWithRows,
} from './column-content'
import type { Findings } from './column-findings'
import { againstOf, nameEvents, saysDeed, sayLiking, yesOf } from './event-words'
import { isMadeDate } from './values/made-dates'
import { valuesOfWords } from './values/rating-words'

/** Two codes may be yes and no. */
const fewestCodes = 3
/** More codes than this are rather ids. */
const mostCodes = 12

/** Whether interactions have no rating, count or type of event yet, and may have one. */
const lacksValue = (findings: Findings): boolean =>
  findings.open('rating') && findings.open('count') && findings.open('event')

/** A column named like a rating with words in it is the type of an event; one without any value is left out. */
export function takeWordsOfRatings(findings: Findings): void {
  if (!findings.open('rating')) return
  const column = findings.free().find((free) => {
    const match = roleOfName(free.name)
    // “Notes” are remarks in English, and grades in French.
    if (match?.role !== 'rating' || /^notes$/i.test(free.name.trim())) return false
    // A “value” or a “like” may have any words, unless they express liking.
    return match.rank === 0 || (match.whole && saysForOrAgainst(free))
  })
  const { statistics } = column ?? {}
  if (!column || !statistics) return
  const without = 'every row counts as an interaction'
  if (statistics.kind === 'empty') {
    findings.taken.add(column.name)
    findings.say(
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
  const types = typesOf(column)
  if (types.length > 0 && types.every(isMadeDate)) {
    findings.taken.add(column.name)
    findings.say(
      column,
      'left out',
      'guess',
      `It is called a rating but contains dates such as ${sampleWords(column)}, which a spreadsheet makes of numbers such as 2.5 or 3/5, so ${without}.`,
      true,
      'Rating',
      `--rating ${quoted(column.name)} --rating-values DATE=NUMBER,…, or better an export that no spreadsheet has opened`,
    )
    return
  }
  if (roleOfName(column.name)?.rank !== 0 && leaveFlags(findings, column)) return
  if (valuesOfWords(typesOf(column))) {
    const evidence = 'Its name says rating, and it contains words with an order.'
    findings.take('rating', { column, certainty: 'likely', evidence }, null)
    return
  }
  if (statistics.values.length === 0 || !findings.open('event')) {
    findings.taken.add(column.name)
    findings.say(
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
  takeTypes(findings, column, `It is called a rating but contains ${yesOf(typesOf(column)) ? '' : 'words: '}`)
  findings.amend(column, ({ option }) => ({
    option: `${option}, or --rating ${quoted(column.name)} --rating-values WORD=NUMBER,…`,
  }))
}

/** How many rows have yes in a column of yes and no, or only no; null for any other column. */
function rowsWithYes(column: RecognisedColumn): number | null {
  const { statistics } = column
  const types = typesOf(column)
  if (!statistics || statistics.empty > 0 || types.length === 0 || types.length > 2) return null
  const yes = yesOf([...types, 'true'])
  if (yes === null) return null
  const counts = statistics.values.filter(({ value }) => yes.includes(value.trim()))
  return counts.length > 1 ? null : (counts[0]?.rows ?? 0)
}

/**
 * Leaves out the yes/no columns beside each other, such as like, share and bookmark, if the rows with yes in the one that is called a rating are few: whoever
 * did something else with an item met it, too. Returns whether it does.
 */
function leaveFlags(findings: Findings, column: RecognisedColumn): boolean {
  const { rows } = findings.table
  const yes = rowsWithYes(column)
  if (yes === null || 2 * yes >= rows || findings.chosen.event !== undefined) return false
  const flags = findings.free().filter((free) => rowsWithYes(free) !== null)
  if (flags.length < 2) return false
  const each = flags.map((flag) => `${quoted(flag.name)} ${formatCount(rowsWithYes(flag) ?? 0)}`)
  for (const flag of flags) {
    const type = typesOf(flag).find((one) => yesOf([one]) !== null)
    findings.taken.add(flag.name)
    findings.say(
      flag,
      'left out',
      flag === column ? 'guess' : 'likely',
      flag === column
        ? `Several columns contain yes or no, and this one would leave ${formatCounted(yes, 'row')} of ${formatCount(rows)}, so every row counts as an interaction. Rows with yes: ${each.join(', ')}.`
        : 'It contains yes or no beside other such columns, and every row counts as an interaction.',
      true,
      'Event',
      type === undefined
        ? '--event COLUMN'
        : `--event ${quoted(flag.name)} --event-types ${quoted(type)}, or --event none`,
    )
  }
  return true
}

/** Takes a column of words as types of events, as a guess that says which of them count. @param begin the first words of the evidence */
function takeTypes(findings: Findings, column: RecognisedColumn, begin: string): void {
  const types = typesOf(column)
  const yes = yesOf(types)
  const against = againstOf(types)
  const others = types.filter((type) => !against.includes(type))
  const listed = typesWithRows(column)
  findings.counted = yes
  let evidence = `${begin}${listed}`
  if (yes) evidence += `: rows with ${list(yes)} count, the others are left out.`
  else if (against.length === 0) evidence += '. They are taken for types of events, all of which count.'
  else if (findings.table.whole && others.length > 0) {
    findings.counted = others
    evidence += `. Rows with ${list(against)} seem to undo something and are left out; the others count.`
  } else
    evidence += `. All of them count, although ${list(against)} ${against.length === 1 ? 'seems' : 'seem'} to undo something.`
  findings.taken.add(column.name)
  findings.found.set('event', column)
  const type = yes?.[0] ?? others[0] ?? types[0] ?? ''
  findings.say(
    column,
    'event',
    'guess',
    evidence,
    true,
    'Event',
    `--event ${quoted(column.name)} --event-types ${quoted(findings.counted?.join(',') ?? type)}, or --event none`,
  )
}

/** Types of events that mean no, or undo something, count only if a person chooses them; a rating has more information than they do. */
export function judgeEvents(findings: Findings): void {
  const column = findings.found.get('event')
  if (!column || findings.chosen.eventTypes === true || findings.counted !== null || findings.found.has('rating'))
    return
  const chosen = findings.chosen.event !== undefined
  if (!chosen && !saysForOrAgainst(column)) {
    sayThatAllCount(findings, column)
    return
  }
  if (chosen && column.statistics?.distinct === 1) return
  findings.unsay(column)
  takeTypes(
    findings,
    column,
    chosen ? 'It was chosen without its types, and it contains ' : 'Its name says event, and it contains ',
  )
}

/** Different things that people do count alike until weights are given, which is an assumption: a view may mean less than a purchase. */
function sayThatAllCount(findings: Findings, column: RecognisedColumn): void {
  const [type] = typesOf(column)
  if (type === undefined || typesOf(column).length < 2) return
  // A guess says already which of them count.
  findings.amend(column, ({ certainty, evidence }) =>
    certainty === 'guess'
      ? {}
      : {
          certainty: 'guess',
          evidence: `${evidence} It contains ${typesWithRows(column)}, all of which count alike, although some may mean more than others.`,
          option: `--event ${quoted(column.name)} --event-types TYPE=WEIGHT,…, or --event ${quoted(column.name)} --event-types ${quoted(type)} for these alone`,
        },
  )
}

/** If interactions have no other value, words of liking are used whatever the name of their column. */
export function takeWordsOfLiking(findings: Findings): void {
  if (!lacksValue(findings)) return
  const column = findings.free().find((free) => {
    const types = typesOf(free)
    return types.length > 1 && sayLiking(types) && yesOf(types) !== null
  })
  if (column) takeTypes(findings, column, 'No name says rating, but this column contains ')
}

/** The longest code of an event that is written in letters. */
const longestCode = 3
const isShort = (type: string): boolean => type.length <= longestCode

/** Few whole numbers, or few letters, under a name for events are their codes, if interactions have no other value. */
export async function takeCodesOfEvents(findings: Findings): Promise<void> {
  if (!findings.table.named || !lacksValue(findings)) return
  for (const column of findings.free()) {
    const { kind, distinct = 0 } = column.statistics ?? {}
    const match = roleOfName(column.name)
    const isEvent = match?.whole === true && match.role === 'event'
    const isNamed = (isEvent || wordsOf(column.name).some(isEventWord)) && !saysKey(column.name)
    const areLetters = isEvent && kind === 'text' && distinct > 1 && typesOf(column).every(isShort)
    const areNumbers = isNamed && kind === 'integer' && distinct >= fewestCodes
    if (!(areLetters || areNumbers) || distinct > mostCodes) continue
    if (await findings.tellsOfItems(column)) continue
    takeTypes(findings, column, 'Its name says event, and it contains the codes ')
    return
  }
}

/** If interactions have no other value, the only yes/no column that is called what people do says which of them count. */
export async function takeFlag(findings: Findings): Promise<void> {
  if (!lacksValue(findings)) return
  const [column, rival] = findings.free().filter((free) => {
    const types = typesOf(free)
    return saysDeed(free.name) && types.length === 2 && yesOf(types)?.length === 1
  })
  if (!column || rival || (await findings.tellsOfItems(column))) return
  takeTypes(findings, column, 'Its name is for what people do, and it contains ')
}

/** A column with only words for what people do is the type of an event, whatever its name. */
export function takeWordsOfEvents(findings: Findings): void {
  if (!findings.open('event') || findings.found.has('rating')) return
  const column = findings
    .free()
    .find((free) => nameEvents(typesOf(free)) && (!findings.table.named || !isOfAnother(free.name)))
  if (!column) return
  const begin = findings.table.named
    ? 'Its name does not say so, but it'
    : 'The file has no column names, and this column'
  takeTypes(findings, column, `${begin} contains `)
}

/** Whether a word means an event or its type, rather than the type of anything. */
const isEventWord = (word: string): boolean => {
  const match = roleOfName(word)
  return match?.role === 'event' && match.rank === 0
}

/** Whether a whole name is for something other than events. */
const isOfAnother = (name: string): boolean => {
  const match = roleOfName(name)
  return match?.whole === true && match.role !== 'event'
}
