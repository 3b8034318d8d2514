import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { warningsOf } from '../../src/shared/reading'
import { imported, load, pairs, store, write } from './import-library'

const forget = (): void => {
  for (const { id } of store.datasets.list()) store.datasets.delete(id)
}
const table = (header: string, lines: readonly string[]): string => `${[header, ...lines].join('\n')}\n`
const upper = (id: string): string => id.toUpperCase()

test('ids that differ only in upper and lower case stay apart with a warning, and are one where that was chosen', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.stringMatching(/^[a-z]{2}[0-9]{2}$/), { minLength: 4, maxLength: 6 }),
      fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }),
      async (items, shouted) => {
        forget()
        const ids = shouted.map((is, n) => {
          const id = items[n % items.length] ?? ''
          // The first three of each are written in small letters, which is then the most frequent form.
          return is && n >= 3 * items.length ? upper(id) : id
        })
        const rows = ids.map((id, n) => `u${n},${id},Film ${id.toLowerCase()}`)
        const file = write('cases.csv', table('user,item,title', rows))
        const mapping = { ...pairs, title: 'title' }
        const apart = await load(file, mapping)
        expect(apart.items).toBe(new Set(ids).size)
        const twins = new Set(ids.filter((id) => ids.includes(upper(id)) && ids.includes(id.toLowerCase()))).size
        const offered = apart.choices.filter(({ evidence }) => evidence.includes('only in upper and lower case'))
        expect(offered).toHaveLength(twins > 0 ? 1 : 0)
        if (twins > 0) {
          expect(offered).toMatchObject([{ certainty: 'guess', control: 'Ids', option: '--join-ids' }])
          expect(offered[0]?.evidence).toContain(`${twins} of ${new Set(ids).size} ids differ from others`)
          expect(offered[0]?.evidence).toContain(`Joined, ${items.length} ids remain.`)
        }
        forget()
        const details = table(
          'item,name,colour',
          items.map((id, n) => `${n % 2 === 0 ? upper(id) : id},Name ${id},red`),
        )
        const joined = await load(file, mapping, { reading: { joinIds: true }, items: write('items.csv', details) })
        expect(store.datasets.items(joined.dataset).map(({ externalId }) => externalId)).toEqual([...items].sort())
        expect(Object.entries(imported(joined)).map(([user, rows]) => [user, rows[0]?.[0]])).toEqual(
          ids.map((id, n) => [`u${n}`, id.toLowerCase()]).sort(),
        )
        expect(joined.choices.filter(({ value }) => value.includes('upper and lower case are one'))).toHaveLength(
          twins > 0 ? 1 : 0,
        )
        for (const { externalId, title } of store.datasets.items(joined.dataset))
          if (ids.includes(upper(externalId))) expect([`Name ${externalId}`, `Film ${externalId}`]).toContain(title)
      },
    ),
    { numRuns: 12 },
  )
})

test('a file of LibSVM says what it is and what to do, and a table with times of day stays one', async () => {
  const lines = ['3 1:5 7:2', '1 2:0.5 9:1e-3', '-1 4:1', '0,2 qid:3 1:1 2:2 # a remark']
  await expect(load(write('train.txt', `${lines.join('\n')}\n`), pairs)).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message:
      'train.txt is a LibSVM (SVMlight) file, with a label and pairs of a number and a value in each line, which cannot be read.',
    next: expect.stringContaining('.mtx') as string,
  })
  const clocks = Array.from({ length: 12 }, (_, n) => `${n % 4} ${8 + n}:15 ${9 + n}:45`)
  const seen = await previewImport(
    { ratings: [write('shifts.txt', `${clocks.join('\n')}\n`)], items: null },
    store.library,
  )
  expect(seen.ratings.columns).toHaveLength(3)
})

const timed = { ...pairs, time: 'time' }
const secondsOf = (result: Awaited<ReturnType<typeof load>>): number =>
  Number(Object.values(imported(result))[0]?.[0]?.[1])

test.each([
  ['2024-03-11T09:30:00Z+02:00', '2024-03-11T07:30:00Z', true],
  ['2024-03-11 09:30:00 +0200 CET', '2024-03-11T07:30:00Z', true],
  ['2024-03-11 09:30:00 +0200 CEST', '2024-03-11T07:30:00Z', false],
  ['2024-03-11 09:30:00 +0000 UTC', '2024-03-11T09:30:00Z', false],
  ['2024-03-11T09:30:00Z+00:00', '2024-03-11T09:30:00Z', false],
])('of two zones in %s, the offset in digits counts, and a difference is said', async (written, moment, differs) => {
  const result = await load(write('zones.csv', table('user,item,time', [`u,i,${written}`])), timed)
  expect(secondsOf(result)).toBe(Date.parse(moment) / 1000)
  const said = warningsOf(result.choices).filter((warning) => warning.includes('where a time has two zones'))
  expect(said).toHaveLength(differs ? 1 : 0)
  if (differs) expect(said[0]).toContain(written)
})

test.each([
  ['time (CET)', '2024-03-11 09:30:00', 'UTC is a guess. No time names a zone, but the name of the column says CET'],
  ['time UTC+2', '2024-03-11 09:30:00', 'UTC is a guess. No time names a zone, but the name of the column says UTC+2'],
  ['time [CET]', '2024-03-11 09:30:00+05:00', 'the zone that each names is a guess. A zone stands in 1 row, but'],
  ['time (UTC)', '2024-03-11 09:30:00', null],
  ['time (CET)', '2024-03-11T09:30:00+01:00', null],
  ['time-3', '2024-03-11 09:30:00', null],
])('the zone in the name “%s” is compared with %s', async (name, written, warning) => {
  const file = write('named.csv', table(`user,item,${name}`, [`u,i,${written}`]))
  const { choices } = await load(file, { ...pairs, time: name })
  const said = warningsOf(choices).filter((one) => one.includes(`"${name}"`))
  expect(said).toHaveLength(warning === null ? 0 : 1)
  if (warning !== null) expect(said[0]).toContain(warning)
})

test('the same guess about several files is one warning, which names them', () => {
  const guess = (file: string, value = 'Central European (Windows-1250)') => ({
    about: 'encoding' as const,
    file,
    column: null,
    value,
    certainty: 'guess' as const,
    evidence: `Line 3 of it.`,
    affectsData: true,
    control: 'Encoding' as const,
    option: '--encoding utf-8',
  })
  expect(warningsOf([guess('a.csv')])).toEqual([
    'a.csv, encoding: Central European (Windows-1250) is a guess. Line 3 of it. If it is wrong, use --encoding utf-8 (in the app: Encoding).',
  ])
  expect(warningsOf([guess('a.csv'), guess('b.csv', 'KOI8-R'), guess('c.csv')])).toEqual([
    'a.csv and c.csv, encoding: Central European (Windows-1250) is a guess. In a.csv: Line 3 of it. If it is wrong, use --encoding utf-8 (in the app: Encoding).',
    'b.csv, encoding: KOI8-R is a guess. Line 3 of it. If it is wrong, use --encoding utf-8 (in the app: Encoding).',
  ])
  const many = ['a', 'b', 'c', 'd', 'e'].map((name) => guess(`${name}.csv`))
  expect(warningsOf(many)[0]).toMatch(/^a\.csv, b\.csv and 3 other files, encoding: /)
})
