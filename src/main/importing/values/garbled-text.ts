import type { DuckDBConnection } from '@duckdb/node-api'
import { formatCount, formatCounted } from '../../../shared/format'
import type { Choice, ChoiceControl } from '../../../shared/reading'

/** The code pages in which programs read UTF-8 by mistake, before they write it as UTF-8 again, with the fewest texts that show it: letters of the last two follow each other in words, too. */
const codePages = [
  { name: 'windows-1252', fewest: 1 },
  { name: 'windows-1250', fewest: 2 },
  { name: 'windows-1251', fewest: 2 },
] as const

/** SQL: whether a text may be garbled, because it has one of the letters that the first bytes of UTF-8 become and no ASCII after it. */
const mayBeGarbled = `regexp_matches(text, '[ÂÃÄÅÆÎÏÐÑâăĂĹÐŃРСв][^\\x00-\\x7F]')`

/** More texts than this are not examined: the first ones show it as well. */
const mostExamined = 50_000
const examples = 2

/** The byte of each character of a code page; control characters of Latin-1 stand for themselves. */
function bytesOf(codePage: string): ReadonlyMap<string, number> {
  const decoder = new TextDecoder(codePage)
  const bytes = new Map<string, number>()
  for (let byte = 0x80; byte < 0xa0; byte++) bytes.set(String.fromCharCode(byte), byte)
  for (let byte = 0; byte < 0x100; byte++) bytes.set(decoder.decode(Uint8Array.of(byte)), byte)
  return bytes
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What a text was before a program read its UTF-8 in a code page; null if it cannot have been that. */
function ungarbled(text: string, bytes: ReadonlyMap<string, number>): string | null {
  const written: number[] = []
  for (const letter of text) {
    const byte = bytes.get(letter)
    if (byte === undefined) return null
    written.push(byte)
  }
  if (written.every((byte) => byte < 0x80)) return null
  try {
    const before = strict.decode(Uint8Array.from(written))
    return /\p{Cc}/u.test(before) ? null : before
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

/**
 * Warns about texts that were encoded twice, such as “CafÃ©” for “Café”; nothing if there are none.
 * @param texts SQL of a table of different texts, `text`
 * @param what what they are: ids, titles
 */
export async function garbledChoices(
  connection: DuckDBConnection,
  texts: string,
  {
    column,
    control,
    what,
  }: { readonly column: string; readonly control: ChoiceControl; readonly what: 'ids' | 'titles' },
): Promise<Choice[]> {
  const result = await connection.runAndReadAll(
    `SELECT text, count(*) OVER () FROM (${texts}) WHERE ${mayBeGarbled} ORDER BY text LIMIT ${mostExamined}`,
  )
  const rows = result.getRows()
  if (rows.length === 0) return []
  const suspects = rows.map(([text]) => String(text))
  for (const { name, fewest } of codePages) {
    const bytes = bytesOf(name)
    const found = suspects.flatMap((text) => {
      const before = ungarbled(text, bytes)
      return before === null ? [] : [`“${text}” for “${before}”`]
    })
    if (found.length < fewest) continue
    const few = formatCounted(found.length, what.slice(0, -1))
    return [
      {
        about: 'encoding',
        file: null,
        column,
        value: `${what} as they are, though they seem to be garbled`,
        certainty: 'guess',
        evidence: `${Number(rows[0]?.[1]) > rows.length ? `At least ${formatCount(found.length)} ${what}` : few} ${found.length === 1 ? 'is' : 'are'} written as if a program had read UTF-8 in another encoding (${name}) and saved it so: ${found.slice(0, examples).join(', ')}. Another --encoding does not mend it.`,
        affectsData: true,
        control,
        option: 'an export from the source that was opened and saved by no other program',
      },
    ]
  }
  return []
}
