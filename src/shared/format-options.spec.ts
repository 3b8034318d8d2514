import { expect, test } from 'vitest'
import { formatOptions, type FormatName, needlessOptions } from './format-options'

const said = { encoding: 'utf-8', delimiter: ';', quote: '"', header: false, skip: 0, table: 'a' }
const options = {
  encoding: '--encoding',
  delimiter: '--delimiter',
  quote: '--quote',
  header: '--header',
  skip: '--skip',
  table: '--table',
}

test.each(Object.keys(formatOptions) as FormatName[])(
  '%s: what it has no use for is named, and nothing else',
  (format) => {
    for (const [key, option] of Object.entries(options)) {
      const taken = (formatOptions[format] as readonly string[]).includes(key)
      const told = needlessOptions({ name: 'f', format }, { [key]: said[key as keyof typeof said] })
      if (taken) expect(told).toBeNull()
      else expect(told).toContain(`f is read as ${format}, for which ${option} (`)
      expect(needlessOptions({ name: 'f', format }, { [key]: undefined, table: null })).toBeNull()
    }
  },
)

test('several are reported together, and those of a file of items by their own names', () => {
  expect(needlessOptions({ name: 'i.parquet', format: 'Parquet' }, { encoding: 'utf-8', skip: 2 }, 'items-')).toBe(
    'i.parquet is read as Parquet, for which --items-encoding, --items-skip (in the app: Items encoding, Items skip lines) have no effect: they are ignored.',
  )
})
