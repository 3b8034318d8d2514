import { z } from 'zod'
import type { Random } from '../../../src/main/numeric/random'

type JsonSchema = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const pick = <T>(random: Random, values: readonly T[]): T => {
  const value = values[random.integer(values.length)]
  if (value === undefined) throw new Error('There is nothing to choose of.')
  return value
}

/** Draws inputs of a procedure: first one that its schema accepts, then changes it in one or two places to something invalid. */
export function hostileInput(schema: z.ZodType, random: Random, ids: readonly number[]): unknown {
  const description: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const fitting = isRecord(description) ? sample(description, description, random, ids, 0) : undefined
  let hostile = spoil(fitting, random)
  if (random.integer(3) === 0) hostile = spoil(hostile, random)
  return hostile
}

function sample(schema: JsonSchema, root: JsonSchema, random: Random, ids: readonly number[], depth: number): unknown {
  if (typeof schema['$ref'] === 'string') {
    const name = schema['$ref'].split('/').at(-1) ?? ''
    const definitions = root['$defs']
    const target = schema['$ref'] === '#' ? root : isRecord(definitions) ? definitions[name] : undefined
    return isRecord(target) && depth < 6 ? sample(target, root, random, ids, depth + 1) : null
  }
  const choices = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(choices)) {
    const chosen: unknown = pick(random, choices)
    return isRecord(chosen) ? sample(chosen, root, random, ids, depth + 1) : null
  }
  if ('const' in schema) return schema['const']
  if (Array.isArray(schema['enum'])) return pick<unknown>(random, schema['enum'])
  switch (schema['type']) {
    case 'object':
      return sampleObject(schema, root, random, ids, depth)
    case 'array': {
      const { items } = schema
      return isRecord(items) && depth < 6
        ? Array.from({ length: 1 + random.integer(2) }, () => sample(items, root, random, ids, depth + 1))
        : []
    }
    case 'integer':
      return pick(random, ids)
    case 'number':
      return random.uniform()
    case 'boolean':
      return random.integer(2) === 0
    case 'null':
      return null
    case 'string':
      return sampleString(schema, random)
    default:
      return 'anything'
  }
}

function sampleObject(
  schema: JsonSchema,
  root: JsonSchema,
  random: Random,
  ids: readonly number[],
  depth: number,
): Record<string, unknown> {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {}
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, property]) =>
      isRecord(property) && (required.includes(name) || random.integer(3) > 0)
        ? [[name, sample(property, root, random, ids, depth + 1)]]
        : [],
    ),
  )
}

function sampleString({ format, pattern }: JsonSchema, random: Random): string {
  if (format === 'date') return pick(random, ['2015-01-31', '1970-01-01', '9999-12-31'])
  if (typeof pattern === 'string' && pattern.includes('{36}')) return '0a0a0a0a-1111-2222-3333-444444444444'
  if (typeof pattern === 'string' && pattern.includes('{64}')) return 'ab'.repeat(32)
  return pick(random, ['base', '5', 'userId', 'movieId', 'a', 'x y'])
}

const deep = (levels: number): unknown => {
  let value: unknown = 'bottom'
  for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { value }
  return value
}

/** Wrong types, limits of numbers, text that breaks naive handling, and keys that reach for prototypes. */
const hostileValues: readonly (() => unknown)[] = [
  () => null,
  () => undefined,
  () => true,
  () => 0,
  () => -1,
  () => 1.5,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => Number.MAX_SAFE_INTEGER,
  () => 2 ** 53,
  () => 2 ** 63,
  () => 1e308,
  () => 5e-324,
  () => 12345678901234567890n,
  () => new Date(Number.NaN),
  () => new Date(8.64e15),
  () => new Map([['a', 1]]),
  () => new Set([1, 2]),
  () => '',
  () => ' ',
  () => '\u0000',
  () => 'a\u0000b',
  () => '\ud800',
  () => 'x\udfff\ud800y',
  () => '\u202e\u0301\ufeff',
  () => 'A'.repeat(200_000),
  () => '../../etc/passwd',
  () => '%00%2e%2e%2f',
  () => `'; DROP TABLE run; --`,
  () => '${process.exit(1)}',
  () => '__proto__',
  () => 'constructor',
  () => [],
  () => [null],
  () => Array.from({ length: 5000 }, (_, i) => i),
  () => Array.from({ length: 3000 }, (_, i) => String(i)),
  () => ({}),
  () => JSON.parse('{"__proto__": {"polluted": true}}') as unknown,
  () => ({ constructor: { prototype: { polluted: true } } }),
  () => ({ then: 'not a promise' }),
  () => ({ toString: null, valueOf: null }),
  () => ({ length: 1e9 }),
  () => deep(50),
  () => deep(1500),
]

/** Puts something hostile in one place of a value, which may be all of it. */
function spoil(value: unknown, random: Random): unknown {
  const hostile = pick(random, hostileValues)
  if (Array.isArray(value) && value.length > 0 && random.integer(5) > 0) {
    const at = random.integer(value.length)
    return value.map((one: unknown, i) => (i === at ? spoil(one, random) : one))
  }
  if (isRecord(value) && Object.keys(value).length > 0 && random.integer(8) > 0) {
    const name = pick(random, Object.keys(value))
    const spoilt = { ...value, [name]: spoil(value[name], random) }
    if (random.integer(6) > 0) return spoilt
    // An undeclared key, or a missing one.
    if (random.integer(2) === 0)
      return { ...spoilt, [pick(random, ['__proto__x', 'constructor', '', '\u0000'])]: hostile() }
    return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name))
  }
  return hostile()
}

/** Frames that are no requests: what an own program, or a broken one, could send over an open WebSocket. */
export function hostileFrame(random: Random): string | Buffer {
  const path = pick(random, [
    'datasets/list',
    'runs/get',
    '__proto__/x',
    'constructor',
    '',
    '../../system/about',
    'a/'.repeat(2000),
  ])
  const body = pick(random, [
    '{}',
    'null',
    '[]',
    '{"json":{"__proto__":{"a":1}},"meta":[[99,"x"]]}',
    '{"json":'.repeat(500),
    '"',
  ])
  switch (random.integer(9)) {
    case 0:
      return Buffer.from(random.uniformFloats(1 + random.integer(300), -1e9, 1e9).buffer)
    case 1:
      return '['.repeat(1 + random.integer(50_000))
    case 2:
      return JSON.stringify({
        i: 'x',
        t: random.integer(9),
        p: { u: `/${path}`, b: body, m: 'POST', h: { 'content-type': 'x' } },
      })
    case 3:
      return JSON.stringify({
        i: pick<unknown>(random, [null, -1, 'x'.repeat(5000), {}, 1e99]),
        p: { u: path, b: body },
      })
    case 4:
      return `{"i":"1","p":{"u":"orpc://localhost/${path}","b":${body},"__proto__":{"polluted":1}}}`
    case 5:
      return '\ud800'.repeat(1 + random.integer(100))
    case 6:
      return JSON.stringify({ i: '1', t: 3, p: { e: 'message', d: deep(500) } })
    case 7:
      return 'x'.repeat(1 + random.integer(2_000_000))
    default:
      return pick(random, [
        '',
        'null',
        '0',
        '"',
        '{}',
        '[]',
        '{"i":"1"}',
        '{"i":"1","p":null}',
        '{"i":"1","p":{"u":5}}',
      ])
  }
}
