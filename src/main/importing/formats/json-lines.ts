import { longestLine } from '../plain-text'
import type { Format } from './format'
import { jsonTable } from './json-table'
import { linesOf } from './lines'

/** JSON lines: one object per line. */
export const jsonLines: Format = {
  name: 'JSON lines',
  recognises: (head) => /^(?:\ufeff)?\s*\{\s*"/.test(head.toString('utf8')),
  toText: (file, conversion) => jsonTable(file, conversion, () => linesOf(file.path, conversion.signal, longestLine)),
}
