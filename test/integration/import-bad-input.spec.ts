import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importRatings } from '../../src/main/importing/import-ratings'
import { previewImport } from '../../src/main/importing/preview'
import { openStore } from '../../src/main/store/open'
import { folder, imported, load, named, pairs, rejects, store, write } from './import-library'
import { recordingContext } from './recording-context'

describe('bad input', () => {
  /** One sentence with the cause, one with the next step, and the library as it was. */
  async function refusal(promise: Promise<unknown>, code: string, message: RegExp): Promise<void> {
    await expect(promise).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
      next: expect.stringMatching(/^[A-Z].+\.$/) as string,
    })
    expect(store.datasets.list()).toEqual([])
    const temporary = join(store.library, 'scratch')
    if (existsSync(temporary)) expect(readdirSync(temporary)).toEqual([])
  }
  const good = 'user,item,rating,time\n1,a,4,100\n'

  test.each<[string, string | Buffer, RegExp]>([
    ['a PDF', '%PDF-1.4\n%âãÏÓ\n1 0 obj\n', /PDF/],
    ['a database dump', '-- a comment\nCREATE TABLE r (u INT, i INT);\nINSERT INTO r VALUES (1,2),(1,3);\n', /SQL/],
    ['a ZIP archive that is none', Buffer.from('PK\x03\x04rest', 'latin1'), /ZIP archive ratings\.csv is damaged/],
    ['a gzip archive that is none', Buffer.from('\x1f\x8b\x08rest', 'latin1'), /ratings\.csv is (damaged|truncated)/],
    ['a binary file', Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 251)), /NUL/],
    ['NUL bytes further down', `${good.repeat(1)}${'2,b,3,100\n'.repeat(200_000)}\0`, /NUL/],
    ['an empty file', '', /empty/],
    ['a header alone', 'user,item,rating,time\n', /no rows/],
    ['no usable row', 'user,item,rating,time\n1,a,good,1\n2,b,bad,2\n', /2 of 2 rows: rating is not a number/],
    ['prose', 'Once upon a time\nthere was a file\nwithout any table.\n', /no column “user”/],
  ])('%s', async (_, content, message) => {
    const file = write('ratings.csv', content)
    await refusal(load(file), 'BAD_INPUT', message)
  })

  test('a mapping to columns that do not exist names those that do', async () => {
    const file = write('r.csv', good)
    const wrong = { ...named, user: 'person' }
    await refusal(
      load(file, wrong),
      'BAD_INPUT',
      /r\.csv has no column “person”. It has the columns user, item, rating, time\./,
    )
  })

  test('a file that is missing, also in the preview', async () => {
    const missing = { path: join(folder, 'gone.csv'), name: 'gone.csv' }
    await refusal(load(missing), 'NOT_FOUND', /gone\.csv/)
    await refusal(previewImport({ ratings: [missing], items: null }, store.library), 'NOT_FOUND', /gone\.csv/)
  })

  test('a folder instead of a file', async () => {
    mkdirSync(join(folder, 'sub.csv'))
    await refusal(load({ path: join(folder, 'sub.csv'), name: 'sub.csv' }), 'BAD_INPUT', /sub\.csv is not a file/)
  })

  test('a file without read permission', async () => {
    const file = write('secret.csv', good)
    chmodSync(file.path, 0o000)
    chmodSync(folder, 0o755)
    // Permissions do not bind root: run as another user meanwhile.
    const root = process.geteuid?.() === 0
    if (root) process.seteuid?.(65534)
    try {
      await refusal(load(file), 'NO_PERMISSION', /secret\.csv/)
    } finally {
      if (root) process.seteuid?.(0)
    }
  })

  test('a file that changes or goes away during the import', async () => {
    for (const [interfere, message] of [
      [(path: string): void => appendFileSync(path, '3,c,3,100\n'), /changed during the import/],
      [(path: string): void => rmSync(path), /removed during the import/],
    ] as const)
      for (const moment of ['Reading r.csv', 'Writing histories']) {
        const file = write('r.csv', good)
        let done = false
        const { context } = recordingContext((stage) => {
          if (done || stage !== moment) return
          done = true
          interfere(file.path)
        })
        await refusal(load(file, named, { context }), 'CONFLICT', message)
        expect(done).toBe(true)
      }
  })

  test('a name that is taken', async () => {
    const file = write('r.csv', good)
    await load(file)
    await expect(load(file)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(store.datasets.list()).toHaveLength(1)
  })

  test('a cancel at any stage leaves nothing', async () => {
    for (const moment of ['Checking r.csv', 'Reading r.csv', 'Sorting by user', 'Writing histories']) {
      const file = write('r.csv', good)
      const { context } = recordingContext((stage, abort) => {
        if (stage === moment) abort()
      })
      await refusal(load(file, named, { context }), 'CANCELLED', /cancelled/)
    }
    expect(imported(await load(write('r.csv', good)))).toEqual({ '1': [['a', 4, 100]] })
  })

  test('quotes that are never closed lose no text', async () => {
    const result = await load(write('r.csv', `${good}2,"open,3,100\n3,c,3,100\n4,d,3,100\n`))
    const told = Object.values(imported(result)).length + rejects(result).length
    expect(told).toBeGreaterThan(1)
    const text = rejects(result)
      .map((row) => row.text)
      .join('\n')
    for (const user of ['2', '3', '4']) expect(user in imported(result) || text.includes(`${user},`)).toBe(true)
  })

  test('a line of several megabytes is rejected, its neighbours are not', async () => {
    const long = 'x'.repeat(3_000_000)
    const result = await load(write('r.csv', `${good}2,${long},3,100\n3,c,3,100\n`))
    expect(Object.keys(imported(result))).toEqual(['1', '3'])
    expect(rejects(result)).toMatchObject([{ line: 3, reason: 'the line is longer than 2 MB' }])
  })

  test('more rejected rows than its owner allows', async () => {
    const file = write('r.csv', `${good}2,b,good,100\n3,c,3\n4,d,3,100\n`)
    for (const [maxRejects, message] of [
      [{ rows: 1 }, /2 of 4 rows cannot be used, which is more than the allowed 1/],
      [{ share: 0.49 }, /more than the allowed 49\.0 %/],
    ] as const)
      await refusal(load(file, named, { maxRejects }), 'BAD_INPUT', message)
    expect(await load(file, named, { maxRejects: { share: 0.5 } })).toMatchObject({ interactions: 2, rejected: 2 })
    store.datasets.delete(...store.datasets.list().map(({ id }) => id))
    expect(await load(file, named, { maxRejects: { rows: 2 } })).toMatchObject({ interactions: 2, rejected: 2 })
  })

  test('a header that is repeated further down', async () => {
    const result = await load(write('r.csv', `${good}user,item,rating,time\n2,b,3,100\n`))
    expect(rejects(result)).toEqual([
      { file: 'r.csv', line: 3, reason: 'the names of the columns again', text: 'user,item,rating,time' },
    ])
  })
})

describe('a full disk', () => {
  const library = join(tmpdir(), `vasp-small-disk-${process.pid}`)
  const canMount = ((): boolean => {
    if (process.platform !== 'linux' || process.geteuid?.() !== 0) return false
    mkdirSync(library, { recursive: true })
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', library], { stdio: 'ignore' })
      execFileSync('umount', [library])
      return true
    } catch {
      return false
    } finally {
      rmSync(library, { recursive: true })
    }
  })()

  test.skipIf(!canMount)('is named, and what was there stays (needs root to mount a small disk)', async () => {
    mkdirSync(library)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', library])
    const small = openStore(library)
    try {
      const request = { items: null, mapping: pairs, itemMapping: null }
      const { context } = recordingContext()
      await importRatings(small, { ...request, name: 'fits', ratings: [write('a.csv', 'user,item\n1,a\n')] }, context)
      const rows = Array.from({ length: 200_000 }, (_, i) => `user ${i % 20_000},item ${(i * 7919) % 9973}`)
      const big = { ...request, name: 'big', ratings: [write('b.csv', `user,item\n${rows.join('\n')}\n`)] }
      await expect(importRatings(small, big, context)).rejects.toMatchObject({
        code: 'DISK_FULL',
        next: expect.stringContaining('Free some space') as string,
      })
      expect(small.datasets.list().map(({ name }) => name)).toEqual(['fits'])
    } finally {
      small.close()
      execFileSync('umount', [library])
      rmSync(library, { recursive: true })
    }
  })
})
