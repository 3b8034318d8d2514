import zlib from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Candidate, sortFiles } from './sort-files'

const file = (path: string, text: string, bytes = text.length): Candidate => ({ path, bytes, head: Buffer.from(text) })
const rolesOf = (files: readonly Candidate[]): Record<string, string> =>
  Object.fromEntries(sortFiles(files).map(({ path, role }) => [path, role]))

describe('sortFiles', () => {
  it('knows the exports that people share by name', () => {
    expect(
      rolesOf([
        file('ml/ratings.csv', ''),
        file('ml/movies.csv', ''),
        file('ml/tags.csv', ''),
        file('ml/README.txt', ''),
      ]),
    ).toEqual({
      'ml/ratings.csv': 'ratings',
      'ml/movies.csv': 'items',
      'ml/tags.csv': 'left out',
      'ml/README.txt': 'left out',
    })
  })

  it('takes files with the same columns for one kind, and others for metadata, whatever they are called', () => {
    const events = 'customer_id;product_id;ts\nc1;p1;2024-01-01\nc2;p2;2024-01-02\n'
    const roles = rolesOf([
      file('shop/view_log.csv', events),
      file('shop/add_to_cart.csv', events),
      file('shop/catalogue.csv', 'product_id;title;price\np1;Lamp;3\n'),
      file('shop/customers.csv', 'customer_id;city\nc1;Brno\n'),
      file('shop/logo.png', '\x89PNG'),
    ])
    expect(roles).toEqual({
      'shop/view_log.csv': 'ratings',
      'shop/add_to_cart.csv': 'ratings',
      'shop/catalogue.csv': 'items',
      'shop/customers.csv': 'left out',
      'shop/logo.png': 'left out',
    })
  })

  it('says of two kinds of interactions which was taken', () => {
    const sorted = sortFiles([
      file('a.csv', 'user,item,rating\nu,i,1\n', 10_000),
      file('b.csv', 'user,item,comment\nu,i,good\n', 100),
    ])
    expect(sorted.map(({ role }) => role)).toEqual(['ratings', 'left out'])
    expect(sorted[1]?.reason).toContain('other columns than the ratings: user, item, comment')
  })

  it('goes by names where columns have none', () => {
    expect(rolesOf([file('plays.tsv', '1\t2\t3\n4\t5\t6\n'), file('songs.tsv', '2\tX\n5\tY\n')])).toEqual({
      'plays.tsv': 'ratings',
      'songs.tsv': 'items',
    })
  })

  it('looks into packed files, and into text that is cut off', () => {
    const text = 'customer_id;product_id;ts\n' + 'c1;p1;2024-01-01\nc2;p2;2024-01-02\n'.repeat(9000)
    const catalogue = file('items.csv', 'product_id;title\np1;Lamp\n')
    for (const pack of [zlib.gzipSync, zlib.zstdCompressSync]) {
      const whole = pack(text)
      const name = pack === zlib.gzipSync ? 'log.csv.gz' : 'log.csv.zst'
      for (const bytes of [whole.length, 400]) {
        const head = whole.subarray(0, bytes)
        expect(rolesOf([{ path: name, bytes: whole.length, head }, catalogue])).toMatchObject({ 'items.csv': 'items' })
      }
    }
    const head = Buffer.from(text).subarray(0, 30)
    expect(rolesOf([{ path: 'log.csv', bytes: text.length, head }, catalogue])).toMatchObject({ 'log.csv': 'ratings' })
  })

  it('is a guess where only names tell, and where a table that could be meant is left out', () => {
    const certainties = (files: Candidate[]): string[] => sortFiles(files).map(({ certainty }) => certainty)
    expect(certainties([file('t1.csv', 'a,b\nx,1\n'), file('t2.csv', 'a,b\ny,2\n')])).toEqual(['guess', 'guess'])
    expect(certainties([file('a.csv', 'user,item\nu,i\n'), file('b.parquet', 'PAR1')])).toEqual(['likely', 'guess'])
    expect(certainties([file('a.csv', 'user,item\nu,i\n'), file('logo.png', 'PNG')])).toEqual(['likely', 'certain'])
    expect(sortFiles([file('x.bin', '')])).toMatchObject([{ role: 'ratings', certainty: 'certain' }])
  })

  it('lists every file once with a reason, whatever they hold', () => {
    const name = fc.stringMatching(/^[a-z]{1,8}\.(csv|txt|json|png|tsv)$/)
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 8 }), fc.array(fc.string()), (paths, texts) => {
        const files = paths.map((path, i) => file(path, texts[i] ?? 'user,item\na,b\n'))
        const sorted = sortFiles(files)
        expect(sorted.map(({ path }) => path)).toEqual(paths)
        for (const { reason } of sorted) expect(reason).toMatch(/\.$/)
        expect(sorted.filter(({ role }) => role === 'items').length).toBeLessThanOrEqual(1)
      }),
    )
  })
})
