import { isoOfMilliseconds } from './typed-values'

/** A token of a Python or JavaScript object: a string, a number, a word, a call with a value (`ObjectId("…")`), or a comma before a closing bracket. */
const token =
  /u?'((?:[^'\\]|\\[^])*)'|u?"((?:[^"\\]|\\[^])*)"|(-?\d[\d.]*(?:[eE][+-]?\d+)?)|(?:new\s+)?([A-Za-z_$][\w$.]*)\(([^()]*(?:\(\))?[^()]*)\)|([A-Za-z_$][\w$]*)(\s*:)?|,(?=\s*[}\]])/g

const constants: Readonly<Record<string, string>> = {
  True: 'true',
  False: 'false',
  None: 'null',
  undefined: 'null',
  NaN: 'null',
  true: 'true',
  false: 'false',
  null: 'null',
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\0' }

const unescaped = (text: string): string =>
  text.replaceAll(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([^]))/g, (_all, wide, byte, other) =>
    typeof other === 'string'
      ? (escapes[other] ?? other)
      : String.fromCharCode(Number.parseInt(String(wide ?? byte), 16)),
  )

/** Calls that wrap one value: MongoDB's shell, Python's decimals, NumPy numbers, pandas times. */
const valueCall =
  /^(?:bson\.|decimal\.|pd\.|np\.|numpy\.|uuid\.)?(?:ObjectId|ISODate|NumberInt|NumberLong|NumberDecimal|Int64|Decimal|Decimal128|UUID|Timestamp|datetime64|u?int\d*|float\d*|str_?|bool_?)$/
const timeCall = /^(?:datetime\.)?(?:datetime|date)$/

/** The JSON of a call's result; null if the call is not known. */
function valueOfCall(name: string, written: string): string | null {
  const given = written.trim()
  const literal = /^(?:(["'])([^"']*)\1|(-?\d[\d.]*))$/.exec(given)
  if (name === 'Date' && literal?.[3] !== undefined) {
    const time = isoOfMilliseconds(literal[3])
    return time === null ? null : JSON.stringify(time)
  }
  if ((valueCall.test(name) || name === 'Date') && literal) return JSON.stringify(literal[2] ?? literal[3])
  if (!timeCall.test(name)) return null
  // UTC is the only zone that is recognised; without a zone, a time stays as written.
  const utc = /,\s*tzinfo\s*=\s*[\w.]*(?:utc|UTC)(?:\(\))?$/.exec(given)
  const numbers = (utc ? given.slice(0, utc.index) : given).split(',').map((number) => number.trim())
  if (numbers.length < 3 || numbers.length > 7 || !numbers.every((number) => /^\d+$/.test(number))) return null
  const [year = '', month = '', day = '', hour = '0', minute = '0', second = '0', micro = '0'] = numbers
  const two = (number: string): string => number.padStart(2, '0')
  const date = `${year.padStart(4, '0')}-${two(month)}-${two(day)}`
  if (numbers.length === 3) return JSON.stringify(date)
  return JSON.stringify(`${date}T${two(hour)}:${two(minute)}:${two(second)}.${micro.padStart(6, '0')}${utc ? 'Z' : ''}`)
}

/**
 * Converts an object that is nearly JSON to JSON: a Python dictionary (`{'user': 'a', 'seen': True}`), a JavaScript object (`{user: "a"}`), output of MongoDB's shell, commas
 * before closing brackets or after the object. Numbers keep their digits. Returns null for anything else. The caller's JSON parser validates the result.
 */
export function jsonOfLoose(text: string): string | null {
  const object = text.trim().replace(/[,;]$/, '')
  if (!object.startsWith('{') || !object.endsWith('}')) return null
  const unknown: string[] = []
  const json = object.replaceAll(
    token,
    (
      all: string,
      single?: string,
      double?: string,
      number?: string,
      call?: string,
      given?: string,
      word?: string,
      colon?: string,
    ) => {
      if (call !== undefined) {
        const value = valueOfCall(call, given ?? '')
        if (value === null) unknown.push(call)
        return value ?? all
      }
      if (single !== undefined) return JSON.stringify(unescaped(single))
      if (double !== undefined) return JSON.stringify(unescaped(double))
      if (number !== undefined) return number
      if (word === undefined) return ''
      if (colon !== undefined) return JSON.stringify(word) + colon
      const constant = constants[word]
      if (constant === undefined) unknown.push(word)
      return constant ?? all
    },
  )
  return unknown.length === 0 ? json : null
}
