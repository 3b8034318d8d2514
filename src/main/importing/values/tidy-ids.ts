import type { DuckDBConnection } from '@duckdb/node-api'
import { formatCount, formatCounted } from '../../../shared/format'
import type { Choice } from '../../../shared/reading'
import { padding } from '../blank-cells'
import { text } from '../duckdb'

/** A text protected from being read as a number by a spreadsheet: ="0012", with doubled quotes if the file's quotes have no meaning. */
const formula = String.raw`^"*=\s*"+\s*([^"\s][^"]*)"+$`

/**
 * Signs that cannot be seen and mean nothing in an id: soft hyphens, byte-order marks, zero-width spaces, marks of the direction of writing. Joiners, which
 * change letters of some scripts and make up emoji, stay.
 */
const invisible = String.raw`[\x{00AD}\x{200B}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2060}\x{2066}-\x{2069}\x{FEFF}]`

/** A soft hyphen that is half of a garbled letter (“Ă­” for “í”): it stays, so that the whole letter is recognised as garbled. */
const halfLetter = String.raw`[ÂÃÄÅÆÎÏÐÑĂĹŃРС]\x{00AD}`

/** SQL: an id without signs that cannot be seen. */
const visible = (id: string): string => `regexp_replace(${id}, ${text(`(${halfLetter})|${invisible}`)}, '\\1', 'g')`

/** SQL: whether all characters of an id are ASCII: each takes one byte. */
const isAscii = (id: string): string => `strlen(${id}) = length(${id})`

/** SQL: whether an id certainly has nothing around it, and each of its letters is one character. */
const isBare = (id: string): string =>
  `${id} >= '!' AND ${id} < chr(127) AND NOT (starts_with(${id}, '=') OR starts_with(${id}, '"=') OR ${Array.from(padding, (sign) => `ends_with(${id}, ${text(sign)})`).join(' OR ')}) AND nfc_normalize(${id}) = ${id} AND (${isAscii(id)} OR ${visible(id)} = ${id})`

const bared = (id: string): string => {
  const trimmed = `trim(CASE WHEN ${isAscii(id)} THEN ${id} ELSE ${visible(id)} END, ${text(padding)})`
  return `nfc_normalize(trim(regexp_replace(${trimmed}, ${text(formula)}, '\\1'), ${text(padding)}))`
}

/** SQL: an id without signs that cannot be seen and spaces around it, without the formula that makes it a text in a spreadsheet, and in Unicode's composed form (NFC). */
export const tidyId = (id: string): string =>
  `CASE WHEN ${isBare(id)} THEN ${id} ELSE coalesce(nullif(${bared(id)}, ''), ${id}) END`

const kinds = [
  {
    sql: `${visible('id')} <> id`,
    value: 'ids without signs that cannot be seen',
    are: ['has a sign that cannot be seen', 'have signs that cannot be seen'],
  },
  {
    sql: `trim(id, ${text(padding)}) <> id`,
    value: 'ids without the spaces around them',
    are: ['has spaces around it', 'have spaces around them'],
  },
  {
    sql: `regexp_matches(trim(id, ${text(padding)}), ${text(formula)})`,
    value: 'the text within ="…"',
    are: ['is a formula that keeps it a text', 'are formulas that keep them texts'],
  },
  {
    sql: 'nfc_normalize(id) <> id',
    value: 'letters with their accents as one character',
    are: ['has accents in characters of their own', 'have accents in characters of their own'],
  },
] as const

const examples = 3

/**
 * The choices about the changes of `tidyId` to the ids of a column; none if they are all clean.
 * @param ids SQL of a table of different ids as they are in the files, `id` and how many `rows` have each
 */
export async function tidyChoices(connection: DuckDBConnection, ids: string, column: string): Promise<Choice[]> {
  const choices: Choice[] = []
  for (const { sql, value, are } of kinds) {
    const untidy = `WITH untidy AS (SELECT id, rows FROM (${ids}) WHERE NOT (${isBare('id')}) AND ${bared('id')} <> '' AND ${sql})`
    const result = await connection.runAndReadAll(
      `${untidy} SELECT count(*), sum(rows), string_agg('“' || left(id, 40) || '”', ', ' ORDER BY rows DESC, id) FILTER (rank <= ${examples})
       FROM (SELECT *, row_number() OVER (ORDER BY rows DESC, id) AS rank FROM untidy)`,
    )
    const [[found, rowsOf, shown] = []] = result.getRows()
    const count = Number(found)
    if (count === 0) continue
    const same = await connection.runAndReadAll(
      `${untidy} SELECT count(*) FROM untidy WHERE ${bared('id')} IN (SELECT id FROM (${ids}))`,
    )
    const joined = Number(same.getRows()[0]?.[0])
    choices.push({
      about: 'ids',
      file: null,
      column,
      value,
      certainty: 'likely',
      evidence: `${formatCounted(count, 'id')} in ${formatCounted(Number(rowsOf), 'row')} ${count === 1 ? are[0] : are[1]}: ${String(shown)}.${joined > 0 ? ` Without, ${formatCount(joined)} of them ${joined === 1 ? 'is' : 'are'} the same as ids without them.` : ''}`,
      affectsData: true,
      control: 'Columns',
      option: 'another column of ids, or a better export',
    })
  }
  return choices
}
