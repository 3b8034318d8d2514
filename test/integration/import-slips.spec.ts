import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { importRatings } from '../../src/main/importing/import-ratings'
import { previewImport } from '../../src/main/importing/preview'
import type { ImportPreview, ImportResult } from '../../src/shared/datasets'
import { warningsOf } from '../../src/shared/reading'
import { imported, load, store, write } from './import-library'
import { recordingContext } from './recording-context'
import { xlsx } from './workbook.fixture'

/** What an analyst gets who says nothing but the file. */
async function unaided(
  name: string,
  content: string | Buffer,
): Promise<{ preview: ImportPreview; result: ImportResult }> {
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
  const file = write(name, content)
  const preview = await previewImport({ ratings: [file], items: null }, store.library)
  const { user, item, ...others } = preview.mapping
  if (user === null || item === null)
    throw new Error(`Neither names nor content told user and item: ${JSON.stringify(preview.mapping)}`)
  const result = await importRatings(
    store,
    {
      name,
      ratings: [file],
      items: null,
      mapping: { user, item, ...others },
      itemMapping: null,
      choices: preview.choices,
    },
    recordingContext().context,
  )
  return { preview, result }
}

const interactions = (result: ImportResult): string[] =>
  Object.entries(imported(result))
    .flatMap(([user, rows]) => rows.map((row) => [user, ...row].join(' ')))
    .sort()

/** Ratings of users and items, each pair once: enough to be recognised by content. */
const ratings = fc
  .uniqueArray(
    fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5 })),
    {
      minLength: 40,
      maxLength: 60,
      selector: ([user, item]) => `${user} ${item}`,
    },
  )
  .filter((rows) => new Set(rows.map(([, , rating]) => rating)).size === 5)

const runs = { numRuns: 8 }

test('a few cells that cannot be read do not lose a column, whatever it is called', async () => {
  await fc.assert(
    fc.asyncProperty(
      ratings,
      fc.constantFrom('?', 'n/a', 'keine Angabe', '99+', 'unknown'),
      fc.constantFrom('mark', 'x1', 'Urteil', 'col_c'),
      fc.nat(39),
      async (rows, slip, name, at) => {
        const lines = rows.map(([user, item, rating], n) => `u${user};i${item};${n === at ? slip : rating}`)
        const { preview, result } = await unaided('slips.csv', `user;item;${name}\n${lines.join('\n')}\n`)
        expect(preview.mapping.rating).toBe(name)
        expect(result).toMatchObject({ rejected: 1, interactions: rows.length - 1 })
        expect(preview.warnings.join()).toContain(`column "${name}": rating is a guess`)
      },
    ),
    runs,
  )
})

test('a value apart from the scale of ratings is said with its number of rows', async () => {
  await fc.assert(
    fc.asyncProperty(
      ratings,
      fc.constantFrom(99, 999, -99, -999, -1, 77),
      fc.uniqueArray(fc.nat(39), { minLength: 1, maxLength: 9 }),
      async (rows, code, without) => {
        const value = ([, , rating]: (typeof rows)[number], n: number): number =>
          without.includes(n) ? code : rating + (code === -1 ? 4 : 0)
        fc.pre(new Set(rows.map(value)).size === 6)
        const lines = rows.map((row, n) => `u${row[0]},i${row[1]},${value(row, n)}`)
        const { preview, result } = await unaided('codes.csv', `user,item,rating\n${lines.join('\n')}\n`)
        expect(result.interactions).toBe(rows.length)
        expect(preview.warnings.join()).toMatch(
          new RegExp(`${without.length} rows? (has|have) ${code}, which may stand for “not rated”`),
        )
      },
    ),
    runs,
  )
})

test('the largest of counts is no code for “not rated”, however far it is from the others', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 2, max: 9 }), { minLength: 2, maxLength: 4 }),
      fc.integer({ min: 30, max: 100 }),
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom('', 'user,item,value\n', 'user,item,rating\n'),
      async (smaller, largest, rare, header) => {
        const counts = [1, ...smaller.toSorted((a, b) => a - b)]
        // Of each count there are about half as many as of the one before.
        const rows = counts.flatMap((count, at) => Array.from({ length: Math.ceil(64 / 2 ** at) }, () => count))
        const values = [...rows, ...Array.from({ length: rare }, () => largest)]
        fc.pre(!/^(?:77|88|99)$/.test(String(largest)))
        const lines = values.map((value, n) => `u${n % 12},i${Math.floor(n / 12)},${value}`)
        const { preview } = await unaided('counts.csv', `${header}${lines.join('\n')}\n`)
        expect(preview.warnings.join()).not.toContain('not rated')
      },
    ),
    runs,
  )
})

test.each([
  ['a code for no answer beside a scale of which 1 is the most frequent', [40, 30, 20, 10, 5], 99, 2],
  ['a number that is more frequent than the others', [9, 9, 9, 9, 9], 50, 30],
  ['a number beside a scale of which 5 is the most frequent', [5, 10, 20, 30, 40], 50, 2],
])('%s is said', async (_about, scale, code, times) => {
  const values = [
    ...scale.flatMap((rows, at) => Array.from({ length: rows }, () => at + 1)),
    ...Array.from({ length: times }, () => code),
  ]
  const lines = values.map((value, n) => `u${n % 12},i${Math.floor(n / 12)},${value}`)
  const { preview } = await unaided('codes.csv', `user,item,rating\n${lines.join('\n')}\n`)
  expect(preview.warnings.join()).toContain(`${code}, which may stand for “not rated”`)
})

test('ratings of a plain scale are not doubted', async () => {
  await fc.assert(
    fc.asyncProperty(ratings, fc.constantFrom(0.5, 1, 2, 20), async (rows, step) => {
      const lines = rows.map(([user, item, rating]) => `u${user},i${item},${rating * step}`)
      const { preview } = await unaided('plain.csv', `user,item,rating\n${lines.join('\n')}\n`)
      expect(preview.warnings).toEqual([])
    }),
    runs,
  )
})

test('a title as wide as the table is no header, filled or not', async () => {
  const title = fc.constantFrom(
    ['Report of 2023', '', '', ''],
    ['Report', 'from 01.01.2023', 'to 31.12.2023', ''],
    ['Export', 'filter: none', 'sheet one', 'made by hand'],
  )
  await fc.assert(
    fc.asyncProperty(
      ratings,
      title,
      fc.boolean(),
      fc.constantFrom(',', ';', '\t'),
      async (rows, cells, blank, sign) => {
        const head = [cells, ...(blank ? [['', '', '', '']] : []), ['Customer', 'Product', 'Rating', 'Date']]
        const body = rows.map(([user, item, rating], n) => [
          `c${user}`,
          `p${item}`,
          `${rating}`,
          `2023-0${1 + (n % 9)}-15`,
        ])
        const text = [...head, ...body].map((line) => line.join(sign)).join('\n')
        const { preview, result } = await unaided('title.csv', `${text}\n`)
        expect(preview.mapping).toMatchObject({ user: 'Customer', item: 'Product', rating: 'Rating', time: 'Date' })
        expect(result).toMatchObject({ interactions: rows.length, rejected: 0 })
        const book = [
          ...head,
          ...body.map(([user, item, , date], n) => [user ?? '', item ?? '', rows[n]?.[2] ?? 0, date ?? '']),
        ]
        expect((await unaided('title.xlsx', Buffer.from(xlsx(book)))).result).toMatchObject({
          interactions: rows.length,
          rejected: 0,
        })
      },
    ),
    { numRuns: 8 },
  )
})

test('columns that two spaces or more separate keep the words of their values', async () => {
  const word = fc.constantFrom('Tea', 'Old', 'Big Red', 'Le Mans 66', 'A')
  await fc.assert(
    fc.asyncProperty(ratings, fc.array(word, { minLength: 12, maxLength: 12 }), async (rows, words) => {
      const line = (cells: readonly string[]): string =>
        `${cells[0]?.padEnd(12)}  ${cells[1]?.padEnd(20)}  ${cells[2]?.padStart(6)}`
      const titled = rows.map(([user, item, rating]) => [`u${user}`, `${words[item - 1]} no ${item}`, `${rating}`])
      const text = [['CUSTOMER', 'PRODUCT', 'RATING'], ...titled].map(line).join('\n')
      const { preview, result } = await unaided('columns.lst', `${text}\n`)
      expect(preview.mapping).toMatchObject({ user: 'CUSTOMER', item: 'PRODUCT', rating: 'RATING' })
      expect(interactions(result)).toEqual(titled.map((cells) => cells.join(' ')).sort())
    }),
    runs,
  )
})

describe('times', () => {
  const columns = { user: 'user', item: 'item', rating: null, time: 'when' }
  const two = (n: number): string => String(n).padStart(2, '0')
  const moments = fc.array(fc.integer({ min: 1_600_000_000, max: 1_760_000_000 }), { minLength: 30, maxLength: 40 })

  const forms: readonly (readonly [string, (date: Date) => string, number])[] = [
    [
      'points',
      (d) =>
        `${two(d.getUTCDate())}/${two(d.getUTCMonth() + 1)}/${d.getUTCFullYear()} ${two(d.getUTCHours())}.${two(d.getUTCMinutes())}.${two(d.getUTCSeconds())}`,
      1,
    ],
    [
      'points without seconds',
      (d) =>
        `${d.getUTCDate()}.${d.getUTCMonth() + 1}.${d.getUTCFullYear()} ${d.getUTCHours()}.${two(d.getUTCMinutes())}`,
      60,
    ],
    [
      'h',
      (d) =>
        `${two(d.getUTCDate())}/${two(d.getUTCMonth() + 1)}/${d.getUTCFullYear()} à ${two(d.getUTCHours())}h${two(d.getUTCMinutes())}`,
      60,
    ],
    [
      'PM behind a narrow space',
      (d) =>
        `${d.getUTCDate()} ${['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][d.getUTCMonth()]} ${d.getUTCFullYear()}, ${d.getUTCHours() % 12 || 12}:${two(d.getUTCMinutes())}\u202f${d.getUTCHours() < 12 ? 'AM' : 'PM'}`,
      60,
    ],
  ]
  test.each(forms)('with %s are what they say', async (_, written, exact) => {
    await fc.assert(
      fc.asyncProperty(moments, async (seconds) => {
        // A day above 12 proves the order.
        fc.pre(seconds.some((second) => new Date(second * 1000).getUTCDate() > 12))
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        const lines = seconds.map((second, n) => `u;i${n};${written(new Date(second * 1000))}`)
        const result = await load(write('clock.csv', `user;item;when\n${lines.join('\n')}\n`), columns)
        const stored = Object.fromEntries((imported(result).u ?? []).map(([item, time]) => [String(item), time]))
        expect(stored).toEqual(Object.fromEntries(seconds.map((second, n) => [`i${n}`, second - (second % exact)])))
      }),
      runs,
    )
  })

  test('that a spreadsheet rounded, and that lie in the future, are said', async () => {
    await fc.assert(
      fc.asyncProperty(moments, fc.integer({ min: 1, max: 9 }), async (seconds, ahead) => {
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        const rows = (texts: readonly string[]): string =>
          `user,item,when\n${texts.map((text, n) => `u,i${n},${text}`).join('\n')}\n`
        const rounded = await load(
          write('rounded.csv', rows(seconds.map((second) => second.toExponential(5).toUpperCase()))),
          columns,
        )
        expect(warningsOf(rounded.choices).join()).toContain(
          `A spreadsheet rounded all of the ${seconds.length} numbers`,
        )
        store.datasets.delete(rounded.dataset)
        const future = seconds.map((second, n) =>
          new Date((n < ahead ? second + 6e9 : second) * 1000).toISOString().slice(0, 19),
        )
        const late = await load(write('future.csv', rows(future)), columns)
        expect(warningsOf(late.choices).join()).toMatch(
          new RegExp(`when": times in the future .* ${ahead} rows? (is|are) more than a year in the future`),
        )
      }),
      { numRuns: 6 },
    )
  })

  test('of a workbook whose days and months a spreadsheet swapped are said to be', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 1, max: 12 })), {
          minLength: 20,
          maxLength: 30,
        }),
        async (days) => {
          const late = days.filter(([day]) => day > 12).length
          fc.pre(late > 0 && late < days.length)
          for (const { id } of store.datasets.list()) store.datasets.delete(id)
          const cells = days.map(([day, month]) =>
            day > 12 ? `${two(day)}/${two(month)}/2023` : Date.UTC(2023, day - 1, month) / 86_400_000 + 25_569,
          )
          const book = [['user', 'item', 'when'], ...cells.map((cell, n) => ['u', `i${n}`, cell])]
          const result = await load(write('swapped.xlsx', Buffer.from(xlsx(book, { dates: [2] }))), columns)
          const warnings = warningsOf(result.choices).join()
          expect(warnings).toMatch(new RegExp(`${late} cells? (is a text|are texts) such as`))
          expect(warnings).toContain('No date has a day above 12')
        },
      ),
      runs,
    )
  })
})

test('users who stand for nobody are said, by their word or by their number of rows', async () => {
  await fc.assert(
    fc.asyncProperty(
      ratings,
      fc.constantFrom('NA', '(null)', 'N/A', 'unknown', 'anonymous', 'guest', 'unbekannt', '0', '-', '[null]'),
      async (rows, word) => {
        const known = rows.map(([user, item, rating]) => `u${user},i${item},${rating}`)
        const nobody = rows.map(([, , rating], n) => `${word},i${n},${rating}`)
        const { result } = await unaided('nobody.csv', `user,item,rating\n${[...known, ...nobody].join('\n')}\n`)
        expect(warningsOf(result.choices).join()).toContain(`“${word}” in ${rows.length} rows`)
      },
    ),
    runs,
  )
})

test('parts of a file behind its header are read by the names of the first', async () => {
  await fc.assert(
    fc.asyncProperty(ratings, fc.integer({ min: 5, max: 35 }), async (rows, cut) => {
      for (const { id } of store.datasets.list()) store.datasets.delete(id)
      const lines = rows.map(([user, item, rating]) => `u${user},i${item},${rating}`)
      const files = [
        write('xaa.csv', `user,item,rating\n${lines.slice(0, cut).join('\n')}\n`),
        write('xab.csv', `${lines.slice(cut).join('\n')}\n`),
      ]
      const result = await load(files, { user: 'user', item: 'item', rating: 'rating', time: null })
      expect(interactions(result)).toEqual(rows.map(([user, item, rating]) => `u${user} i${item} ${rating}`).sort())
      expect(warningsOf(result.choices).join()).toContain(
        'xab.csv, header: the columns of xaa.csv, in their order is a guess',
      )
    }),
    runs,
  )
})

describe('a column that is called a count', () => {
  const counted = fc.constantFrom('plays', 'count', 'playcount', 'quantity', 'Anzahl', 'views')
  const unread = fc.constantFrom('~3', '1.2K', '>10', '5 pcs', '?', 'viele')
  const sign = fc.constantFrom(',', ';', '\t')

  test('is a count although a few of its cells are none, and their rows are rejected', async () => {
    await fc.assert(
      fc.asyncProperty(ratings, unread, counted, sign, fc.nat(39), async (rows, slip, name, separator, at) => {
        const lines = rows.map(([user, item, count], n) =>
          [`u${user}`, n === at ? slip : count, `i${item}`].join(separator),
        )
        const header = ['user', name, 'item'].join(separator)
        const { preview, result } = await unaided('slip.csv', `${header}\n${lines.join('\n')}\n`)
        expect(preview.mapping).toMatchObject({ user: 'user', item: 'item', rating: null, count: name })
        expect(result).toMatchObject({ rejected: 1, interactions: rows.length - 1 })
        expect(interactions(result)).toEqual(
          rows
            .filter((_, n) => n !== at)
            .map(([user, item, count]) => `u${user} i${item} ${count}`)
            .sort(),
        )
      }),
      runs,
    )
  })

  test('is left out with a warning if many of its cells are no numbers', async () => {
    const notations = fc.constantFrom('pcs', 'K', ' mal', '+')
    await fc.assert(
      fc.asyncProperty(ratings, notations, counted, fc.integer({ min: 1, max: 3 }), async (rows, unit, name, every) => {
        const lines = rows.map(([user, item, count], n) => `u${user},i${item},${count}${n % every === 0 ? unit : ''}`)
        const { preview, result } = await unaided('units.csv', `user,item,${name}\n${lines.join('\n')}\n`)
        expect(preview.mapping.count).toBeUndefined()
        expect(result).toMatchObject({ rejected: 0, interactions: rows.length })
        const warning = preview.warnings.find((one) => one.includes(`column "${name}": left out is a guess`))
        expect(warning).toMatch(/Its name says count, but .* read as (?:a number|numbers)/)
        expect(warning).toContain('--count none')
        if (every > 1) expect(warning).toContain(`--count "${name}"`)
      }),
      runs,
    )
  })

  test('is no count without numbers in its cells: units of measure are left out without a warning', async () => {
    await fc.assert(
      fc.asyncProperty(ratings, async (rows) => {
        const lines = rows.map(([user, item, rating], n) => `u${user},i${item},${rating},${n % 2 === 0 ? 'kg' : 'box'}`)
        const { preview } = await unaided('units.csv', `user,item,rating,units\n${lines.join('\n')}\n`)
        expect(preview.mapping.rating).toBe('rating')
        expect(preview.warnings.join()).not.toContain('units')
      }),
      runs,
    )
  })

  test('numbers whose name says nothing are said to be left out, also with a cell that is none', async () => {
    await fc.assert(
      fc.asyncProperty(ratings, unread, fc.nat(39), async (rows, slip, at) => {
        const lines = rows.map(([user, item], n) => `u${user},i${item},${n === at ? slip : (n * 37) % 400}`)
        const { preview } = await unaided('amounts.csv', `user,item,xq\n${lines.join('\n')}\n`)
        expect(preview.mapping.count).toBeUndefined()
        expect(preview.warnings.join()).toContain('column "xq": left out is a guess')
      }),
      runs,
    )
  })
})
