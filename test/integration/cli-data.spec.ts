import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { dataset, datasetDependents, importResult } from '../../src/shared/datasets'
import { trainResult } from '../../src/shared/runs'
import { writeRatings } from './studio.fixture'
import { newDesk, type Desk } from './vasp.fixture'

let desk: Desk
beforeAll(() => {
  desk = newDesk()
})
afterAll(() => desk.remove())

const write = (name: string, content: string | Uint8Array): string => {
  const file = join(desk.folder, name)
  writeFileSync(file, content)
  return file
}
const versions = async () =>
  (await desk.json(z.object({ datasets: z.array(dataset) }), 'datasets')).datasets.map(({ name, version, users }) => [
    name,
    version,
    users,
  ])

describe('versions', () => {
  const held = ['--test', '10', '--validation', '10']

  it('appends and refreshes by name, and says so', async () => {
    writeRatings(join(desk.folder, 'ratings.csv'), 60, 20)
    await desk.json(importResult, 'import', 'ratings.csv', '--name', 'shop', '--duplicates', 'first')
    write('newer.csv', 'userId,movieId,rating,timestamp\n1,100,1,2000000\nnew,100,5,2000000\n')
    const appended = await desk.vasp('import', 'newer.csv', '--append-to', 'shop')
    expect(appended.stdout).toMatch(/^Imported "shop" as data set 2 .* of 61 users/m)
    const refreshed = await desk.json(importResult, 'import', 'newer.csv', '--refresh', 'shop@1')
    expect(refreshed).toMatchObject({ dataset: 3, users: 2, items: 1, interactions: 2 })
    expect(await versions()).toEqual([
      ['shop', 3, 2],
      ['shop', 2, 61],
      ['shop', 1, 60],
    ])
  })

  it('takes NAME@2 for the second version, NAME for the newest', async () => {
    const trained = await desk.json(trainResult, 'train', '--data', 'shop@2', '--model', 'popularity', ...held)
    const listed = z.object({ runs: z.array(z.object({ id: z.number(), datasetVersion: z.number() })) })
    expect(await desk.json(listed, 'runs')).toEqual({ runs: [{ id: trained.run, datasetVersion: 2 }] })
    expect(await desk.json(listed, 'runs', '--data', 'shop')).toEqual({ runs: [] })
    for (const unknown of ['shop@9', 'shop@0', 'shop@two', 'nothing@1'])
      expect(await desk.failure('train', '--data', unknown, '--model', 'popularity')).toMatchObject({
        exit: 2,
        code: 'NOT_FOUND',
      })
    expect(await desk.failure('import', 'newer.csv', '--refresh', 'shop@9')).toMatchObject({ code: 'NOT_FOUND' })
    expect(await desk.failure('import', 'newer.csv', '--refresh', 'shop', '--name', 'x')).toMatchObject({ exit: 2 })
  })

  it('renames all versions at once, and a run', async () => {
    expect((await desk.vasp('rename', 'dataset', 'shop', 'store')).stdout).toBe('The data set "shop" is now "store".\n')
    expect((await versions()).map(([name]) => name)).toEqual(['store', 'store', 'store'])
    await desk.vasp('rename', 'dataset', 'store', 'shop')
    expect((await desk.vasp('rename', 'run', '1', 'most popular')).stdout).toBe('Run 1 is now "most popular".\n')
    expect(await desk.failure('rename', 'run', '99', 'x')).toMatchObject({ exit: 2, code: 'NOT_FOUND' })
  })

  it('deletes one version by NAME@2 with what depends on it listed, then all by name', async () => {
    const deleted = z.object({ id: z.number(), freedBytes: z.number(), dependents: datasetDependents })
    const one = await desk.json(deleted, 'delete', 'dataset', 'shop@2')
    expect(one.dependents).toMatchObject({ versions: [{ id: 2, version: 2 }], runs: [{ id: 1 }], exports: 0, maps: 0 })
    expect(one.freedBytes).toBeGreaterThan(0)
    expect((await versions()).map(([, version]) => version)).toEqual([3, 1])
    expect(readdirSync(join(desk.library, 'weights'))).toEqual([])

    await desk.json(trainResult, 'train', '--data', 'shop@1', '--model', 'popularity', ...held)
    const all = await desk.vasp('delete', 'dataset', 'shop')
    expect(all.stdout).toMatch(/^Deleted data set "shop" \(2 versions\) with 1 run, .* freed\.$/m)
    expect(await versions()).toEqual([])
  })
})

describe('files that should not be read', () => {
  it('says once why an import is refused', async () => {
    const times = ['20240301', '20240302', '5', '6000']
    write('kinds.csv', `user,item,timestamp\n${times.map((time, n) => `u,i${n},${time}\n`).join('')}`)
    const { code, stderr } = await desk.vasp('import', 'kinds.csv', '--name', 'kinds')
    expect(code).toBe(2)
    expect(stderr.match(/are of several kinds/g)).toHaveLength(1)
    const mine = Array.from({ length: 30 }, (_, n) => `Film ${n},${1950 + n},${n % 5},2024-03-${10 + (n % 9)}\n`)
    write('mine.csv', `Name,Year,My Rating,Date\n${mine.join('')}`)
    const own = await desk.vasp('import', 'mine.csv', '--name', 'mine')
    expect(own.code).toBe(2)
    expect(own.stderr).toMatch(
      /^error: No column says whose rows these are: mine\.csv looks like the list of one person\./m,
    )
    expect(own.stderr.match(/list of one person/g)).toHaveLength(1)
    expect(stderr).toMatch(/^error: The numbers of the time column “timestamp” are of several kinds/m)
  })

  const header = 'userId,movieId,rating,timestamp\n'

  it.each<[string, () => string, RegExp]>([
    [
      'a ZIP bomb',
      () => write('bomb.zip', zipSync({ 'ratings.csv': new Uint8Array(100 * 1024 * 1024) })),
      /bomb\.zip .*made to fill disks/,
    ],
    [
      'a ZIP with names that lead out of it',
      () => write('out.zip', zipSync({ '../ratings.csv': Buffer.from(`${header}1,2,3,4\n`) })),
      /points outside the archive/,
    ],
    [
      'a damaged database',
      () => write('broken.db', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(5000, 7)])),
      /SQLite database broken\.db/,
    ],
    [
      'a database without a table',
      () => {
        const path = join(desk.folder, 'empty.db')
        const database = new Database(path)
        database.exec('CREATE TABLE gone (a); DROP TABLE gone')
        database.close()
        return path
      },
      /empty\.db has no table/,
    ],
    [
      'a database with a view that never ends',
      () => {
        const path = join(desk.folder, 'endless.db')
        const database = new Database(path)
        database.exec(
          `CREATE VIEW plays AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS userId, i AS movieId FROM n`,
        )
        database.close()
        return path
      },
      /endless\.db .*made to fill disks/,
    ],
  ])('%s', async (_, make, cause) => {
    expect(await desk.failure('import', make(), '--name', 'bad')).toMatchObject({
      exit: 2,
      code: 'BAD_INPUT',
      message: expect.stringMatching(cause) as string,
    })
    expect(await versions()).toEqual([])
    expect(readdirSync(join(desk.library, 'scratch'))).toEqual([])
  })

  it('reads another program’s database without writing to it or beside it', async () => {
    const path = join(desk.folder, 'other.db')
    const database = new Database(path)
    database.pragma('journal_mode = WAL')
    database.exec(`CREATE TABLE plays (userId, movieId); INSERT INTO plays VALUES (1, 'a'), (2, 'a'), (2, 'b')`)
    const state = (): string[] =>
      readdirSync(desk.folder)
        .filter((name) => name.startsWith('other.db'))
        .map(
          (name) =>
            name +
            createHash('sha256')
              .update(readFileSync(join(desk.folder, name)))
              .digest('hex'),
        )
    // Its program still has it open, with everything in the log beside it.
    const before = state()
    expect(await desk.json(importResult, 'import', path, '--name', 'other', '--table', 'plays')).toMatchObject({
      users: 2,
      interactions: 3,
    })
    expect(state()).toEqual(before)
    database.close()
    await desk.vasp('delete', 'dataset', 'other')
  })

  it('stops at the limit of rejected rows', async () => {
    const file = write('some.csv', `${header}1,2,4,1\n,2,4,1\n3,2,4,1\n`)
    for (const limit of ['0', '33%'])
      expect(await desk.failure('import', file, '--name', 'some', '--max-rejects', limit)).toMatchObject({
        exit: 2,
        message: expect.stringMatching(/^1 of 3 rows cannot be used/) as string,
      })
    expect(await desk.failure('import', file, '--name', 'some', '--max-rejects', 'few')).toMatchObject({ exit: 2 })
    expect(await desk.failure('import', file, '--name', 'some', '--duplicates', 'all')).toMatchObject({ exit: 2 })
    expect(await desk.json(importResult, 'import', file, '--name', 'some', '--max-rejects', '1')).toMatchObject({
      rejected: 1,
    })
  })

  it('says what becomes of repeated rows, and how counts are added up', async () => {
    const file = write('lines.csv', 'user,item,quantity\nu1,a,2\nu1,a,3\nu2,b,1\nu2,b,4\nu3,a,2\nu1,b,1\n')
    expect((await desk.vasp('preview', file)).stdout).toContain(
      '2 rows repeat a user and item: an import adds up their counts (--duplicates last, first or maximum keeps one of each).',
    )
    const guessed = await desk.vasp('import', file, '--name', 'lines', '-q')
    expect(guessed.stdout).toContain('2 rows repeated a user and item: their counts were added up')
    const guess = 'column "quantity": repeated counts are added up is a guess. 2 rows repeat a user and an item.'
    expect(guessed.stderr).toContain(guess)
    expect((await desk.vasp('preview', file)).stderr).toContain(guess)
    const kept = await desk.vasp('import', file, '--name', 'last', '--duplicates', 'last')
    expect(kept.stdout).toContain('the last one of each was kept (--duplicates count adds up their counts).')
    expect(kept.stderr).not.toContain('is a guess. If')
    expect((await desk.vasp('import', file, '--name', 'sums', '--duplicates', 'count')).stdout).toContain(
      '2 rows repeated a user and item: their counts were added up',
    )
  })

  it('says with --quiet and --json, too, how many rows were rejected and which was the first', async () => {
    const file = write('titles.csv', 'user,title,rating\nu1,a,2\nu1,b,c,3\nu2,b,1\nu2,d,4\nu3,a,2\nu1,d,1\n')
    const { stderr } = await desk.vasp('import', file, '--name', 'titles', '-q', '--json')
    expect(stderr).toMatch(
      /1 row could not be used: too many columns \(1 row; --delimiter and --quote decide where cells end\)\. .* The first is line 3: u1,b,c,3/,
    )
  })
})
