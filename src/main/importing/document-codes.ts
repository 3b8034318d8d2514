import type { DuckDBConnection } from '@duckdb/node-api'
import { identifier, isBlank } from './duckdb'
import { folded } from './name-words'

const codes = (text: string): ReadonlySet<string> => new Set(text.split(' ').map(folded))

/**
 * What accounting programs call invoices, and documents that take a sale back: credit notes, corrections, cancellations. By language, because the same letters are
 * countries (IN, CN) and other things beside each other: only both of one language show what they are.
 */
const documents: readonly { readonly sales: ReadonlySet<string>; readonly credits: ReadonlySet<string> }[] = [
  {
    sales: codes('re rg rn ar rech rechnung rechnungen ausgangsrechnung barverkauf'),
    credits: codes(
      'gs gu gut gutschr st sto str sr rk rks stornorechnung rechnungskorrektur korrekturrechnung korrektur',
    ),
  },
  {
    sales: codes('inv si sin invoice salesinvoice'),
    credits: codes('cn cm cr crn scn crm cre cred credit creditnote creditmemo salescredit salescreditnote'),
  },
  { sales: codes('fa fac fact fc facture'), credits: codes('av avo avr avoir notedecredit') },
  {
    sales: codes('fa fac fv ft ftv factura fatura fattura'),
    credits: codes(
      'nc ncr ndc ab abo abono notadecredito notadicredito notacredito rectificativa facturarectificativa',
    ),
  },
  {
    sales: codes('fv fa fs faktura'),
    credits: codes('kor kfv fvk fk korekta fakturakorygujaca dob opd opravnydoklad'),
  },
  { sales: codes('fak vf f'), credits: codes('cre cn kn cf creditnota kreditnota kreditnote') },
  // The types of billing documents in SAP.
  { sales: codes('f1 f2 zf2'), credits: codes('g2 re s1 zre zg2') },
]

/** A longer text is no name of a document. */
const longest = 30
const joined = (code: string): string => folded(code.trim()).replaceAll(/[\s_./-]+/g, '')

/** Of the kinds of documents in a column, those that take a sale back, such as GS beside RE, as written; empty if the values are no kinds of documents. */
export function creditsOf(types: readonly string[]): string[] {
  if (!types.every((type) => type.length <= longest)) return []
  const all = types.map((type) => ({ type: type.trim(), code: joined(type) }))
  for (const { sales, credits } of documents)
    if (all.some(({ code }) => sales.has(code)) && all.some(({ code }) => credits.has(code)))
      return [...new Set(all.filter(({ code }) => credits.has(code)).map(({ type }) => type))]
  return []
}

/** More different beginnings than this are not those of documents. */
const mostPrefixes = 12

/** The different letters before the numbers in a column, such as RE and GS; empty if some value has none, or there are more than a few. */
export async function prefixesOf(connection: DuckDBConnection, table: string, column: string): Promise<string[]> {
  const value = identifier(column)
  const found = await connection.runAndReadAll(
    `SELECT DISTINCT regexp_extract(trim(${value}), '^(\\p{L}{1,8})[\\s./_-]*\\d', 1) FROM ${table} WHERE NOT ${isBlank(value)} LIMIT ${mostPrefixes + 1}`,
  )
  const prefixes = found.getRows().map(([prefix]) => String(prefix))
  return prefixes.length > mostPrefixes || prefixes.includes('') ? [] : prefixes.sort()
}
