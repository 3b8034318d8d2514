import { join } from 'node:path'
import type { Choice } from '../../shared/reading'
import { byteLinesOf, rewriteLines } from './rewritten-lines'

/**
 * The digits of other scripts in UTF-8, read byte by byte: Arabic (٠), Persian (۰), Devanagari (०), Bengali (০), Thai (๐) and full-width (０).
 * The value is the last byte minus that of the zero.
 */
const scripts = [
  { lead: '\xd9', zero: 0xa0 },
  { lead: '\xdb', zero: 0xb0 },
  { lead: '\xe0\xa5', zero: 0xa6 },
  { lead: '\xe0\xa7', zero: 0xa6 },
  { lead: '\xe0\xb9', zero: 0x90 },
  { lead: '\xef\xbc', zero: 0x90 },
] as const

const escaped = (byte: number): string => `\\x${byte.toString(16)}`
const digit = scripts.map(({ lead, zero }) => `${lead}[${escaped(zero)}-${escaped(zero + 9)}]`).join('|')
/** The Arabic decimal mark, and the mark between thousands. */
const marks = { '\xd9\xab': '.', '\xd9\xac': ',' } as const
const mark = Object.keys(marks).join('|')
const someDigit = new RegExp(digit)
const eachSign = new RegExp(`${digit}|${mark}`, 'g')
/** A cell with only such digits and the signs of numbers, dates and times. */
const cell = new RegExp(
  `(?<=^|[,;\\t|"])(?: *[+-]?(?:${digit}|${mark}|[\\d.:/ ,-])*(?:${digit})(?:${digit}|${mark}|[\\d.:/ ,-])*)(?=$|[,;\\t|"\\r])`,
  'g',
)

function latin(sign: string): string {
  if (sign in marks) return marks[sign as keyof typeof marks]
  const script = scripts.find(({ lead }) => sign.startsWith(lead) && sign.length === lead.length + 1)
  return String(sign.charCodeAt(sign.length - 1) - (script?.zero ?? 0))
}

/** Whether UTF-8 text has such a digit anywhere, which is much faster than searching the cells. */
export const mayHaveNativeDigits = (bytes: Buffer): boolean => someDigit.test(bytes.toString('latin1'))

/** A line of bytes in which cells with a number, a date or a time in another script get the digits 0 to 9. */
export const withLatinDigits = (line: string): string =>
  someDigit.test(line) ? line.replaceAll(cell, (found) => found.replaceAll(eachSign, latin)) : line

/**
 * A copy of a UTF-8 text whose numbers and dates have the digits 0 to 9, with the choice about it; null if no cell has other digits. Line numbers do not
 * change, and neither do titles and other texts with digits in them.
 * @param limit bytes to examine, for a preview
 */
export async function latinDigits(
  path: string,
  file: string,
  temporary: string,
  signal: AbortSignal | null,
  limit = Infinity,
): Promise<{ readonly path: string; readonly choice: Choice } | null> {
  const found = await firstChanged(path, limit)
  if (!found) return null
  const name = join(temporary, `digits-${nextCopy++}.csv`)
  await rewriteLines(path, name, withLatinDigits, signal, limit)
  return {
    path: name,
    choice: {
      about: 'numbers',
      file,
      column: null,
      value: 'digits of another script as 0 to 9',
      certainty: 'likely',
      evidence: `Line ${found.line.toLocaleString('en-US')} has “${found.text}”. Texts with other characters keep their digits.`,
      affectsData: true,
      control: 'Files',
      option: 'a file with the digits 0 to 9',
    },
  }
}
let nextCopy = 0

async function firstChanged(path: string, limit: number): Promise<{ line: number; text: string } | null> {
  let number = 0
  for await (const line of byteLinesOf(path, limit)) {
    number++
    if (!someDigit.test(line)) continue
    const [changed] = line.match(cell) ?? []
    if (changed !== undefined) return { line: number, text: Buffer.from(changed, 'latin1').toString('utf8').trim() }
  }
  return null
}
