import { wasChosen } from '../../../shared/certainty'
import type { DuckDBConnection } from '@duckdb/node-api'
import { formatCount, formatCounted } from '../../../shared/format'
import type { Choice } from '../../../shared/reading'
import { text } from '../duckdb'

interface Ruin {
  /** What one such id is or does, and what several are or do. */
  readonly what: readonly [one: string, several: string]
  /** SQL: whether an `id` of the table `ids` is of this kind. */
  readonly sql: string
  /** Below this share of the ids, they are of this kind by chance. */
  readonly least?: number
  /** Above this share of the ids, they are of this kind by nature. */
  readonly most: number
  readonly evidence: string
  /** Ids of which it is said; absent: of both. */
  readonly of?: 'user'
  readonly joins: boolean
  /** SQL: what is one id when they are joined, if some of them are ids of the file then. */
  readonly joinedTo?: string
  /** Whether their rows can be left out if they are users. */
  readonly drops?: boolean
}

/** What spreadsheets call the row that adds up the others of a pivot table, or of a group of them. */
const totals = `gesamt|gesamtergebnis|gesamtsumme|gesamttotal|alle (kunden|nutzer|artikel)|sum|sum total|total sum|all (customers|users|items|products)|overall|tous les (clients|articles)|todos los (clientes|usuarios)|všichni zákazníci|zwischensumme|ergebnis|summe|insgesamt|grand total|totals?|sub-?total|total general|total g[eé]n[eé]ral|total geral|total result|somme|suma|suma total|suma ko[nń]cowa|totale|totale complessivo|celkov[yý] sou[cč]et|celkem|spolu|eindtotaal|totaal|totalt|yhteens[aä]|итого|общий итог|итог|总计|總計|合计|合計|총합계`

/** SQL: an id without the word for a total before or behind it. */
const withoutTotal = `regexp_replace(trim(id), '(?i)\\s+(${totals})$|^(total|suma|celkem|somme|итого)\\s+', '')`

const monthNames = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mrz|mai|okt|dez|avr|juin|juil|janv|ene|abr|ago|dic'

/**
 * SQL: whether ids are numbers that are counted from zero, so that 0 is an id like the others: the next one is as near to 0 as they are to each other. The
 * rows of such an id stand out only beside those of the most frequent other one, because some users and items have far more than the median.
 */
const countsFromZero = `SELECT count(*) > 0 AND min(number) <= 5 * max(number) / count(*)
  FROM (SELECT TRY_CAST(id AS UBIGINT) AS number FROM ids WHERE regexp_full_match(id, '[1-9]\\d{0,14}'))`

/** SQL: an id in small letters without accents and without brackets or quotes around it. */
const bareWord = `regexp_replace(strip_accents(lower(trim(id))), '^[(<{\\["]+|[)>}\\]"]+$', '', 'g')`
/** Words for nobody in particular, as a pattern for ids without accents. */
const nobody = [
  'unknown( user)?|anonymous( user)?|anon|guest( user)?|nobody|no user|not (set|provided|available|logged in|specified)|unregistered|unassigned|deleted( user)?|removed',
  'anonym|anonyme|anonimo|anonym[oa]us|anonymni|anonimowy|anoniem|anonyymi|anonim|gast|invite|invitado|ospite|visitante|gosc|misafir|vendeg|gest|gjest|vieras',
  'unbekannt|inconnu|desconocido|desconhecido|sconosciuto|neznamy|nieznany|onbekend|okand|ukendt|ukjent|tuntematon|ismeretlen|bilinmeyen|necunoscut',
  'n/v|k\\. ?a\\.|keine angabe|non renseigne|neuvedeno|brak danych|nao informado|sin especificar',
  'аноним|анонимныи|гость|неизвестно|неизвестныи|匿名|匿名用户|游客|访客|未知|ゲスト|不明|名無し|익명|비회원|미상',
].join('|')

/** Signs between groups of three digits. Between others than these, a point or a space may also be part of a code. */
const clearSigns = [',', "'", '’'] as const
const groupSigns = [...clearSigns, '.', ' ', '\u00a0', '\u202f'] as const

/** SQL: whether an id is a number in which one of some signs stands between thousands. */
const isGrouped = (id: string, signs: readonly string[]): string =>
  `regexp_full_match(${id}, ${text(`[1-9]\\d{0,2}(?:${signs.map((sign) => `(?:[${sign}]\\d{3})+`).join('|')})`)})`
const withoutSigns = (id: string): string => `regexp_replace(${id}, '\\D', '', 'g')`

/** SQL about the table `ids`: whether an id has signs of thousands beside the same id without. */
const groupedBeside = (signs: readonly string[]): string =>
  `${isGrouped('id', signs)} AND ${withoutSigns('id')} IN (SELECT id FROM ids)`
/** SQL about the table `ids`: whether an id has signs of thousands, and all ids are numbers with or without them. */
const groupedThroughout = (signs: readonly string[]): string =>
  `${isGrouped('id', signs)} AND (SELECT bool_and(regexp_full_match(id, '\\d+') OR ${isGrouped('id', signs)}) FROM ids)`

/** SQL: whether an `id` is a code with digits behind the apostrophe that marks texts in spreadsheets. */
const isMarked = String.raw`regexp_full_match(id, '[''’][\w./-]*\d[\w./-]*')`
/** SQL: an id without that apostrophe. */
const unmarked = (id: string): string => String.raw`regexp_replace(${id}, '^[''’]([\w./-]*\d[\w./-]*)$', '\1')`

const hasDoubleSpaces = (id: string): string => `contains(${id}, '  ')`
const singleSpaced = (id: string): string => `regexp_replace(${id}, ' {2,}', ' ', 'g')`
const hasEntity = (id: string): string => `contains(${id}, '&amp;')`
const withoutEntity = (id: string): string => `replace(${id}, '&amp;', '&')`

/** SQL about the table `ids`: whether an id has 30 % of all rows, far more than the usual one of at least ten. */
const largePart = `rows >= 0.3 * (SELECT sum(rows) FROM ids) AND rows >= 10 * (SELECT median(rows) FROM ids) AND (SELECT count(*) FROM ids) >= 10`

const ruins: readonly Ruin[] = [
  {
    what: ['ends with .0 beside the same id without it', 'end with .0 beside the same ids without it'],
    sql: String.raw`regexp_full_match(id, '\d+\.0+') AND regexp_replace(id, '\.0+$', '') IN (SELECT id FROM ids)`,
    most: 1,
    evidence: 'They count as different ids: a program converted some to decimal numbers.',
    joins: true,
    joinedTo: 'NULL',
  },
  {
    what: ['ends with .0', 'end with .0'],
    sql: String.raw`regexp_full_match(id, '\d+\.0+') AND regexp_replace(id, '\.0+$', '') NOT IN (SELECT id FROM ids)`,
    least: 0.9,
    most: 1,
    evidence:
      'A program converted them to decimal numbers: if another export has the same ids without it, they count as different ids.',
    joins: true,
  },
  {
    what: ['is a rounded number', 'are rounded numbers'],
    sql: String.raw`regexp_full_match(id, '[+-]?\d([.,]\d+)?[eE]\+?\d{1,3}')`,
    most: 1,
    evidence: 'A spreadsheet rounded long ids, so different ids became the same. Export them as text.',
    joins: false,
  },
  {
    what: ['has nothing but zeros after 15 digits', 'have nothing but zeros after 15 digits'],
    sql: String.raw`regexp_full_match(id, '[1-9]\d{14}0+') AND (SELECT count(*) FILTER (regexp_full_match(id, '\d{15}0+')) > count(*) / 2 FROM ids WHERE regexp_full_match(id, '\d{16,}'))`,
    most: 1,
    evidence: 'A spreadsheet keeps 15 digits of a number, so different ids became the same. Export them as text.',
    joins: false,
  },
  {
    what: ['lost the leading zeros that others have', 'lost the leading zeros that others have'],
    sql: String.raw`regexp_full_match(id, '[1-9]\d*') AND EXISTS (SELECT 1 FROM (SELECT DISTINCT ltrim(id, '0') AS bare FROM ids WHERE regexp_full_match(id, '0\d+')) AS zeros WHERE bare = ids.id)`,
    most: 1,
    evidence: 'The same number occurs with and without zeros, as two ids. Export them as text.',
    joins: false,
  },
  {
    what: [
      'has signs of thousands beside the same id without them',
      'have signs of thousands beside the same ids without them',
    ],
    sql: groupedBeside(groupSigns),
    most: 1,
    evidence: 'They count as different ids: a program wrote some as numbers for people.',
    joins: true,
    joinedTo: 'NULL',
  },
  {
    what: ['has signs of thousands', 'have signs of thousands'],
    sql: `${groupedThroughout(clearSigns)} AND ${withoutSigns('id')} NOT IN (SELECT id FROM ids)`,
    most: 1,
    evidence: 'If another export has the same ids without them, they count as different ids.',
    joins: true,
  },
  {
    what: [
      'begins with an apostrophe beside the same id without it',
      'begin with an apostrophe beside the same ids without it',
    ],
    sql: `${isMarked} AND ${unmarked('id')} IN (SELECT id FROM ids)`,
    most: 1,
    evidence: 'They count as different ids: in a spreadsheet, the apostrophe only means that a number is a text.',
    joins: true,
    joinedTo: 'NULL',
  },
  {
    what: ['begins with an apostrophe', 'begin with an apostrophe'],
    sql: `${isMarked} AND ${unmarked('id')} NOT IN (SELECT id FROM ids)`,
    least: 0.02,
    most: 1,
    evidence:
      'In a spreadsheet, it only means that a number is a text: if another export has the same ids without it, they count as different ids.',
    joins: true,
  },
  {
    what: ['differs from others only in double spaces', 'differ from others only in double spaces'],
    sql: `${hasDoubleSpaces('id')} AND ${singleSpaced('id')} IN (SELECT id FROM ids)`,
    most: 1,
    evidence: 'They count as different ids.',
    joins: true,
    joinedTo: 'NULL',
  },
  {
    what: ['has &amp; where others have &', 'have &amp; where others have &'],
    sql: `${hasEntity('id')} AND ${withoutEntity('id')} IN (SELECT id FROM ids)`,
    most: 1,
    evidence: 'They count as different ids: a web page wrote some of them.',
    joins: true,
    joinedTo: 'NULL',
  },
  {
    what: ['has a large part of all rows', 'have a large part of all rows'],
    sql: largePart,
    most: 0.1,
    evidence:
      'That may be everybody who was not known, such as buyers without an account: all of them count as one user.',
    of: 'user',
    joins: false,
    drops: true,
  },
  {
    what: ['looks like a date', 'look like dates'],
    sql: `regexp_full_match(lower(id), '\\d{1,2}[-. /](${monthNames})\\.?|(${monthNames})\\.?[-. /]\\d{1,2}|\\d{4}-\\d{2}-\\d{2}( 00:00:00)?|\\d{1,2}/\\d{1,2}/\\d{4}')`,
    most: 0.5,
    evidence: 'A spreadsheet converts codes such as 3-5 or MAR5 to dates. Export them as text.',
    joins: false,
  },
  {
    what: ['stands for nobody in particular', 'stand for nobody in particular'],
    sql: `regexp_full_match(${bareWord}, '${nobody}') OR (regexp_full_match(trim(id), '[-_.*‐-―−]{1,3}') AND rows > 1)
      OR (trim(id) IN ('-1', '?', '[null]') AND rows > 5 * (SELECT median(rows) FROM ids))
      OR (trim(id) = '0' AND rows > CASE WHEN (${countsFromZero}) THEN 3 * (SELECT max(rows) FROM ids WHERE trim(id) <> '0') ELSE 5 * (SELECT median(rows) FROM ids) END)`,
    most: 0.5,
    evidence: 'All rows of such an id count as one user or item.',
    joins: false,
    drops: true,
  },
  {
    what: ['is the name of a total', 'are the names of totals'],
    // Not a subquery about each id, which would take time by the square of their number.
    sql: `regexp_full_match(lower(trim(id)), '${totals}')
      OR (${withoutTotal} <> trim(id) AND ${withoutTotal} IN (SELECT id FROM ids))`,
    most: 0.5,
    evidence: 'Rows of a pivot table that add up others count as interactions, too.',
    joins: false,
    drops: true,
  },
  {
    what: ['is an error or an empty value', 'are errors or empty values'],
    sql: `regexp_full_match(lower(trim(id)), '#(name\\?|ref!|n/a|value!|num!|null!|div/0!|#+)|nan|[(<\\[]?null[)>\\]]?|[(]?none[)]?|nil|undefined|<?na>?|n/a|n\\.a\\.|\\\\n')`,
    most: 0.5,
    evidence: 'All rows of such an id count as one user or item.',
    joins: false,
    drops: true,
  },
  {
    what: ['differs from others only in upper and lower case', 'differ from others only in upper and lower case'],
    sql: 'lower(id) IN (SELECT lower(id) FROM ids GROUP BY 1 HAVING count(*) > 1)',
    most: 1,
    evidence: 'They stay different ids.',
    joins: true,
    joinedTo: 'lower(id)',
  },
]

const examples = 3
/** Ids in an option. */
const mostDropped = 12

/**
 * Finds imported ids that a spreadsheet or a program has damaged.
 * @param ids SQL of a table of different ids, `id` and how many `rows` have each
 */
export async function ruinedIds(
  connection: DuckDBConnection,
  ids: string,
  { role, name: column }: { readonly role: 'user' | 'item'; readonly name: string },
  joined: boolean,
): Promise<Choice[]> {
  const choices: Choice[] = []
  const query = async (sql: string): Promise<unknown[][]> =>
    (await connection.runAndReadAll(`WITH ids AS (${ids}) ${sql}`)).getRows()
  const [[total, suspects] = []] = await query(
    `SELECT count(*), count(*) FILTER (NOT regexp_full_match(id, '[1-9][0-9]{0,14}') OR (${largePart})) FROM ids`,
  )
  if (Number(suspects) === 0) return joined ? [joinedChoice(column)] : []
  if (joined) choices.push(joinedChoice(column))
  for (const { what, sql, least = 0, most, evidence, of, joins, joinedTo, drops = false } of ruins) {
    if ((joins && joined) || (of !== undefined && of !== role)) continue
    const [[found, rows, shown, all, remaining] = []] = await query(
      `SELECT count(*), sum(rows), string_agg('“' || left(id, 40) || '”', ', ' ORDER BY rows DESC, id) FILTER (rank <= ${examples}),
         string_agg(id, ',' ORDER BY rows DESC, id) FILTER (rank <= ${mostDropped}), count(DISTINCT ${joinedTo ?? 'id'})
       FROM (SELECT id, rows, row_number() OVER (ORDER BY rows DESC, id) AS rank FROM ids WHERE ${sql})`,
    )
    const count = Number(found)
    if (count === 0 || count < least * Number(total) || count > most * Number(total)) continue
    choices.push({
      about: 'ids',
      file: null,
      column,
      value: joins ? 'ids as written, unjoined' : 'ids as written',
      certainty: 'guess',
      evidence: `${formatCount(count)} of ${formatCounted(Number(total), 'id')} ${what[count === 1 ? 0 : 1]}: ${String(shown)} in ${formatCounted(Number(rows), 'row')}. ${evidence}${joinedTo === undefined ? '' : ` Joined, ${formatCounted(Number(total) - count + Number(remaining), 'id')} remain.`}`,
      affectsData: true,
      control: joins ? 'Ids' : drops && role === 'user' ? 'Leave out users' : 'Columns',
      option: joins
        ? '--join-ids'
        : drops && role === 'user'
          ? `--drop-users ${JSON.stringify(all)}${count > mostDropped ? ' and the others' : ''}`
          : 'another column of ids, or a better export, without such rows',
    })
  }
  return choices
}

const joinedChoice = (column: string): Choice => ({
  about: 'ids',
  file: null,
  column,
  value: 'ids such as 1005.0 and 1,005 stored as 1005',
  certainty: 'certain',
  evidence: wasChosen,
  affectsData: true,
  control: 'Ids',
  option: '--join-ids',
})

/**
 * The signs between the thousands of ids that `--join-ids` removes: those that some ids have beside the same ids without them, and
 * clear ones if all ids are numbers.
 * @param ids SQL of a table of different ids, `id`
 */
export async function signsOfIds(connection: DuckDBConnection, ids: string): Promise<string[]> {
  const found: string[] = []
  for (const sign of groupSigns) {
    const isClear = clearSigns.some((clear) => clear === sign)
    const sql = isClear ? `(${groupedBeside([sign])}) OR (${groupedThroughout([sign])})` : groupedBeside([sign])
    const result = await connection.runAndReadAll(
      `WITH ids AS (${ids}) SELECT count(*) FROM ids WHERE ${isGrouped('id', [sign])} AND (${sql})`,
    )
    if (Number(result.getRows()[0]?.[0]) > 0) found.push(sign)
  }
  return found
}

/** SQL: an id without signs of thousands, double spaces and `&amp;`, without the apostrophe of a spreadsheet, and without the .0 of a decimal number. @param signs as `signsOfIds` finds them */
export const joinedId = (column: string, signs: readonly string[]): string =>
  `CASE ${signs.length > 0 ? `WHEN ${isGrouped(column, signs)} THEN ${withoutSigns(column)}` : ''}
     WHEN ${hasDoubleSpaces(column)} THEN ${singleSpaced(column)}
     WHEN ${hasEntity(column)} THEN ${withoutEntity(column)}
     WHEN ${column} LIKE '''%' OR ${column} LIKE '’%' THEN ${unmarked(column)}
     WHEN ${column} LIKE '%.0' OR ${column} LIKE '%.00' THEN regexp_replace(${column}, '^(\\d+)\\.0+$', '\\1') ELSE ${column} END`
