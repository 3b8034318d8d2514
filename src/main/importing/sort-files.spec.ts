import zlib from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Candidate } from './file-heads'
import { sortFiles } from './sort-files'

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

  it('sees the columns of printed tables and of records of keys and values', () => {
    const reviews = [1, 2, 3, 4, 5]
      .map((n) => `review/user: u${n % 2}\nbook/id: b${n % 3}\nreview/score: ${n}\n\n`)
      .join('')
    const books = ['BOOK_ID TITLE', '------- ----------', 'b0      One day', 'b1      One night', 'b2      Noon'].join(
      '\n',
    )
    expect(rolesOf([file('x/reviews.txt', reviews), file('x/books.lst', `${books}\n`)])).toEqual({
      'x/reviews.txt': 'ratings',
      'x/books.lst': 'items',
    })
  })

  it('takes files with the same columns for one kind and others for metadata, whatever their names', () => {
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

  it('says as a guess that files named for different things that people do count alike', () => {
    const events = 'customer_id;product_id;ts\nc1;p1;2024-01-01\nc2;p2;2024-01-02\n'
    const reasons = (...names: string[]): string[] =>
      sortFiles(names.map((name) => file(name, events)))
        .filter(({ certainty, role }) => certainty === 'guess' && role === 'ratings')
        .map(({ reason }) => reason)
    for (const names of [
      ['view_log.csv', 'add_to_cart.csv', 'purchase.csv'],
      ['x/likes.tsv', 'x/clicks_2024.tsv'],
      ['Kauf.csv', 'Warenkorb.csv'],
    ]) {
      const said = reasons(...names)
      expect(said).toHaveLength(names.length)
      for (const reason of said) expect(reason).toContain('people did different things, but all rows count alike')
    }
    // Parts of one log, and names that say nothing of what people did, are no different things.
    expect(reasons('orders_2023.csv', 'orders_2024.csv', 'order-2025.csv')).toEqual([])
    expect(reasons('views-1.csv', 'part-2.csv')).toEqual([])
    expect(reasons('berlin.csv', 'brno.csv')).toEqual([])
    const rated = ['view_log.csv', 'purchase.csv'].map((name) => file(name, 'user,item,rating\nu1,i1,3\nu2,i2,4\n'))
    expect(sortFiles(rated).map(({ certainty }) => certainty)).toEqual(['likely', 'likely'])
  })

  it('takes the file with the ratings’ items, and no file of people, beside any program’s ratings.csv', () => {
    const sorted = sortFiles([
      file('export/viewers.csv', 'viewer_id,birth_year,station\nV1,1950,a\nV2,1961,b\n'),
      file('export/shows.csv', 'broadcast_ref,label,minutes\nP1,Great Islands,45\nP2,Hidden Kitchen,30\n'),
      file('export/ratings.csv', 'n,viewer_id,broadcast_ref,stars\n1,V1,P1,5\n2,V2,P1,4\n3,V1,P2,2\n4,V2,P2,2\n'),
    ])
    expect(sorted.map(({ role }) => role)).toEqual(['left out', 'items', 'ratings'])
    expect(sorted[1]?.reason).toContain('“broadcast_ref”')
  })

  it('reads files with unknown endings, such as those of RecBole, and takes no prose or code for a table', () => {
    const sorted = sortFiles([
      file('ml/ml.inter', 'user_id:token\titem_id:token\trating:float\nu1\ti1\t4\nu2\ti2\t5\n'),
      file('ml/ml.item', 'item_id:token\tmovie_title:token_seq\ni1\tHeat\ni2\tSeven\n'),
      file('ml/ml.user', 'user_id:token\tage:token\nu1\t30\nu2\t40\n'),
      file('ml/NOTES', 'Made in May, by us,\nfor you.\nNo warranty\n'),
      file('ml/read.py', 'user, item\na, b\n'),
      file('ml/model.bin', 'user,item\n\0,\0\n'),
    ])
    expect(Object.fromEntries(sorted.map(({ path, role, reason }) => [path, `${role}: ${reason}`]))).toEqual({
      'ml/ml.inter': 'ratings: It has columns of users and items: user_id:token, item_id:token, rating:float.',
      'ml/ml.item': expect.stringMatching(/^items: It has the items’ column “item_id:token”/) as string,
      'ml/ml.user': 'left out: It has no column of items: user_id:token, age:token.',
      'ml/NOTES': 'left out: It is not a table.',
      'ml/read.py': 'left out: It is not a table.',
      'ml/model.bin': 'left out: It is not a table.',
    })
    expect(rolesOf([file('plays.part0', '1\t2\t3\n4\t5\t6\n'), file('plays.part1', '1\t2\t3\n4\t5\t6\n')])).toEqual({
      'plays.part0': 'ratings',
      'plays.part1': 'ratings',
    })
  })

  it('joins orders to their lines in any order, and leaves out files that neither needs', () => {
    const shop = [
      file('order_products__prior.csv', 'order_id,product_id,reordered\n1,7,0\n1,8,1\n'),
      file('order_products__train.csv', 'order_id,product_id,reordered\n2,7,0\n2,8,1\n'),
      file('orders.csv', 'order_id,user_id,order_dow\n1,4,2\n2,4,3\n'),
      file('products.csv', 'product_id,product_name,aisle_id\n7,Milk,1\n8,Tea,2\n'),
      file('aisles.csv', 'aisle_id,aisle\n1,dairy\n2,drinks\n'),
    ]
    fc.assert(
      fc.property(fc.shuffledSubarray(shop, { minLength: shop.length }), (files) => {
        expect(rolesOf(files)).toEqual({
          'order_products__prior.csv': 'ratings',
          'order_products__train.csv': 'ratings',
          'orders.csv': 'joined',
          'products.csv': 'items',
          'aisles.csv': 'left out',
        })
      }),
    )
    const sorted = sortFiles(shop)
    expect(sorted[0]?.reason).toBe(
      'It has items (product_id) but no users; orders.csv has them (user_id), and “order_id” is in both.',
    )
    expect(sorted[2]?.reason).toBe(
      'It has users (user_id) but no items, and one row for each “order_id”: its columns are added to the rows of order_products__prior.csv.',
    )
    // Beginnings of large files need not have the same orders.
    const beginning = (path: string, text: string): Candidate => file(path, text, 1_000_000)
    const large = [
      beginning('lines.csv', 'order_id,product_id\n1,7\n1,8\n2,8\n'),
      beginning('orders.csv', 'order_id,user_id\n90,4\n77,4\n81,5\n'),
    ]
    expect(rolesOf(large)).toEqual({ 'lines.csv': 'ratings', 'orders.csv': 'joined' })
    // A list of customers is nothing that items could be joined with.
    const apart = [shop[3], file('customers.csv', 'customer_id,city,name\n1,Brno,Eva\n')].flatMap((one) => one ?? [])
    expect(sortFiles(apart).some(({ role }) => role === 'joined')).toBe(false)
  })

  it('takes a file in which each id occurs once for the items of files that repeat them, whatever their names', () => {
    const month = (first: number): string =>
      'Karte;Mednr;am\n' + [0, 1, 2, 3].map((row) => `K${row % 2};M${(first + row) % 3};0${row + 1}.02.2024\n`).join('')
    const sorted = sortFiles([
      file('2024/jan.csv', month(0)),
      file('2024/feb.csv', month(1)),
      file('2024/bestand.csv', 'Mednr;Titel;Art\nM0;Der Fluss;Buch\nM1;Die Stadt;Buch\nM2;Das Meer;Film\n'),
    ])
    expect(sorted.map(({ role, certainty }) => [role, certainty])).toEqual([
      ['ratings', 'likely'],
      ['ratings', 'likely'],
      ['items', 'likely'],
    ])
    expect(sorted[2]?.reason).toBe(
      'It has no users, and “Mednr”, its only column that is also in 2024/jan.csv, has another value in each row.',
    )
    // The same beside ratings that are recognised by the names of their columns.
    const ratings = file('r.csv', 'user_id;item;rating\n1;a;4\n2;a;3\n1;b;5\n')
    expect(rolesOf([ratings, file('x.csv', 'item;Kurztext\na;Lampe\nb;Tisch\n')])).toEqual({
      'r.csv': 'ratings',
      'x.csv': 'items',
    })
  })

  it('takes no other file for a catalogue: not of people, of orders, with repeated ids or with two shared columns', () => {
    const lines = file('a.csv', 'Kunde;Zeug;Menge\nk1;s1;1\nk1;s2;2\nk2;s1;1\n', 1000)
    const items = (...others: Candidate[]): string[] =>
      sortFiles([lines, ...others]).flatMap(({ path, role }) => (role === 'items' ? [path] : []))
    expect(items(file('b.csv', 'Zeug;Farbe\ns1;rot\ns2;rot\n'))).toEqual(['b.csv'])
    expect(items(file('b.csv', 'Kunde;Ort\nk1;Ulm\nk2;Ulm\n'))).toEqual([])
    expect(items(file('b.csv', 'Zeug;Farbe\ns1;rot\ns1;gelb\ns2;rot\n'))).toEqual([])
    expect(items(file('b.csv', 'Zeug;Kunde;Farbe\ns1;k1;rot\ns2;k2;rot\n'))).toEqual([])
    const orders = file('orders.csv', 'Bestellnr;Ort\nb1;Ulm\nb2;Ulm\n')
    const rows = file('rows.csv', 'Bestellnr;Zeug\nb1;s1\nb1;s2\nb2;s1\n')
    expect(rolesOf([orders, rows])['orders.csv']).not.toBe('items')
  })

  it('does not take notes in sentences for a table, whatever their names', () => {
    const table = file('oceny.csv', 'user_id;film;x\n1;a;4\n2;b;3\n')
    const notes = [
      'Export of the platform, as of 2024-11-30.\nRatings on a scale of 1-10.\n',
      'Export of the platform, of May.\nRatings, on a scale of ten.\n',
      'This export was written by the platform, in May. It has\nfilms and ratings, on a scale of ten, and\nnothing that tells about people.\n',
    ]
    for (const [at, text] of notes.entries()) {
      const sorted = sortFiles([file('CZYTAJ_TO.txt', text), table])
      expect(
        sorted.map(({ role, reason }) => `${role}: ${reason}`),
        `note ${at}`,
      ).toEqual(['left out: It is not a table.', expect.stringMatching(/^ratings: /)])
    }
    // Titles of several words, and a sentence before a table, make no prose.
    const titles = Array.from({ length: 20 }, (_, row) => `${row % 4}\tThe Lord of the Rings ${row % 7}\t${row % 5}`)
    const text = `Exported from the library of Ulm.\nwho\twhat\trating\n${titles.join('\n')}\n`
    expect(rolesOf([file('log.txt', text), file('logo.png', 'PNG')])['log.txt']).toBe('ratings')
  })

  it('says what the name of a file shows, and leaves out files that cannot be read with the others', () => {
    const reasons = (files: Candidate[]): string[] => sortFiles(files).map(({ role, reason }) => `${role}: ${reason}`)
    expect(reasons([file('plays.tsv', '1\t2\n4\t5\n'), file('songs.tsv', '2\tX\n5\tY\n')])).toEqual([
      'ratings: Its name suggests ratings, and its columns do not show what it contains.',
      'items: Its name suggests items, and its columns do not show what it contains.',
    ])
    expect(reasons([file('a.csv', 'p,q,r\nx,1,2\n', 500), file('b.csv', 'p,s\ny,2\n')])).toEqual([
      'ratings: Neither its columns nor its name show what it contains, and no other file is more likely to have ratings.',
      'left out: Its columns are not those of a.csv, which is larger: p, s.',
    ])
    expect(reasons([file('t.xlsx', 'PK'), file('logo.png', 'PNG')])[0]).toBe('ratings: No other file is a table.')
  })

  it('says of two kinds of interactions which was taken', () => {
    const sorted = sortFiles([
      file('a.csv', 'user,item,rating\nu,i,1\n', 10_000),
      file('b.csv', 'user,item,comment\nu,i,good\n', 100),
    ])
    expect(sorted.map(({ role }) => role)).toEqual(['ratings', 'left out'])
    expect(sorted[1]?.reason).toContain('other columns than the ratings: user, item, comment')
  })

  it('uses file names if columns have no names', () => {
    expect(rolesOf([file('plays.tsv', '1\t2\t3\n4\t5\t6\n'), file('songs.tsv', '2\tX\n5\tY\n')])).toEqual({
      'plays.tsv': 'ratings',
      'songs.tsv': 'items',
    })
  })

  it('reads packed files, and text that is cut off', () => {
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

  it('is a guess if only names show it, or if another possible table is left out', () => {
    const certainties = (files: Candidate[]): string[] => sortFiles(files).map(({ certainty }) => certainty)
    expect(certainties([file('t1.csv', 'a,b\nx,1\n'), file('t2.csv', 'a,b\ny,2\n')])).toEqual(['guess', 'guess'])
    expect(certainties([file('a.csv', 'user,item\nu,i\n'), file('b.parquet', 'PAR1')])).toEqual(['likely', 'guess'])
    expect(certainties([file('a.csv', 'user,item\nu,i\n'), file('logo.png', 'PNG')])).toEqual(['likely', 'certain'])
    expect(sortFiles([file('x.bin', '')])).toMatchObject([{ role: 'ratings', certainty: 'certain' }])
  })

  it('lists every file once with a reason, whatever its content', () => {
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

  describe('files with the same columns, without a column of items by its whole name', () => {
    const rows = [
      { ts: '2021-01-01T08:39:19Z', who: 'alexq7', kind: null, spotify_track_uri: 'spotify:track:72af', ms: 184000 },
      {
        ts: '2021-01-02T04:59:05Z',
        who: 'alexq7',
        kind: 'Amber [live]',
        spotify_track_uri: 'spotify:track:49ac',
        ms: 201333,
      },
    ]
    const texts: Readonly<Record<string, string>> = {
      json: JSON.stringify(rows),
      'broken.json': JSON.stringify(rows, null, 2),
      jsonl: rows.map((row) => JSON.stringify(row)).join('\n'),
      csv: ['ts,who,kind,spotify_track_uri,ms', ...rows.map((row) => Object.values(row).join(','))].join('\n'),
    }

    it.each(Object.entries(texts))('are read together, whatever their names suggest: %s', (ending, text) => {
      for (const name of ['endsong', 'movies', 'Streaming_History_Audio', 'x'])
        for (const cut of [0, 1])
          expect(
            rolesOf([
              file('data/ReadMe.pdf', '%PDF-1.4\0'),
              file(`data/${name}_0.${ending}`, text, text.length + cut),
              file(`data/other_1.${ending}`, text.replaceAll('alexq7', 'zoe')),
            ]),
          ).toEqual({
            'data/ReadMe.pdf': 'left out',
            [`data/${name}_0.${ending}`]: 'ratings',
            [`data/other_1.${ending}`]: 'ratings',
          })
    })

    it('but a file of other columns may describe the items', () => {
      const songs = JSON.stringify([{ uri: 'spotify:track:72af', length: 184 }])
      expect(rolesOf([file('songs.json', songs), file('log.json', texts.json ?? '')])).toEqual({
        'songs.json': 'items',
        'log.json': 'ratings',
      })
    })
  })
})

describe('files that nothing but their ids tells apart', () => {
  const people = 12
  const titles = ['Heat', 'One Day', 'The Good, the Bad', 'Night', 'Long Way Home', 'River', 'Rain', 'Paris', 'Lamp']
  /** Ratings, titles and people without names, whose ids are the same numbers or have letters. */
  const written = (user: (n: number) => string, item: (n: number) => string, sign: string) => ({
    ratings: Array.from({ length: 60 }, (_, n) => [user(n % people), item((n * 7) % 9), (n % 5) + 1, 978300000 + n]),
    items: titles.map((title, n) => [item(n), title, n % 2 === 0 ? 'Drama' : 'Comedy']),
    users: Array.from({ length: people }, (_, n) => [user(n), n % 2 === 0 ? 'F' : 'M', 20 + (n % 4), `4806${n}`]),
    text: (rows: readonly (readonly (string | number)[])[]) => `${rows.map((row) => row.join(sign)).join('\n')}\n`,
  })
  const names = fc.shuffledSubarray(['a.dat', 'katalog.dat', 'productos.csv', 'x/lide.txt', 'users.dat', 'films.dat'], {
    minLength: 3,
    maxLength: 3,
  })

  it('have the role of their ids, whatever they are called', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom('::', '|', '\t'),
        names,
        (letters, known, sign, paths) => {
          const [first = '', items = '', users = ''] = paths
          const ratings = known ? 'ml/ratings.dat' : first
          const data = letters
            ? written(
                (n) => `u${n}`,
                (n) => `i${n}`,
                sign,
              )
            : written(
                (n) => String(n + 1),
                (n) => String(n + 1),
                sign,
              )
          const found = sortFiles([
            file(users, data.text(data.users)),
            file(items, data.text(data.items)),
            file(ratings, data.text(data.ratings)),
          ])
          expect(Object.fromEntries(found.map(({ path, role }) => [path, role]))).toEqual({
            [ratings]: 'ratings',
            [items]: 'items',
            [users]: 'left out',
          })
          const reasonOf = (path: string): string => found.find((one) => one.path === path)?.reason ?? ''
          expect(reasonOf(items)).toBe(
            `It describes items: column 1 has ids of column 2 in ${ratings}, once each, beside titles.`,
          )
          expect(reasonOf(users)).toBe(
            `It describes users, whose details are not read: column 1 has ids of column 1 in ${ratings}, once each.`,
          )
          // The same numbers may be those of the users.
          if (!letters) expect(found.find(({ path }) => path === items)?.certainty).toBe('guess')
        },
      ),
    )
  })

  it('are told apart by the beginnings of long files, too', () => {
    const rows = Array.from(
      { length: 900 },
      (_, n) => `${Math.floor(n / 40) + 1}::${((n * 37) % 3000) + 1}::4::978300000`,
    )
    const films = Array.from({ length: 1000 }, (_, n) => `${n + 1}::Film ${n} of that name (1999)::Drama`)
    const people = Array.from({ length: 2500 }, (_, n) => `${n + 1}::F::${n % 50}::${n % 20}::${(n * 7919) % 99999}`)
    const head = (path: string, lines: readonly string[]): Candidate => file(path, lines.join('\n'), 10_000_000)
    expect(rolesOf([head('m/ratings.dat', rows), head('m/katalog.dat', films), head('m/lide.dat', people)])).toEqual({
      'm/ratings.dat': 'ratings',
      'm/katalog.dat': 'items',
      'm/lide.dat': 'left out',
    })
  })

  it('are no users because numbers under other names are the same', () => {
    const ratings = Array.from({ length: 40 }, (_, n) => `${(n % 8) + 1},${(n * 13) % 30},${(n % 5) + 1}`).join('\n')
    const tags = Array.from({ length: 30 }, (_, n) => `${n + 1},word ${n}`).join('\n')
    const found = sortFiles([
      file('ml/ratings.csv', `userId,movieId,rating\n${ratings}\n`),
      file('ml/movies.csv', 'movieId,title\n1,Heat\n2,Rain\n'),
      file('ml/genome.csv', `tagId,tag\n${tags}\n`),
    ])
    expect(found.find(({ path }) => path === 'ml/genome.csv')?.reason).toContain('not needed')
  })

  it('with names are items if those lead to the ids; if not, they are left out with that reason', () => {
    const events =
      'customer_id;product_id;ts\n' +
      Array.from({ length: 20 }, (_, n) => `c${n % 4};p${n % 6};2024-01-0${(n % 9) + 1}\n`).join('')
    const products = (name: string): string =>
      `${name};popis\n` +
      titles
        .slice(0, 6)
        .map((title, n) => `p${n};${title}\n`)
        .join('')
    const rows = (name: string) => sortFiles([file('s/log.csv', events), file('s/seznam.csv', products(name))])
    expect(rows('sku')).toMatchObject([{ role: 'ratings' }, { role: 'items', certainty: 'likely' }])
    expect(rows('qqq')).toMatchObject([
      { role: 'ratings' },
      { role: 'left out', certainty: 'guess', reason: expect.stringContaining('(--items-item)') as string },
    ])
  })
})
