/** A token of an object as Python or JavaScript writes it: a string, a number, a word, or a comma before a closing bracket. */
const token =
  /u?'((?:[^'\\]|\\[^])*)'|u?"((?:[^"\\]|\\[^])*)"|(-?\d[\d.]*(?:[eE][+-]?\d+)?)|([A-Za-z_$][\w$]*)(\s*:)?|,(?=\s*[}\]])/g

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

/**
 * The JSON of an object that is nearly JSON: a Python dictionary (`{'user': 'a', 'seen': True}`), a JavaScript object (`{user: "a"}`), commas
 * before closing brackets or behind the object. Numbers keep their digits. Null where it is something else. Checked by whoever parses it.
 */
export function jsonOfLoose(text: string): string | null {
  const object = text.trim().replace(/[,;]$/, '')
  if (!object.startsWith('{') || !object.endsWith('}')) return null
  const unknown: string[] = []
  const json = object.replaceAll(
    token,
    (all: string, single?: string, double?: string, number?: string, word?: string, colon?: string) => {
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
