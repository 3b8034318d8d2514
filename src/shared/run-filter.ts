import { badInput } from './errors'
import { fieldNamed, type RunField } from './run-fields'
import type { Run } from './runs'

/**
 * A filter of runs as people type it, in the window and on the command line: terms with spaces between them, all of which must hold.
 *
 * - `word` or `"several words"`: in the name, data set, model, preset, tags or note; `#7`: run 7;
 * - `field=value`, with `!=`, `>`, `>=`, `<`, `<=`; `field:text` for a part of a text. Times and sizes may have a unit: `duration>5min`, `disk>1GB`;
 *   days are written as `2026-11-30`;
 * - `-` before a term: it must not hold.
 *
 * Runs without a value (not measured, not a setting of their model) satisfy no comparison.
 */
export interface RunFilter {
  matches(run: Run): boolean
  /** Whether it says something about a field: archived runs are hidden unless the filter mentions them. */
  mentions(key: string): boolean
}

type Test = (run: Run) => boolean

type Operator = '>=' | '<=' | '!=' | '=' | ':' | '>' | '<'

const termPattern = /\s*(-?)(?:([\p{L}\p{N}_@.-]+?)\s*(>=|<=|!=|=|:|>|<)\s*)?("[^"]*"|[^\s"]+)/uy

/** Throws BAD_INPUT that names the term, the cause and what is possible. */
export function parseFilter(text: string, fields: readonly RunField[]): RunFilter {
  const tests: Test[] = []
  const mentioned = new Set<string>()
  const source = text.trimEnd()
  termPattern.lastIndex = 0
  while (termPattern.lastIndex < source.length) {
    const at = termPattern.lastIndex
    const found = termPattern.exec(source)
    if (!found) throw unreadable(source.slice(at).trim())
    const [, not, key, operator, quoted = ''] = found
    const value = quoted.replaceAll('"', '')
    let test: Test
    if (key === undefined || operator === undefined) test = anywhere(value)
    else {
      const field = fieldNamed(fields, key)
      mentioned.add(field.key)
      test = comparison(field, operator as Operator, value)
    }
    tests.push(not === '-' ? (run) => !test(run) : test)
  }
  return { matches: (run) => tests.every((test) => test(run)), mentions: (key) => mentioned.has(key) }
}

const unreadable = (rest: string): Error =>
  rest.includes('"')
    ? badInput(`The filter has an opening quotation mark without a closing one: ${rest}`, 'Close it, or leave it out.')
    : badInput(
        `The filter cannot be read from “${rest}” on.`,
        'Write terms such as tag=baseline, ndcg@100>0.4 or "a name", with spaces between them.',
      )

const folded = (text: string): string => text.toLowerCase()

function anywhere(word: string): Test {
  const number = /^#(\d+)$/.exec(word)
  if (number) return (run) => run.id === Number(number[1])
  const part = folded(word)
  return (run) =>
    [run.name, run.datasetName, run.model, run.preset ?? '', run.note, ...run.tags].some((text) =>
      folded(text).includes(part),
    )
}

function comparison(field: RunField, operator: Operator, value: string): Test {
  switch (field.kind) {
    case 'number': {
      const wanted = numberOf(field, value)
      return holding(field, (found) => typeof found === 'number' && compared(found - wanted, operator))
    }
    case 'yes or no': {
      const wanted = /^(yes|true|1)$/i.test(value)
      if (!wanted && !/^(no|false|0)$/i.test(value))
        throw badInput(`“${field.key}” is yes or no, not “${value}”.`, `Write ${field.key}=yes or ${field.key}=no.`)
      requireEquality(field, operator)
      return holding(field, (found) => (found === wanted) === (operator !== '!='))
    }
    case 'tags':
      requireEquality(field, operator)
      return holding(
        field,
        (found) =>
          Array.isArray(found) && found.some((tag) => folded(String(tag)) === folded(value)) === (operator !== '!='),
      )
    case 'day': {
      if (!/^\d{4}(-\d{2}(-\d{2})?)?$/.test(value))
        throw badInput(`“${value}” is no day.`, `Write it as ${field.key}>=2026-11-30, or a month or year.`)
      return holding(field, (found) => {
        const begin = String(found).slice(0, value.length)
        return compared(begin < value ? -1 : begin > value ? 1 : 0, operator)
      })
    }
    case 'text': {
      if (operator === ':') return holding(field, (found) => folded(String(found)).includes(folded(value)))
      requireEquality(field, operator)
      return holding(field, (found) => (folded(String(found)) === folded(value)) === (operator !== '!='))
    }
  }
}

const holding =
  (field: RunField, holds: (value: NonNullable<ReturnType<RunField['value']>>) => boolean): Test =>
  (run) => {
    const value = field.value(run)
    return value !== null && holds(value)
  }

function requireEquality({ key, kind }: RunField, operator: Operator): void {
  if (operator === '=' || operator === '!=' || operator === ':') return
  throw badInput(
    `“${key}” ${kind === 'tags' ? 'are words' : kind === 'text' ? 'is a text' : 'is yes or no'}, so ${operator} does not apply.`,
    `Write ${key}=VALUE or ${key}!=VALUE.`,
  )
}

function compared(difference: number, operator: Operator): boolean {
  switch (operator) {
    case '>':
      return difference > 0
    case '>=':
      return difference >= 0
    case '<':
      return difference < 0
    case '<=':
      return difference <= 0
    case '!=':
      return difference !== 0
    case '=':
    case ':':
      return difference === 0
  }
}

const units: Readonly<Record<NonNullable<RunField['unit']>, Readonly<Record<string, number>>>> = {
  seconds: { s: 1, min: 60, h: 3600 },
  bytes: { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40 },
}

function numberOf({ key, unit }: RunField, value: string): number {
  const [, digits, suffix = ''] = /^([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)([a-z]*)$/i.exec(value) ?? []
  const scale = suffix === '' ? 1 : unit && units[unit][suffix.toLowerCase()]
  if (digits !== undefined && scale !== undefined) return Number(digits) * scale
  throw badInput(
    `“${key}” is a number, but the filter compares it with “${value}”.`,
    unit
      ? `Write a number of ${unit}, or one with a unit: ${Object.keys(units[unit]).slice(0, 4).join(', ')}.`
      : 'Write a number, as 0.35 or 1e-4.',
  )
}
