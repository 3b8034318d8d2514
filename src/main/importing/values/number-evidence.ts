import { wasChosen } from '../../../shared/certainty'
import type { DuckDBConnection } from '@duckdb/node-api'
import { badInput } from '../../../shared/errors'
import { formatCounted } from '../../../shared/format'
import type { Choice, ChoiceControl, ReadingOverrides, ThousandsSign } from '../../../shared/reading'
import { nameMatches } from '../column-names'
import { cellColumns } from '../dialect'
import { identifier, isBlank } from '../duckdb'
import {
  decideNumbers,
  type NumberDecision,
  type NumberForm,
  type NumberWish,
  type ProvenMark,
  type SeenShape,
} from './number-shapes'
import { shapeOf } from './number-sql'
import { describer, forgetColumns, seeColumns, type SeenColumns, sentence } from './seen-columns'

/** The maximum number of notations that are examined; a column with more does not have numbers. */
const mostShapes = 20_000

export const plainNumbers: NumberForm = {
  decimal: '.',
  groups: '',
  either: false,
  affixes: [],
  scale: null,
  stars: false,
  fractions: null,
  signs: [],
  words: new Map(),
}

const thousandsSigns: Readonly<Record<ThousandsSign, string>> = {
  comma: ',',
  point: '.',
  space: ' \u00a0\u202f\u2009',
  apostrophe: "'’",
  none: '',
}

/** The user's choices about numbers. @throws StudioError BAD_INPUT if one sign would have two meanings */
export function wishOf({ decimalComma, thousands }: ReadingOverrides): NumberWish {
  const decimal = decimalComma === undefined ? null : decimalComma ? ',' : '.'
  const sign = thousands === undefined ? null : thousandsSigns[thousands]
  if (decimal !== null && decimal === sign)
    throw badInput(
      `A ${decimal === ',' ? 'comma' : 'point'} cannot be both the decimal mark and the thousands separator.`,
      'Change --decimal or --thousands (Decimals or Thousands in the app).',
    )
  return { decimal, thousands: sign }
}

/** Whether a name is for ratings, so that 2- may be a school grade. */
const saysGrades = (column: string): boolean =>
  nameMatches(column).some(({ role, rank }) => role === 'rating' && rank === 0)

/** The notation of a column's numbers, from all of its values. @throws StudioError BAD_INPUT if the values do not show it */
export async function numberEvidence(
  connection: DuckDBConnection,
  columns: SeenColumns,
  column: string,
  overrides: ReadingOverrides,
): Promise<{ form: NumberForm; choices: Choice[] }> {
  const wish = { ...wishOf(overrides), grades: saysGrades(column) }
  if (await allPlain(connection, columns, column, wish)) return { form: plainNumbers, choices: [] }
  const shapes = await seenShapes(connection, columns, column)
  const own = decideNumbers(shapes, wish)
  const elsewhere = isOpen(own) ? await markOfSources(connection, columns, column) : null
  const decision = elsewhere ? decideNumbers(shapes, wish, elsewhere) : own
  const { proof, against, doubtful, mixed, negatives, fraction } = decision
  const ofSigns = [...negatives.values()].map(({ spot }) => spot)
  const spots = [proof, against, doubtful, mixed, fraction, elsewhere?.spot ?? null, ...ofSigns]
  const say = await describer(connection, columns, spots)
  if (decision.contradiction === 'scales')
    throw badInput(
      `The values of the column “${column}” are on several scales: ${say(proof)}, ${say(against)}.`,
      'Convert them to one scale, then import again, or leave them out with --rating none (or --count none, if they are counts; in the app: Rating, Count).',
    )
  if (decision.contradiction === 'decimals')
    throw badInput(
      `Commas and points in the column “${column}” contradict each other: ${say(proof)}, ${say(against)}${doubtful ? `, and ${say(doubtful)}, which is ambiguous` : ''}.`,
      'Choose the decimal mark with --decimal (Decimals in the app).',
    )
  return { form: decision.form, choices: choicesOf(column, decision, wish, elsewhere, say) }
}

/**
 * The same without its reasons, and without errors for contradictions; used to examine a column.
 * @param others other columns of the same tables
 */
export async function formOfNumbers(
  connection: DuckDBConnection,
  columns: SeenColumns,
  column: string,
  overrides: ReadingOverrides,
  others: readonly string[],
): Promise<NumberForm> {
  const wish = { ...wishOf(overrides), grades: saysGrades(column) }
  if (await allPlain(connection, columns, column, wish)) return plainNumbers
  const shapes = await seenShapes(connection, columns, column)
  const own = decideNumbers(shapes, wish)
  if (!isOpen(own)) return own.form
  return decideNumbers(shapes, wish, await markOf(connection, columns, others)).form
}

/** Whether a column's own values do not show if a sign groups thousands or precedes three decimals. */
const isOpen = ({ certainty, doubtful, contradiction }: NumberDecision): boolean =>
  certainty === 'guess' && doubtful !== null && contradiction === null

/** The rows of each file that show the decimal marks of other columns. */
const otherRows = 20_000
/** The maximum share of another column's values that are not numbers. */
const mostUnread = 0.05

/** The decimal mark that the other columns of the files prove; null if none does, or if they contradict each other. */
async function markOfSources(
  connection: DuckDBConnection,
  { sources }: SeenColumns,
  column: string,
): Promise<ProvenMark | null> {
  const names = new Set(sources.flatMap(({ dialect }) => cellColumns(dialect).map(({ name }) => name)))
  const others = [...names].filter((name) => name !== column)
  const common = others.filter((name) =>
    sources.every(({ dialect }) => cellColumns(dialect).some((other) => other.name === name)),
  )
  const seen = await seeColumns(connection, sources, common, otherRows)
  try {
    return await markOf(connection, seen, common)
  } finally {
    await forgetColumns(connection, seen)
  }
}

async function markOf(
  connection: DuckDBConnection,
  columns: SeenColumns,
  others: readonly string[],
): Promise<ProvenMark | null> {
  const found: ProvenMark[] = []
  for (const column of others) {
    if (!(await mayHaveDecimals(connection, columns, column))) continue
    const shapes = await seenShapes(connection, columns, column, otherRows)
    const { form, certainty, proof, unread } = decideNumbers(shapes, { decimal: null, thousands: null })
    const rows = shapes.reduce((sum, shape) => sum + shape.rows, 0)
    if (certainty !== 'certain' || proof === null || form.decimal === '.,' || unread > mostUnread * rows) continue
    found.push({ decimal: form.decimal, column, spot: proof })
  }
  return new Set(found.map(({ decimal }) => decimal)).size === 1 ? (found[0] ?? null) : null
}

/** Whether values have a sign between digits, and no words: this quickly rules out most columns. */
async function mayHaveDecimals(
  connection: DuckDBConnection,
  { tables }: SeenColumns,
  column: string,
): Promise<boolean> {
  const value = identifier(column)
  for (const { table } of tables) {
    const result = await connection.runAndReadAll(
      `SELECT coalesce(bool_or(regexp_matches(${value}, '\\d[.,]\\d')) AND NOT bool_or(regexp_matches(${value}, '\\p{L}{4}')), false)
       FROM ${table} WHERE rowid < ${otherRows}`,
    )
    if (result.getRows()[0]?.[0] === true) return true
  }
  return false
}

function choicesOf(
  column: string,
  { form, certainty, plain, proof, against, doubtful, doubtfulRows, mixed, negatives, fraction }: NumberDecision,
  wish: NumberWish,
  elsewhere: ProvenMark | null,
  say: (spot: NumberDecision['proof']) => string,
): Choice[] {
  const control: ChoiceControl = form.groups === '' && !doubtful ? 'Decimals' : 'Thousands'
  const shared = { file: null, column, affectsData: true, control, option: '--decimal or --thousands' }
  const choices: Choice[] = []
  if (!plain || wish.decimal !== null || wish.thousands !== null) {
    const value = markNames(form)
    const chosen = wish.decimal !== null || wish.thousands !== null
    const evidence = chosen
      ? against
        ? `It was chosen, but ${say(against)}: such numbers are taken for decimals.`
        : wasChosen
      : doubtful && elsewhere
        ? `${sentence(say(doubtful)).slice(0, -1)}, which may have thousands or three decimals, but “${elsewhere.column}” has a decimal ${elsewhere.decimal === ',' ? 'comma' : 'point'}: ${say(elsewhere.spot)}.`
        : doubtful
          ? `${formatCounted(doubtfulRows, 'number')} may have thousands or three decimals: ${say(doubtful)}.`
          : against
            ? `${sentence(`${say(proof)}; ${say(against)}`)} Both are taken for decimals.`
            : proof
              ? sentence(say(proof))
              : 'No number has decimals.'
    choices.push({ ...shared, about: 'numbers', value, certainty, evidence })
  }
  const around = [...form.affixes, ...(form.scale?.split('\n') ?? []).map((scale) => scale.trim())]
  if (around.length > 0 || form.stars)
    choices.push({
      ...shared,
      about: 'numbers',
      value: form.stars ? 'stars as their number' : `numbers without ${around.map((affix) => `“${affix}”`).join(', ')}`,
      certainty: mixed ? 'guess' : 'likely',
      evidence: mixed ? `Not all values are of one kind: ${say(mixed)}.` : 'All such values are of one kind.',
      control: 'Columns',
      option: 'another --rating or --count column',
    })
  if (form.fractions !== null)
    choices.push({
      ...shared,
      about: 'numbers',
      value: form.fractions === 'characters' ? 'fractions such as 3½ as 3.5' : 'fractions such as 3 1/2 as 3.5',
      certainty: 'likely',
      evidence: sentence(say(fraction)),
      control: 'Columns',
      option: 'another --rating or --count column',
    })
  for (const [sign, value] of [
    ['minus after', 'numbers with a minus after them are below zero'],
    ['around', 'numbers in parentheses are below zero'],
  ] as const) {
    const found = negatives.get(sign)
    if (!found) continue
    choices.push({
      ...shared,
      about: 'numbers',
      value,
      certainty: 'likely',
      evidence: `${formatCounted(found.rows, 'row')} ${found.rows === 1 ? 'has' : 'have'} such a number, and others have none: ${say(found.spot)}.`,
      control: 'Columns',
      option: 'another --rating or --count column',
    })
  }
  return choices
}

function markNames({ decimal, groups }: NumberForm): string {
  const marks = { '.': 'decimal point', ',': 'decimal comma', '.,': 'decimal point and decimal comma' }[decimal]
  const grouped = [
    groups.includes(',') && 'commas',
    groups.includes('.') && 'points',
    /[ \u00a0\u202f\u2009]/.test(groups) && 'spaces',
    /['’]/.test(groups) && 'apostrophes',
  ].filter((name) => name !== false)
  return grouped.length === 0 ? marks : `${marks}, thousands grouped by ${grouped.join(' and ')}`
}

/**
 * Whether all values of a table’s column are numbers as programs write them, whose points are unambiguous. This is checked first, because
 * examining the shape of each value takes many times as long. `wholes`: no value has a point.
 */
export async function arePlain(
  connection: DuckDBConnection,
  table: string,
  column: string,
): Promise<{ plain: boolean; wholes: boolean }> {
  const value = identifier(column)
  const result = await connection.runAndReadAll(
    `SELECT count(*) FILTER (TRY_CAST(${value} AS DOUBLE) IS NULL), count(*) FILTER (contains(${value}, '.')),
       count(*) FILTER (contains(${value}, '.') AND regexp_full_match(${value}, '[+-]?[1-9]\\d{0,2}\\.\\d{3}'))
     FROM ${table} WHERE NOT ${isBlank(value)}`,
  )
  const [others = 0, points = 0, doubtful = 0] = (result.getRows()[0] ?? []).map(Number)
  return { plain: others === 0 && (points === 0 || doubtful < points), wholes: points === 0 }
}

async function allPlain(
  connection: DuckDBConnection,
  { tables }: SeenColumns,
  column: string,
  { decimal, thousands }: NumberWish,
): Promise<boolean> {
  if (decimal !== null || thousands !== null) return false
  for (const { table } of tables) if (!(await arePlain(connection, table, column)).plain) return false
  return true
}

async function seenShapes(
  connection: DuckDBConnection,
  columns: SeenColumns,
  column: string,
  limit: number | null = null,
): Promise<SeenShape[]> {
  const shapes: SeenShape[] = []
  const value = identifier(column)
  for (const [file, { table }] of columns.tables.entries()) {
    const result = await connection.runAndReadAll(
      `SELECT shape, count(*), min(line), arg_min(v, line) FROM
         (SELECT ${value} AS v, rowid AS line, ${shapeOf(value)} AS shape FROM ${table} WHERE NOT ${isBlank(value)}${limit === null ? '' : ` AND rowid < ${limit}`})
       GROUP BY shape ORDER BY count(*) DESC, min(line) LIMIT ${mostShapes}`,
    )
    for (const [shape, rows, row, example] of result.getRows())
      shapes.push({ shape: String(shape), rows: Number(rows), spot: { file, row: Number(row), text: String(example) } })
  }
  return shapes
}
