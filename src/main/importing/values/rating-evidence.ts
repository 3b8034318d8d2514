import type { DuckDBConnection } from '@duckdb/node-api'
import { wasChosen } from '../../../shared/certainty'
import { formatCounted } from '../../../shared/format'
import type { Choice, ReadingOverrides } from '../../../shared/reading'
import { identifier, isNone, text } from '../duckdb'
import { isMadeDate, numberBefore } from './made-dates'
import { numberEvidence, plainNumbers } from './number-evidence'
import type { NumberForm } from './number-shapes'
import { beginsWithNumber, inSmallLetters, valuesOfWords, wordsWithValues } from './rating-words'
import type { SeenColumns } from './seen-columns'

/** The maximum number of different words of a rating column; with more, the words are not ratings. */
const mostWords = 60

/** The notation of a column's ratings: numbers, or words that have an order or were given values. @throws StudioError BAD_INPUT if it is not clear */
export async function ratingEvidence(
  connection: DuckDBConnection,
  columns: SeenColumns,
  column: string,
  overrides: ReadingOverrides,
): Promise<{ form: NumberForm; choices: Choice[] }> {
  const { ratingValues, notRated = [] } = overrides
  const choiceOf = (of: Pick<Choice, 'value' | 'certainty' | 'evidence'>): Choice => ({
    about: 'values',
    file: null,
    column,
    affectsData: true,
    control: 'Rating values',
    option: '--rating-values WORD=NUMBER,…',
    ...of,
  })
  if (ratingValues === undefined) {
    const all = await wordsOf(connection, columns, column)
    const isNone = (word: string): boolean => notRated.some((none) => none.trim().toLowerCase() === word.toLowerCase())
    const words = all && new Map([...all].filter(([word]) => !isNone(word)))
    const values = words && valuesOfWords([...words.keys()])
    if (!values) {
      const numbers = await numberEvidence(connection, columns, column, overrides)
      return { ...numbers, choices: [...numbers.choices, ...(await madeDates(connection, columns, column))] }
    }
    const evidence = `The column contains words that seem to have this order: ${[...words].map(([word, rows]) => `“${word}” in ${formatCounted(rows, 'row')}`).join(', ')}.`
    const choice = choiceOf({ value: `words as ratings: ${wordsWithValues(values)}`, certainty: 'guess', evidence })
    return { form: { ...plainNumbers, words: inSmallLetters(Object.fromEntries(values)) }, choices: [choice] }
  }
  const words = inSmallLetters(ratingValues)
  const numbers = await numberEvidence(connection, columns, column, overrides)
  const choices = [
    choiceOf({
      value: `words as ratings: ${wordsWithValues(ratingValues)}`,
      certainty: 'certain',
      evidence: wasChosen,
    }),
  ]
  const found = (await wordsOf(connection, columns, column, [...words.keys()])) ?? new Map<string, number>()
  const without = [...found].filter(([word]) => !words.has(word.toLowerCase()))
  if (without.length > 0)
    choices.push(
      choiceOf({
        value: 'words without a value are no ratings',
        certainty: 'guess',
        evidence: `${without
          .slice(0, 5)
          .map(([word, rows]) => `“${word}” in ${formatCounted(rows, 'row')}`)
          .join(', ')}${without.length > 5 ? ', …' : ''}: such rows are rejected.`,
      }),
    )
  const there = new Set([...found.keys()].map((word) => word.toLowerCase()))
  const missing = [...words.keys()].filter((word) => !there.has(word))
  if (missing.length > 0)
    choices.push(
      choiceOf({
        value: 'values of words that the files lack',
        certainty: 'guess',
        evidence: `No rating is ${missing.map((word) => `“${word}”`).join(' or ')}.`,
      }),
    )
  return { form: { ...numbers.form, words }, choices: [...choices, ...numbers.choices] }
}

/**
 * The different words of a column with their rows; null if it has numbers, or too many different words.
 * @param said words that the user gave values; other words are listed if they are not numbers
 */
async function wordsOf(
  connection: DuckDBConnection,
  { tables }: SeenColumns,
  column: string,
  said: readonly string[] = [],
): Promise<Map<string, number> | null> {
  const value = identifier(column)
  const all = tables.map(({ table }) => `SELECT trim(${value}) AS v FROM ${table}`).join(' UNION ALL ')
  const known = said.length === 0 ? 'false' : `lower(v) IN (${said.map(text).join(', ')})`
  // If there is a number among the words, they are not a scale.
  const wanted = said.length === 0 ? 'true' : `(${known} OR NOT regexp_matches(v, '[0-9★☆]'))`
  const result = await connection.runAndReadAll(
    `SELECT v, count(*) FROM (${all}) WHERE NOT ${isNone('v')} AND ${wanted} GROUP BY v ORDER BY ${known} DESC, count(*) DESC, v
     LIMIT ${mostWords + said.length + 1}`,
  )
  const found = new Map(result.getRows().map(([word, rows]) => [String(word), Number(rows)]))
  if (
    said.length === 0 &&
    (found.size > mostWords || [...found.keys()].some((word) => /\d/.test(word) && !beginsWithNumber(word)))
  )
    return null
  return found
}

/** Warns about dates among ratings, which a spreadsheet made of numbers. */
async function madeDates(connection: DuckDBConnection, { tables }: SeenColumns, column: string): Promise<Choice[]> {
  const value = identifier(column)
  const all = tables.map(({ table }) => `SELECT trim(${value}) AS v FROM ${table}`).join(' UNION ALL ')
  const result = await connection.runAndReadAll(
    `SELECT v, count(*) FROM (${all}) WHERE regexp_matches(v, '\\d') AND TRY_CAST(v AS DOUBLE) IS NULL GROUP BY v ORDER BY count(*) DESC, v LIMIT ${mostWords}`,
  )
  const found = result.getRows().flatMap(([word, rows]) => {
    const text = String(word)
    return isMadeDate(text) ? [{ text, rows: Number(rows), number: numberBefore(text) }] : []
  })
  const [first] = found
  if (!first) return []
  const rows = found.reduce((sum, one) => sum + one.rows, 0)
  const known = found.flatMap(({ text, number }) => (number === null ? [] : [`${text}=${number}`]))
  return [
    {
      about: 'numbers',
      file: null,
      column,
      value: 'dates are no ratings',
      certainty: 'guess',
      evidence: `${formatCounted(rows, 'row')} ${rows === 1 ? 'has a date' : 'have dates'} such as “${first.text}”, which a spreadsheet makes of ${first.number ?? 'numbers such as 2.5 or 3/5'} when it opens a text file. ${rows === 1 ? 'It is' : 'They are'} rejected.`,
      affectsData: true,
      control: 'Rating values',
      option: `${known.length === found.length ? `--rating-values "${known.join(',')}"` : '--rating-values DATE=NUMBER,…'}, or better an export that no spreadsheet has opened, or in which the column was a text`,
    },
  ]
}
