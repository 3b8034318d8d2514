import type { Choice } from '../../../shared/reading'
import { roleOfName } from '../column-names'
import { longestLine } from '../plain-text'
import type { Conversion, Format } from './format'
import { linesOf } from './lines'
import { leadingTime, sampledLines } from './log-time'
import { TextWriter } from './text-writer'

/** Bytes by which a format is recognised. */
const headBytes = 4096
/** The minimum share of the lines that have pairs; the others are other messages. */
const nearlyAll = 0.9
/** With fewer lines or pairs in a line, a text has them by chance. */
const [fewestLines, fewestPairs] = [2, 2]

/** A key, an equals sign and a value, which may be quoted: user=u1, msg="item rated". */
const pair = /(?<=^|[\s,;|])([\p{L}_][\p{L}\p{N}_.-]*)=("(?:[^"\\]|\\.)*"|[^\s,;|"]*)(?=$|[\s,;|])/gu
const bare = (value: string): string =>
  value.length > 1 && value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value

/** A line's pairs, the text before the first of them, and whether there is no other text between or after them. */
function pairsOf(line: string): {
  readonly pairs: readonly (readonly [key: string, value: string])[]
  readonly before: string
  readonly isAll: boolean
} {
  const found = [...line.matchAll(pair)]
  const [first] = found
  const rest = first ? line.slice(first.index).replaceAll(pair, '') : line
  return {
    pairs: found.map(([, key = '', value = '']) => [key, bare(value)]),
    before: first ? line.slice(0, first.index) : '',
    isAll: found.length > 0 && /^[\s,;|]*$/.test(rest),
  }
}

/** Whether nearly all lines have pairs and nothing behind them, and share some of their keys. */
function holdsPairs(lines: readonly string[]): boolean {
  if (lines.length < fewestLines) return false
  const read = lines.map(pairsOf).filter(({ pairs, isAll }) => isAll && pairs.length >= fewestPairs)
  if (read.length < nearlyAll * lines.length) return false
  const times = new Map<string, number>()
  for (const { pairs } of read)
    for (const key of new Set(pairs.map(([name]) => name))) times.set(key, (times.get(key) ?? 0) + 1)
  return [...times.values()].filter((count) => count >= nearlyAll * lines.length).length >= fewestPairs
}

/** A log of `key=value` pairs (logfmt): each key is a column, and so is the time before the pairs. */
export const pairsLog: Format = {
  name: 'log of key=value pairs',
  anyEncoding: true,
  recognises: (head) => holdsPairs(sampledLines(head, headBytes)),
  async toText(file, conversion) {
    const { columns, time } = await columnsOf(file.path, conversion)
    const writer = new TextWriter(conversion)
    let left = ''
    try {
      for await (const line of linesOf(file.path, conversion.signal, longestLine)) {
        const { pairs, before, isAll } = pairsOf(line)
        if (line.trim() === '') await writer.line('')
        else if (isAll) {
          const values = new Map(pairs)
          const leads = time === null ? null : leadingTime(before)
          if (leads && time !== null) values.set(time, leads.time)
          const other = (leads ? leads.rest : before).trim()
          if (left === '') left = other
          await writer.row(columns.map((name) => values.get(name) ?? null))
        }
        // A line with one cell is rejected: another message.
        else await writer.row([line])
        if (!writer.wantsMore) break
      }
      const text = await writer.end(columns)
      return left === '' ? text : { ...text, choices: [leftOut(file.name, left, time)] }
    } catch (error) {
      await writer.abandon()
      throw error
    }
  },
}

/** All keys in the order in which they first occur, after the time before the pairs unless a key is called like one. */
async function columnsOf(
  path: string,
  { signal, limit }: Conversion,
): Promise<{ readonly columns: readonly string[]; readonly time: string | null }> {
  const keys = new Set<string>()
  let [read, hasTimes] = [0, false]
  for await (const line of linesOf(path, signal, longestLine)) {
    const { pairs, before, isAll } = pairsOf(line)
    if (isAll) {
      for (const [key] of pairs) keys.add(key)
      hasTimes ||= leadingTime(before) !== null
    }
    read += line.length + 1
    if (read > limit) break
  }
  const named = [...keys].some((key) => {
    const match = roleOfName(key)
    return match?.role === 'time' && match.whole
  })
  return hasTimes && !named ? { columns: ['time', ...keys], time: 'time' } : { columns: [...keys], time: null }
}

const leftOut = (file: string, example: string, time: string | null): Choice => ({
  about: 'layout',
  file,
  column: null,
  value: 'a log with pairs of keys and values in each line',
  certainty: time === null && leadingTime(example) === null ? 'guess' : 'likely',
  evidence: `The text before the pairs is left out, such as “${example.slice(0, 80)}”.`,
  affectsData: true,
  control: 'Separator',
  option: '--delimiter space, which splits lines at spaces',
})
