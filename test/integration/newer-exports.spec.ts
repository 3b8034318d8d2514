import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importResult } from '../../src/shared/datasets'
import type { DatasetId } from '../../src/shared/ids'
import { startStudio } from './studio.fixture'
import { newDesk, type Desk } from './vasp.fixture'

let desk: Desk
const write = (name: string, lines: readonly string[]): string => {
  const file = join(desk.folder, name)
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}
const warnings = (stderr: string): string[] => stderr.split('\n').filter((line) => line.startsWith('warning:'))
/** Days of a data set's interactions by user, from what its page shows. */
async function stored(id: DatasetId): Promise<string[]> {
  const studio = await startStudio(desk.library)
  try {
    const { rows } = await studio.engine.client.browse.interactions({
      id,
      user: null,
      item: null,
      by: 'stored',
      direction: 'ascending',
      offset: 0,
      limit: 200,
    })
    return rows.map(
      ({ user, value, time }) => `${user} ${value} ${new Date((time ?? 0) * 1000).toISOString().slice(0, 10)}`,
    )
  } finally {
    await studio.close()
  }
}

beforeAll(() => {
  desk = newDesk()
})
afterAll(() => desk.remove())

describe('a newer export of a data set', () => {
  it('is read by the reading of the data set, which a file of its own would not prove', async () => {
    // 23/02 proves that the day is first, 3,5 that the comma is a decimal one.
    const first = write('january.csv', [
      'kdo;co;znamka;kdy',
      'ann;a;3,5;23/02/2024',
      'bob;a;4;03/02/2024',
      'bob;b;2,5;04/02/2024',
    ])
    const named = ['--user', 'kdo', '--item', 'co', '--rating', 'znamka', '--time', 'kdy']
    await desk.json(importResult, 'import', first, '--name', 'shop', ...named)
    // Neither is proven here: by itself it would be month first.
    const second = write('february.csv', ['kdo,co,znamka,kdy', 'ann,b,4,05/03/2024', 'eve,a,5,06/03/2024'])
    const { code, stdout, stderr } = await desk.vasp('import', second, '--refresh', 'shop', '--json')
    expect(code, stderr).toBe(0)
    const { dataset, choices } = importResult.parse(JSON.parse(stdout))
    // Nobody has said so of this file: version 1 had it from its own dates.
    const of = (about: string, column: string) =>
      choices.find((choice) => choice.about === about && choice.column === column)?.evidence
    expect(of('dates', 'kdy')).toBe('As in version 1.')
    expect(of('column', 'kdo')).toBe('As in version 1.')
    expect(stderr).toContain('read like version 1 of "shop"')
    expect(await stored(dataset)).toEqual(['ann 4 2024-03-05', 'eve 5 2024-03-06'])

    // What is named beside it wins.
    const changed = await desk.json(importResult, 'import', second, '--refresh', 'shop', '--dates', 'month-first')
    expect(changed.choices.find(({ about }) => about === 'dates')?.evidence).toBe('It was chosen.')
    expect(await stored(changed.dataset)).toEqual(['ann 4 2024-05-03', 'eve 5 2024-06-03'])
  })

  it('is read by the day alone where the data set was, though its times of day could be joined to it', async () => {
    const lines = (user: string): string[] => [
      'user,item,stars,date,time',
      `${user},a,3,2024-02-23,10:30`,
      `${user},b,4,2024-02-24,09:00`,
    ]
    const first = await desk.json(
      importResult,
      'import',
      write('days.csv', lines('ann')),
      '--name',
      'days',
      '--time',
      'date',
    )
    expect(first.choices.find(({ column, about }) => column === 'date' && about === 'column')?.value).toBe('time')
    const { code, stdout, stderr } = await desk.vasp(
      'import',
      write('more.csv', lines('bob')),
      '--refresh',
      'days',
      '--json',
    )
    expect(code, stderr).toBe(0)
    const { dataset, choices } = importResult.parse(JSON.parse(stdout))
    expect(choices.find(({ column, about }) => column === 'date' && about === 'column')).toMatchObject({
      value: 'time',
      evidence: 'As in version 1.',
    })
    // The joined time is named as what there is beside it.
    expect(stderr).toContain('--time "date + time"')
    expect(await stored(dataset)).toEqual(['bob 3 2024-02-23', 'bob 4 2024-02-24'])
    const both = await desk.json(
      importResult,
      'import',
      write('more.csv', lines('bob')),
      '--refresh',
      'days',
      '--time',
      'date + time',
    )
    expect(both.choices.find(({ column }) => column === 'date + time')?.value).toBe('time')
  })

  it('is warned of where its ids are written in another way than those of the version to which it is added', async () => {
    const first = write('decimal.csv', ['user,item,rating', '1.0,x1,5', '2.0,x1,4', '2.0,x2,3'])
    const told = await desk.vasp('import', first, '--name', 'decimal', '-q')
    expect(warnings(told.stderr).join('\n')).toMatch(/column "user": .*2 of 2 ids end with \.0.*--join-ids/)
    const second = write('whole.csv', ['user,item,rating', '1,x2,5', '2,x3,4', '3,x3,4'])
    const { code, stderr } = await desk.vasp('import', second, '--append-to', 'decimal', '-q')
    expect(code, stderr).toBe(0)
    expect(warnings(stderr).join('\n')).toMatch(
      /column "user": other users than those of “decimal” is a guess\. Of 3 ids looked up, none is known, but 2 would be in another form, such as “\d\.0” instead of “\d”/,
    )
    // The same ids again, and others beside them, are no reason to warn.
    const third = write('more.csv', ['user,item,rating', '1,x1,5', '2,x1,4', '77,x1,4'])
    expect(warnings((await desk.vasp('import', third, '--append-to', 'decimal', '-q')).stderr)).toEqual([])
  })

  /** Rows as a library writes them: things before people, so that a guess would swap the two. */
  const loans = (header: string, from: number): string[] => [
    header,
    ...Array.from({ length: 60 }, (_, n) => {
      const at = from + n
      return [`w${(at * 7) % 23}`, `t${(at * 5) % 17}`, 1 + (at % 5), `${String(13 + (at % 15))}/02/2024`].join(';')
    }),
  ]

  it.each([
    ['the rating', 'who;thing;stars;d', 'who;thing;points;d', 'stars', 'rating'],
    ['the time', 'who;thing;stars;d', 'who;thing;stars;day', 'd', 'time'],
    ['the user', 'who;thing;stars;d', 'person;thing;stars;d', 'who', 'user'],
    ['the item', 'who;thing;stars;d', 'who;track;stars;d', 'thing', 'item'],
  ])(
    'in which %s is called something else keeps the roles of the other columns',
    async (about, first, second, column, role) => {
      const name = `loans ${about}`
      // Users are what is lent: nothing but the earlier reading says so.
      const named = ['--user', 'thing', '--item', 'who', '--rating', 'stars', '--time', 'd']
      const asked = role === 'user' ? ['--user', 'who', '--item', 'thing', ...named.slice(4)] : named
      const swapped =
        role === 'user' || role === 'item' ? ['--user', 'who', '--item', 'thing', ...named.slice(4)] : asked
      await desk.json(importResult, 'import', write('first.csv', loans(first, 0)), '--name', name, ...swapped)
      const { code, stdout, stderr } = await desk.vasp(
        'import',
        write('second.csv', loans(second, 60)),
        '--append-to',
        name,
        '--json',
      )
      expect(code, stderr).toBe(0)
      expect(warnings(stderr).join('\n')).toMatch(
        new RegExp(
          `second\\.csv lacks the column of version 1 of "${name}": "${column}"\\. A column for ${role} is looked for again`,
        ),
      )
      const { dataset, choices } = importResult.parse(JSON.parse(stdout))
      const header = second.split(';')
      const roleOf = (one: string | undefined): string | undefined =>
        choices.find((choice) => choice.about === 'column' && choice.column === one)?.value
      const expected =
        role === 'user' || role === 'item' ? ['user', 'item', 'rating', 'time'] : ['item', 'user', 'rating', 'time']
      expect(header.map(roleOf)).toEqual(expected)
      // As many users and items as in one file of all rows.
      const users = new Set((await stored(dataset)).map((row) => row.split(' ')[0]?.charAt(0)))
      expect([...users]).toEqual([role === 'user' || role === 'item' ? 'w' : 't'])
    },
  )

  it('that names no value any more is said to have none', async () => {
    await desk.json(importResult, 'import', write('valued.csv', loans('who;thing;stars;d', 0)), '--name', 'valued')
    const file = write(
      'valueless.csv',
      loans('who;thing;stars;d', 60).map((line) =>
        line
          .split(';')
          .filter((_, n) => n !== 2)
          .join(';'),
      ),
    )
    const { code, stderr } = await desk.vasp('import', file, '--refresh', 'valued')
    expect(code, stderr).toBe(0)
    expect(warnings(stderr).join('\n')).toContain('No column was found for the rating that version 1 of "valued" has')
  })

  it('whose users are the items of the data set is refused, and is added with the columns that the refusal names', async () => {
    await desk.json(importResult, 'import', write('first.csv', loans('who;thing;stars;d', 0)), '--name', 'apart')
    const file = write('swapped.csv', loans('item;user;stars;d', 60))
    const { code, stderr } = await desk.vasp('import', file, '--append-to', 'apart')
    expect(code).not.toBe(0)
    expect(stderr).toMatch(/“user” was taken for the users, but 17 of its 17 ids are items of “apart”/)
    expect(stderr).toContain('--user "item" --item "user"')
    const again = await desk.vasp('import', file, '--append-to', 'apart', '--user', 'item', '--item', 'user')
    expect(again.code, again.stderr).toBe(0)
  })

  it('whose users are new numbers that items have, too, is added', async () => {
    const rows = (users: number, items: number): string[] => [
      'user,item,rating',
      ...Array.from({ length: 60 }, (_, n) => [users + ((n * 7) % 13), items + ((n * 5) % 19), 1 + (n % 5)].join(',')),
    ]
    await desk.json(importResult, 'import', write('first.csv', rows(1, 1)), '--name', 'numbers')
    for (const [users, items] of [
      [14, 1],
      [8, 20],
      [14, 30],
    ] as const) {
      const added = await desk.vasp('import', write('next.csv', rows(users, items)), '--append-to', 'numbers')
      expect(added.code, added.stderr).toBe(0)
    }
  })

  it('that lacks a column of the data set is recognised again, with a message', async () => {
    const file = write('march.csv', ['user,item,kdy', 'ann,b,07/03/2024', 'eve,a,08/03/2024', 'eve,b,09/03/2024'])
    const { code, stderr } = await desk.vasp('import', file, '--refresh', 'shop')
    expect(code, stderr).toBe(0)
    expect(warnings(stderr).join('\n')).toMatch(
      /march\.csv lacks columns of version \d of "shop": "kdo", "co", "znamka"/,
    )
  })

  it.each([
    ['Anzahlwert', ','],
    ['how much', ';'],
    ['x', '\t'],
  ])(
    'says that a column “%s”, which the version before did not use because it was constant, is left out',
    async (name, sign) => {
      const rows = (value: (at: number) => number): string[] => [
        ['user', 'item', name].join(sign),
        ...Array.from({ length: 40 }, (_, at) => [`u${at % 8}`, `i${(at * 3) % 13}`, value(at)].join(sign)),
      ]
      const set = `constant ${name}`
      await desk.json(
        importResult,
        'import',
        write(
          'ones.csv',
          rows(() => 1),
        ),
        '--name',
        set,
      )
      const again = await desk.vasp(
        'import',
        write(
          'ones.csv',
          rows(() => 1),
        ),
        '--append-to',
        set,
      )
      expect(again.stderr).not.toContain('left out is a guess')
      const { code, stderr } = await desk.vasp(
        'import',
        write(
          'more.csv',
          rows((at) => 1 + (at % 9)),
        ),
        '--append-to',
        set,
      )
      expect(code, stderr).toBe(0)
      expect(warnings(stderr).join('\n')).toMatch(
        new RegExp(`column "${name}": left out is a guess. Version 2 has no (rating|count)`),
      )
    },
  )
})
