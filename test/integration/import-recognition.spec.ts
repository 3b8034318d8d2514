import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { ChosenColumns, ImportPreview } from '../../src/shared/datasets'
import { imported, load, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'
import { day, itemId, soldTable, userName } from './sold-table.fixture'

const previewOf = async (text: string, columns: ChosenColumns = {}, name = 'table.csv'): Promise<ImportPreview> =>
  await previewImport({ ratings: [write(name, text)], items: null, columns }, store.library)

/** A table with users and items beside columns of the given values, which repeat. */
function tableOf(columns: Readonly<Record<string, readonly (string | number)[]>>, rows = 24): string {
  const [names, values] = [Object.keys(columns), Object.values(columns)]
  const lines = Array.from({ length: rows }, (_, i) =>
    [`u${i % 6}`, `i${(i * 5 + Math.floor(i / 6)) % 8}`, ...values.map((list) => list[i % list.length])].join(','),
  )
  return `${['user', 'item', ...names].join(',')}\n${lines.join('\n')}\n`
}
const counted = ({ mapping }: ImportPreview): string[] | null => mapping.event?.counted?.map(({ type }) => type) ?? null
const said = ({ warnings }: ImportPreview): string => warnings.join('\n')

describe('words that say yes and no', () => {
  test.each([
    ['liked', 'true', 'false'],
    ['is_like', 'Y', 'N'],
    ['feedback', 'like', 'dislike'],
    ['thumbs', 'up', 'down'],
    ['rating', 'gefällt', 'storniert'],
    ['event', 'yes', 'no'],
    ['xyz', 'Like', 'Dislike'],
    ['clicked', '1', '0'],
    ['is_purchase', 'true', 'false'],
    ['booking_bool', '1', '0'],
    ['label', '1', '0'],
  ])('a dislike under “%s” is no interaction', async (name, yes, no) => {
    const text = `user,item,${name}\nu1,a,${yes}\nu1,b,${no}\nu2,a,${no}\nu2,c,${yes}\n`
    const preview = await previewOf(text)
    expect(preview.mapping).toMatchObject({ rating: null, event: { column: name } })
    expect(counted(preview)).toEqual([yes])
    expect(said(preview)).toContain(`column "${name}": event is a guess`)
    const result = await load(write('likes.csv', text), mappingOf(preview))
    expect(imported(result)).toEqual({ u1: [['a']], u2: [['c']] })
  })

  test.each([
    ['good', 'bad'],
    ['Excellent', 'Poor'],
    ['dobré', 'špatné'],
    ['sehr gut', 'mittel'],
    ['хорошо', 'плохо'],
    ['良い', '悪い'],
  ])('a rating of “%s” counts, one of “%s” does not, as a guess', async (good, bad) => {
    const text = `user,item,rating\nu1,a,${good}\nu1,b,${bad}\nu2,a,${bad}\nu2,c,${good}\n`
    const preview = await previewOf(text)
    expect(counted(preview)).toEqual([good])
    expect(preview.warnings).toHaveLength(1)
    expect(said(preview)).toContain(`“${bad}” (2)`)
    expect(said(preview)).toContain(`: rows with “${good}” count, the others are left out.`)
    expect(said(preview)).toContain(`use --event "rating" --event-types "${good}", or --event none`)
    expect(imported(await load(write('words.csv', text), mappingOf(preview)))).toEqual({ u1: [['a']], u2: [['c']] })
    expect(said(await previewOf(tableOf({ review: [good, bad] })))).toContain('column "review": left out is a guess')
  })

  test('are reported if their column’s name does not show their meaning, and no row is left out for them', async () => {
    const preview = await previewOf(tableOf({ xq: ['true', 'false'] }))
    expect(preview.mapping).toMatchObject({ rating: null })
    expect(preview.mapping.event).toBeUndefined()
    expect(said(preview)).toContain(
      'column "xq": left out is a guess. It contains “false”, “true”, and every row counts',
    )
    expect(said(preview)).toContain('use --event "xq" --event-types "true", or --event none')
    expect(await previewOf(tableOf({ xq: ['true', 'false'] }), { event: null })).toMatchObject({ warnings: [] })
    expect(await previewOf(tableOf({ verified: ['true', 'false'] }))).toMatchObject({ warnings: [] })
  })

  test('are left out, as a guess, if several columns say what people did', async () => {
    const preview = await previewOf(tableOf({ clicked: ['1', '0'], bought: ['0', '1'] }))
    expect(preview.mapping.event).toBeUndefined()
    for (const name of ['clicked', 'bought'])
      expect(said(preview)).toContain(`column "${name}": left out is a guess. It contains “0”, “1”`)
  })
})

describe('a column of events that a person names', () => {
  const shop = tableOf({ what: ['view', 'view', 'cart', 'purchase'] })

  test('is said to count with all of its types, and how many rows each has', async () => {
    const preview = await previewOf(shop, { event: 'what' })
    expect(counted(preview)).toBeNull()
    expect(preview.warnings).toEqual([
      expect.stringContaining(
        '“view” (12), “cart” (6), “purchase” (6). They are taken for types of events, all of which count.',
      ),
    ])
    expect(said(preview)).toContain('use --event "what" --event-types "view"')
  })

  test('is not, where the types are said, too, or there is one', async () => {
    expect(await previewOf(shop, { event: 'what', eventTypes: true })).toMatchObject({ warnings: [] })
    expect(await previewOf(tableOf({ what: ['view'] }), { event: 'what' })).toMatchObject({ warnings: [] })
  })

  test('leaves out what takes something back, and says so', async () => {
    const preview = await previewOf(tableOf({ what: ['buy', 'refund'] }), { event: 'what' })
    expect(counted(preview)).toEqual(['buy'])
    expect(said(preview)).toContain('Rows with “refund” seem to undo something and are left out')
  })

  test('with many values, as their number', async () => {
    const many = Array.from({ length: 60 }, (_, n) => `type ${n}`)
    const preview = await previewOf(tableOf({ what: many }, 120), { event: 'what' })
    expect(said(preview)).toContain('60 different values. They are taken for types of events')
  })
})

describe('events that take something back', () => {
  const taken = [
    'refund',
    'Returned',
    'cancelled',
    'dislike',
    'remove_from_cart',
    'skip',
    'unlike',
    'Storno',
    'Rücksendung zurück',
  ]
  const foreign = [
    'annulé',
    'devolución',
    'rimborso',
    'vráceno',
    'zrušeno',
    'zwrot',
    'возврат',
    'отменён',
    'iade',
    'palautus',
    'επιστροφή',
  ]
  test('are left out, as a guess that names them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('event', 'action', 'Aktion', 'type', 'akce', 'событие_type'),
        fc.uniqueArray(fc.constantFrom(...taken, ...foreign), { minLength: 1, maxLength: 3 }),
        fc.uniqueArray(fc.constantFrom('view', 'purchase', 'add to cart', 'Kauf', 'play', 'download'), {
          minLength: 1,
          maxLength: 3,
        }),
        async (name, against, others) => {
          const preview = await previewOf(tableOf({ [name]: [...against, ...others] }))
          expect(counted(preview)?.toSorted()).toEqual(others.toSorted())
          expect(said(preview)).toContain(`column "${name}": event is a guess`)
          for (const type of against) expect(said(preview)).toContain(`“${type}”`)
        },
      ),
      { numRuns: 25 },
    )
  })

  test.each([
    [['like', 'superlike'], ['pass']],
    [['loved'], ['nope', 'passed']],
    [['like'], ['swipe_left']],
  ])('are, beside %s, %s too', async (others, against) => {
    const preview = await previewOf(tableOf({ action: [...against, ...others] }))
    expect(counted(preview)).toEqual(others)
    for (const type of against) expect(said(preview)).toContain(`“${type}”`)
  })

  test('are not read out of words that say no only beside likes', async () => {
    const preview = await previewOf(tableOf({ event: ['pass', 'view', 'next'] }))
    expect(preview.warnings).toHaveLength(1)
    expect([counted(preview), said(preview)]).toEqual([null, expect.stringContaining('all of which count alike')])
  })

  test('count where nothing else happened, and where other files may hold other types, and it is said', async () => {
    const only = await previewOf(tableOf({ event: ['return', 'refund'] }))
    expect([counted(only), said(only)]).toEqual([null, expect.stringContaining('All of them count, although')])
    const files = ['one', 'two'].map((name) => write(`${name}.csv`, tableOf({ event: ['purchase', 'refund'] })))
    const both = await previewImport({ ratings: files, items: null }, store.library)
    expect([counted(both), said(both)]).toEqual([null, expect.stringContaining('although “refund” seems to')])
  })

  test('leave ratings and ordinary events as they are', async () => {
    const rated = await previewOf(tableOf({ rating: [1, 2, 3, 4, 5], event: ['purchase', 'refund'] }))
    expect([rated.mapping.rating, counted(rated), rated.warnings]).toEqual(['rating', null, []])
    const usual = await previewOf(
      tableOf({ event: ['view', 'purchase', 'cart', 'download', 'notification', 'block_view'].slice(0, 5) }),
    )
    expect(counted(usual)).toBeNull()
  })

  test('of several kinds count alike as a guess that names each with its rows; one kind alone is none', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('event', 'action', 'Aktion', 'event_type', 'akce'),
        fc.uniqueArray(fc.constantFrom('view', 'cart', 'buy', 'purchase', 'click', 'play', 'download', 'Kauf'), {
          minLength: 1,
          maxLength: 5,
        }),
        async (name, types) => {
          const preview = await previewOf(tableOf({ [name]: types }, 60))
          expect(counted(preview)).toBeNull()
          expect(preview.warnings).toHaveLength(types.length > 1 ? 1 : 0)
          if (types.length === 1) return
          for (const type of types) expect(said(preview)).toMatch(new RegExp(`“${type}” \\(\\d+\\)`))
          expect(said(preview)).toContain('all of which count alike')
          expect(said(preview)).toContain(`--event "${name}" --event-types`)
        },
      ),
      { numRuns: 15 },
    )
    const chosen = await previewOf(tableOf({ event: ['view', 'buy'] }), { event: 'event', eventTypes: true })
    expect(chosen.warnings).toEqual([])
  })

  test.each([
    ['status', ['completed', 'cancelled']],
    ['returned', ['yes', 'no']],
    ['is_refund', [0, 1]],
  ])('are said where they stand in a column called %s', async (name, values) => {
    for (const more of [{}, { quantity: [1, 2, 7] }]) {
      const preview = await previewOf(tableOf({ ...more, [name]: values }))
      expect(preview.mapping.rating).toBeNull()
      expect(said(preview)).toContain(`column "${name}": left out is a guess`)
    }
  })
})

describe('few small numbers', () => {
  test('are a rating by content only as a guess', async () => {
    const preview = await previewOf(tableOf({ xq: [3, 1, 2, 5, 4] }))
    expect(preview.mapping.rating).toBe('xq')
    expect(said(preview)).toContain('column "xq": rating is a guess. Its name does not say so')
  })

  test.each([
    'store',
    'shop_nr',
    'sales_channel_id',
    'category',
    'Filiale',
    'branchcode',
    'page',
    'prodejna',
    'pobočka',
    'магазин',
    'basket',
    'xyz_id',
    'returned',
  ])('are none where the column is called %s', async (name) => {
    const preview = await previewOf(tableOf({ [name]: [3, 1, 2] }))
    expect(preview.mapping).toMatchObject({ user: 'user', item: 'item', rating: null })
  })

  test('do not exist if all are the same', async () => {
    expect((await previewOf(tableOf({ xq: [0] }))).mapping.rating).toBeNull()
    const lines = Array.from({ length: 30 }, (_, i) => `${i % 6},2014-04-07T10:${10 + i}:00.000Z,${2000 + (i % 7)},0`)
    expect((await previewOf(`${lines.join('\n')}\n`, {}, 'clicks.dat')).mapping.rating).toBeNull()
  })
})

describe('money', () => {
  test.each(['sales_value', 'total_price_score', 'Umsatz Wert', 'tržba_hodnota', 'purchase value', 'valor_venta'])(
    'is no rating, and the quantity is the count: %s',
    async (name) => {
      const preview = await previewOf(tableOf({ quantity: [1, 2, 3], [name]: [2.5, 5, 7.5] }))
      expect(preview.mapping).toMatchObject({ rating: null, count: 'quantity' })
    },
  )

  test('and numbers of any size under a vague name are a guess', async () => {
    expect(said(await previewOf(tableOf({ value: [3.49, 12.99, 250.5] })))).toContain('not on a usual scale')
    expect((await previewOf(tableOf({ value: [1, 2, 3, 4, 5] }))).warnings).toEqual([])
  })
})

describe('who made an item', () => {
  test('is no user of a list of books with one rating each: that is the list of one person', async () => {
    const rows = Array.from(
      { length: 30 },
      (_, i) => `${100 + i},Book ${i},Author ${i % 7},${1 + (i % 5)},3.9${i % 9},2023/01/${10 + (i % 9)}`,
    )
    const preview = await previewOf(`Book Id,Title,Author,My Rating,Average Rating,Date Read\n${rows.join('\n')}\n`)
    expect(preview.mapping).toMatchObject({ user: null, item: 'Book Id', rating: 'My Rating', time: 'Date Read' })
    expect(preview.refusal?.message).toContain('looks like the list of one person')
  })

  test('is the user of reviews of other things', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `a${i % 7},p${i % 9},${1 + (i % 5)}`)
    expect(await previewOf(`author,product,stars\n${rows.join('\n')}\n`)).toMatchObject({
      mapping: { user: 'author', item: 'product', rating: 'stars' },
      warnings: [],
    })
  })

  test('a mean over many is a rating only as a guess', async () => {
    expect(said(await previewOf(tableOf({ average_rating: [3.5, 4.1, 2.9] })))).toContain(
      'it may be an average over many people',
    )
    expect((await previewOf(tableOf({ avg_rating: [3.5, 4.1], rating: [1, 5, 3] }))).mapping.rating).toBe('rating')
  })
})

describe('a value that no name tells', () => {
  test('is a count behind user and item in a table without names', async () => {
    const text = 'u1\ta\t17\nu1\tb\t250\nu2\ta\t1042\n'
    const preview = await previewOf(text, {}, 'plays.tsv')
    expect(preview.mapping).toMatchObject({ rating: null, count: 'column2' })
    expect(said(preview)).toContain('column "column2": count is a guess')
  })

  test.each([
    'ms_played',
    'play_duration',
    'hours',
    'Spielzeit',
    'watch_time',
    'progress_percent',
    'délka',
    'amount',
    'Umsatz',
    'durée',
    'xq',
  ])('is said to be left out: %s', async (name) => {
    const preview = await previewOf(tableOf({ [name]: [61234, 17, 250, 99871, 3] }))
    expect(preview.mapping).toMatchObject({ rating: null })
    if (preview.mapping.count !== name)
      expect(said(preview)).toContain(`column "${name}": left out is a guess. Every row counts`)
    const decided = await previewOf(tableOf({ [name]: [61234, 17, 250, 99871, 3] }), { count: null, rating: null })
    expect(decided.warnings).toEqual([])
  })

  test.each(['price', 'age', 'zip', 'order_id', 'transactionid', 'latitude'])(
    'is none in a column called %s',
    async (name) => {
      expect((await previewOf(tableOf({ [name]: [61234, 17, 250, 99871, 3] }))).warnings).toEqual([])
    },
  )

  test('is said to be left out where it is a text', async () => {
    for (const values of [
      ['1:09', '2:18', '12:45'],
      ['12 min', '3 min', '125 min'],
    ])
      expect(said(await previewOf(tableOf({ watch_time: values })))).toContain(
        'column "watch_time": left out is a guess',
      )
  })

  test('is nothing beside a rating or a count', async () => {
    expect((await previewOf(tableOf({ rating: [1, 2, 5], duration: [61234, 17, 250] }))).warnings).toEqual([])
    expect((await previewOf(tableOf({ plays: [1, 2, 500], duration: [61234, 17, 250] }))).warnings).toEqual([])
  })
})

describe('names', () => {
  test.each([
    ['χρήστης', 'προϊόν', 'βαθμολογία', 'ημερομηνία'],
    ['Κωδικός Πελάτη', 'Βιβλίο', 'Αξιολόγηση', 'Ημερομηνία'],
    ['ΧΡΗΣΤΗΣ', 'ΤΑΙΝΙΑ', 'ΒΑΘΜΟΛΟΓΙΑ', 'ΗΜΕΡΟΜΗΝΙΑ'],
    ['kullanıcı', 'ürün', 'puan', 'tarih'],
    ['Müşteri', 'Kitap', 'Değerlendirme', 'Zaman'],
    ['felhasználó', 'termék', 'értékelés', 'dátum'],
    ['Vásárló', 'Könyv', 'Pontszám', 'Időpont'],
    ['käyttäjä', 'elokuva', 'arvosana', 'päivämäärä'],
    ['Asiakas', 'Tuote', 'Arvio', 'Aikaleima'],
    ['användare', 'produkt', 'betyg', 'datum'],
    ['Kund', 'Vara', 'Omdöme', 'Tidpunkt'],
    ['користувач', 'товар', 'рейтинг', 'дата'],
    ['ユーザー', 'アイテム', '評価', '日付'],
    ['사용자', '상품', '평점', '날짜'],
    ['Email Address', 'product', 'rating', 'date'],
    ['E-Mail-Adresse', 'Artikel', 'Bewertung', 'Datum'],
  ])('%s, %s, %s, %s', async (user, item, rating, time) => {
    const rows = Array.from({ length: 30 }, (_, i) => `${1 + (i % 5)},x${i % 7},2024-01-${10 + (i % 15)},y${i % 9}`)
    const preview = await previewOf(`${rating},${item},${time},${user}\n${rows.join('\n')}\n`)
    expect(preview).toMatchObject({ mapping: { user, item, rating, time }, warnings: [] })
  })

  test.each(['ποσότητα', 'adet', 'mennyiség', 'lukumäärä', 'antal', '수량'])('%s is a count', async (name) => {
    expect((await previewOf(tableOf({ [name]: [1, 2, 700] }))).mapping.count).toBe(name)
  })
})

describe('columns that are hardly ids', () => {
  test('dates with other words among them', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, i) => `${i % 6},${500 + (i % 9)},2024-01-${10 + (i % 19)},${i % 7 ? `2024-02-${10 + (i % 17)}` : 'on loan'}`,
    )
    const preview = await previewOf(`borrowernumber,xnumber,issuedate,returndate\n${rows.join('\n')}\n`)
    expect(preview.mapping).toMatchObject({ user: 'borrowernumber', item: 'xnumber', time: 'issuedate' })
    const koha = await previewOf(`borrowernumber,biblionumber,issuedate,returndate\n${rows.join('\n')}\n`)
    expect(koha.mapping).toMatchObject({ user: 'borrowernumber', item: 'biblionumber' })
  })

  test.each([['-'], ['n/a'], ['none']])('a user that is “%s” in every row', async (blank) => {
    const rows = Array.from({ length: 30 }, (_, i) => `Student ${i % 6},${blank},c${i % 7}`)
    expect((await previewOf(`User full name,Affected user,course\n${rows.join('\n')}\n`)).mapping.user).toBe(
      'User full name',
    )
    expect((await previewOf(`user name,user,course\n${rows.join('\n')}\n`)).mapping.user).toBe('user name')
    const alone = rows.map((row) => row.split(',').slice(1).join(','))
    expect(said(await previewOf(`Affected user,course\n${alone.join('\n')}\n`))).toContain(
      'it is the same in all of them',
    )
  })
})

describe('a span of time that is not read as a time', () => {
  test.each([
    ['month', ['spring-ish', 'autumn-ish']],
    ['Quartal', ['erstes', 'zweites', 'drittes']],
    ['týden', [12, 40, 3]],
    ['hónap', ['a', 'b']],
  ])('%s is said to be left out', async (name, values) => {
    const preview = await previewOf(tableOf({ [name]: values }))
    expect(preview.mapping).toMatchObject({ user: 'user', item: 'item', time: null, rating: null })
    expect(said(preview)).toContain(`column "${name}": left out is a guess. Its name says a time`)
    expect((await previewOf(tableOf({ [name]: values }), { time: null })).warnings).toEqual([])
    expect((await previewOf(tableOf({ [name]: values, date: ['2024-01-02', '2024-02-01'] }))).warnings).toEqual([])
  })
})

describe('what an item has once and for all is nothing of an interaction', () => {
  test.each(['year', 'Year', 'rok', 'Erscheinungsdatum', 'date'])('no time: %s of the item', async (name) => {
    const fixed = (_user: number, item: number): string =>
      /dat/i.test(name) ? `19${60 + item}-05-01` : String(1960 + item)
    const columns = { user_id: userName, item_id: itemId, [name]: fixed }
    const alone = await previewOf(soldTable(columns))
    expect(alone.mapping.time).toBeNull()
    // A day may be used as the time if there is no other.
    expect(said(alone).includes(`column "${name}": left out is a guess`)).toBe(/dat/i.test(name))
    const preview = await previewOf(soldTable({ ...columns, started: (_u, _i, row) => 1_672_780_303 + 4_000 * row }))
    expect(preview.mapping.time).toBe('started')
    expect((await previewOf(soldTable(columns), { time: name })).mapping.time).toBe(name)
  })

  test.each(['stargazers_count', 'plays', 'Ansichten count'])('no count: %s of the item', async (name) => {
    const columns = { user_id: userName, item_id: itemId, [name]: (_u: number, item: number) => 40 + item * item }
    expect((await previewOf(soldTable(columns))).mapping).not.toHaveProperty('count')
    const byContent = await previewOf(
      soldTable({ who_of_all: userName, repository: itemId, [name]: (_u: number, item: number) => 40 + item * item }),
    )
    expect(byContent.mapping).not.toHaveProperty('count')
  })

  test.each(['Rating', 'stars', 'Bewertung'])(
    'no rating: %s of the item, where another column has the user’s',
    async (name) => {
      const columns = { Member: userName, Book: itemId, [name]: (_u: number, item: number) => (30 + item) / 10 }
      const alone = await previewOf(soldTable(columns))
      expect(alone.mapping.rating).toBeNull()
      expect(said(alone)).toContain(`column "${name}": left out is a guess. All rows of each item have the same value`)
      const both = await previewOf(
        soldTable({ ...columns, 'Member Rating': (user, item, row) => 1 + ((user + 2 * item + row) % 5) }),
      )
      expect(both.mapping.rating).toBe('Member Rating')
    },
  )
})

describe('columns that are no ids of users or items', () => {
  const sold = { Customer: userName, Item: itemId, Date: day }

  test.each([
    'Document Number',
    'order_id',
    'Belegnummer',
    'Numéro de facture',
    'Nr zamówienia',
    '订单编号',
    'Invoice No.',
  ])('the number of an order: %s', async (name) => {
    const order = (user: number, _item: number, row: number): string => `INV${100 * user + Math.floor(row / 40)}`
    const preview = await previewOf(soldTable({ [name]: order, ...sold }))
    expect(preview.mapping).toMatchObject({ user: 'Customer', item: 'Item' })
    expect(said(preview)).toBe('')
  })

  test.each(['Time on page', 'beer_ibu', 'pages read', 'song_bpm'])(
    'a number beside a word for items: %s',
    async (name) => {
      const number = (_user: number, item: number, row: number): number => 20 + ((item * 7 + row) % 180)
      const preview = await previewOf(
        soldTable({ visitor_id: userName, [name]: number, title_of_it: itemId, Date: day }),
      )
      expect(preview.mapping).toMatchObject({ user: 'visitor_id', item: 'title_of_it' })
    },
  )

  test('durations', async () => {
    const preview = await previewOf(
      soldTable({
        'Profile Name': (user) => userName(user % 6),
        'Start Time': day,
        Bookmark: (_u, _i, row) => `00:${10 + (row % 49)}:11`,
        Title: (_u, item) => `The story of ${'abcdefghijklmnopqrst'.charAt(item)} and others`,
      }),
    )
    expect(preview.mapping).toMatchObject({ user: 'Profile Name', item: 'Title', time: 'Start Time' })
  })

  test('an id and the name of the same thing are no user and item', async () => {
    const preview = await previewOf(
      soldTable({ aaa_id: itemId, 'aaa.label': (_u, item) => `thing ${item} of ours`, bbb: userName, Date: day }),
    )
    expect(preview.mapping.user === 'bbb' || preview.mapping.item === 'bbb').toBe(true)
  })

  test.each(['Rinnovi', 'xyz'])('two or three numbers under a name that does not say rating: %s', async (name) => {
    const preview = await previewOf(soldTable({ ...sold, [name]: (user, item) => (user + item) % 3 }))
    expect(preview.mapping.rating).toBeNull()
  })
})

describe('titles under any name', () => {
  test.each(['Omschrijving', 'Назва товару', 'headline', 'xyz'])('%s', async (name) => {
    const text = (_user: number, item: number): string => `Thing ${item} in blue`
    const preview = await previewOf(soldTable({ customer_id: userName, item_id: itemId, [name]: text, Date: day }))
    expect(preview.mapping.title).toBe(name)
    const ofUser = await previewOf(
      soldTable({ customer_id: userName, item_id: itemId, [name]: (user) => `Place ${user} in town`, Date: day }),
    )
    expect(ofUser.mapping).not.toHaveProperty('title')
  })
})

describe('more that is no user, item or rating', () => {
  test.each(['Author', 'Autor', 'auteur'])('the %s of a book, which each book has once', async (name) => {
    const preview = await previewOf(
      soldTable({
        'Pupil UPN': (user) => `A${9_000 + user}`,
        [name]: (_u, item) => `Writer ${item % 3}`,
        'Book Title': (_u, item) => `The story of ${'abcdefghijklmnopqrst'.charAt(item)} and others`,
        Date: day,
      }),
    )
    expect(preview.mapping).toMatchObject({ user: 'Pupil UPN', item: 'Book Title' })
  })

  test.each(['N° de carte', 'Card No.', 'Číslo karty', 'Kartennummer'])(
    'the number of a card is a user: %s',
    async (name) => {
      const preview = await previewOf(soldTable({ [name]: userName, 'N° de notice': itemId, Date: day }))
      expect(preview.mapping).toMatchObject({ user: name, item: 'N° de notice' })
    },
  )

  test('a contract whose number is blank in the row of the total', async () => {
    const text = soldTable({
      Lp: (_u, _i, row) => row + 1,
      Umowa: (_u, _i, row) => `U/${row}/23`,
      Kod: itemId,
      Klient: userName,
    })
    const preview = await previewOf(`${text},,Razem,\n`)
    expect(preview.mapping).toMatchObject({ user: 'Klient', item: 'Kod' })
  })

  test.each(['Брой', 'Unidades', 'xyz'])('pieces, most of which are single, are no ratings: %s', async (name) => {
    const pieces = (_user: number, _item: number, row: number): number => (row % 3 === 0 ? 2 + (row % 7) : 1)
    const preview = await previewOf(soldTable({ customer_id: userName, item_id: itemId, [name]: pieces, Date: day }))
    expect(preview.mapping.rating).toBeNull()
    if (name === 'xyz') expect(said(preview)).toContain('column "xyz": left out is a guess')
    else expect(preview.mapping.count).toBe(name)
  })

  test('percent are no ratings', async () => {
    const depth = (_user: number, _item: number, row: number): number => (row * 37) % 101
    for (const name of ['rulledybde_pst', 'xyz']) {
      const preview = await previewOf(soldTable({ customer_id: userName, item_id: itemId, [name]: depth, Date: day }))
      expect(preview.mapping.rating).toBeNull()
      expect(said(preview)).toContain(`column "${name}": left out is a guess`)
    }
  })

  test('a time under a name that only ends with one', async () => {
    const written = (_user: number, _item: number, row: number): string =>
      `2023. ${1 + (row % 12)}. ${1 + (row % 28)} 오후 8:46:31`
    const preview = await previewOf(soldTable({ 학생번호: userName, 강좌코드: itemId, 작성일시: written }))
    expect(preview.mapping.time).toBe('작성일시')
  })
})

describe('what happened when and how much', () => {
  const sold = { customer_id: userName, item_id: itemId }

  test.each(['Horas dedicadas', 'DAYS_SUPPLY', 'secondi di ascolto', 'days', 'hour'])(
    'numbers called %s are no time beside dates, whatever those are called',
    async (name) => {
      const number = (_user: number, item: number, row: number): number => 1 + ((3 * item + row) % 60)
      const preview = await previewOf(soldTable({ ...sold, [name]: number, 'Marca xq': day }))
      expect(preview.mapping.time).toBe('Marca xq')
    },
  )

  test.each(['due_date', 'Return date', 'Rückgabe am', 'Settled', 'Data zwrotu', '반납일', '返却日'])(
    '%s comes after the time of the interaction',
    async (name) => {
      const columns = { ...sold, [name]: (u: number, i: number, row: number) => day(u, i, row + 1), xq: day }
      const preview = await previewOf(soldTable(columns))
      expect(preview.mapping.time).toBe('xq')
      expect(said(preview)).not.toContain('column "xq": time is a guess')
    },
  )

  test('ids of ten digits are no seconds since 1970', async () => {
    const id = (_user: number, _item: number, row: number): number => 1_000_000_000 + 17 * row
    const preview = await previewOf(soldTable({ id_riproduzione: id, ...sold, inizio: day }))
    expect(preview.mapping.time).toBe('inizio')
  })

  test.each(['연장횟수', 'Renewals count', '按讚數', 'Anzahl Verlängerungen'])(
    'what is mostly nothing is no count: %s',
    async (name) => {
      const times = (_user: number, _item: number, row: number): number => (row % 3 === 0 ? 1 : 0)
      const preview = await previewOf(soldTable({ ...sold, [name]: times, date: day }))
      expect(preview.mapping).not.toHaveProperty('count')
      expect(preview.mapping.rating).toBeNull()
    },
  )

  test.each([
    ['Total /100', 75, 24],
    ['Rating (1-10)', 1, 10],
    ['Gesamt 1 bis 10', 1, 10],
  ])('the scale in its name makes %s a rating', async (name, least, grades) => {
    const grade = (_user: number, item: number, row: number): number => least + ((item + row) % grades)
    const nose = (_user: number, _item: number, row: number): number => 5 + (row % 9)
    const notes = (_user: number, _item: number, row: number): string => ['tight', 'cherry oak'][row % 2] ?? ''
    const preview = await previewOf(soldTable({ ...sold, 'Nose /15': nose, [name]: grade, Notes: notes, date: day }))
    expect(preview.mapping.rating).toBe(name)
    expect(preview.mapping.event).toBeUndefined()
  })

  test.each(['slot', 'Sæson', 'Odds', 'PVP', 'season'])('%s is no rating', async (name) => {
    const number = (_user: number, _item: number, row: number): number => 1 + (row % 4)
    expect((await previewOf(soldTable({ ...sold, [name]: number, date: day }))).mapping.rating).toBeNull()
  })

  test('numbers of no usual scale under an unknown name are no rating', async () => {
    const number = (_user: number, _item: number, row: number): number => 1 + (row % 12)
    const preview = await previewOf(soldTable({ ...sold, xq: number, date: day }))
    expect(preview.mapping.rating).toBeNull()
    expect(said(preview)).toContain('column "xq": left out is a guess')
  })
})

describe('ids of any look', () => {
  test('codes with a point are the items that a column of texts names one by one', async () => {
    const text = (_user: number, item: number): string => `Blue ${'abcdefghijklmnopqrst'.charAt(item)} lamp`
    const code = (_user: number, item: number): string => `${85_700 + 37 * item}.${1 + (item % 9)}`
    const preview = await previewOf(soldTable({ ArtNr: code, Bezeichnung: text, KdNr: userName, date: day }))
    expect(preview.mapping).toMatchObject({ user: 'KdNr', item: 'ArtNr', title: 'Bezeichnung' })
  })

  test('of columns that may be items, the one whose ids have texts of their own', async () => {
    const text = (_user: number, item: number): string => `Sininen ${'abcdefghijklmnopqrst'.charAt(item)} talo`
    const queue = (_user: number, _item: number, row: number): number => 1 + ((row * 11) % 119)
    const card = (user: number): number => 29_443_867_935_495 + 7 * user
    const preview = await previewOf(soldTable({ xq: card, yq: itemId, zq: text, wq: queue, date: day }), { user: 'xq' })
    expect(preview.mapping.item).toBe('yq')
  })

  test('addresses of machines are no items', async () => {
    const address = (user: number, _item: number, row: number): string => `10.0.${(user * 7 + row) % 5}.${row % 200}`
    const preview = await previewOf(soldTable({ customer_id: userName, xq: itemId, 'IP-address': address, date: day }))
    expect(preview.mapping.item).toBe('xq')
  })

  test.each(['Postcode', 'PLZ', 'Código postal', 'Kod pocztowy', 'PSČ'])('%s is no item', async (name) => {
    const code = (user: number): string => `${1000 + user} AB`
    const preview = await previewOf(
      soldTable({ Relatienr: userName, [name]: code, Voorstellingscode: itemId, date: day }),
    )
    expect(preview.mapping).toMatchObject({ user: 'Relatienr', item: 'Voorstellingscode' })
  })

  test('the record of which there are several copies, if only it has titles of its own', async () => {
    const text = (_user: number, item: number): string => `Le jardin ${'abcdefghijklmnopqrst'.charAt(item)} perdu`
    const copy = (_user: number, item: number, row: number): number => 337_000 + 10 * item + (row % 3)
    const record = (_user: number, item: number): number => 373_500 + 13 * item
    const columns = { 'Carte lecteur': userName, 'Code exemplaire': copy, 'N° notice': record, Titre: text }
    const preview = await previewOf(soldTable({ ...columns, 'Date prêt': day }))
    expect(preview.mapping).toMatchObject({ user: 'Carte lecteur', item: 'N° notice', title: 'Titre' })
  })

  test.each(['позиция', 'Position', 'distance_km'])('numbers called %s are no items', async (name) => {
    const number = (_user: number, _item: number, row: number): number => 1 + (row % 40)
    const preview = await previewOf(soldTable({ playlist_id: userName, [name]: number, песен_uri: itemId, at: day }))
    expect(preview.mapping.item).toBe('песен_uri')
  })

  test('happenings with a code and a name are items and no types of events', async () => {
    const columns = {
      'customer.no': userName,
      'event.code': itemId,
      'event.name': (_user: number, item: number) => `Hidden ${'abcdefghijklmnopqrst'.charAt(item)} river`,
      'event.venue': (_user: number, item: number) => ['Studio', 'Hall'][item % 2] ?? '',
      'event.starts': (_user: number, item: number) => `2025-01-${10 + item}`,
      booked: day,
    }
    const preview = await previewOf(soldTable(columns))
    expect(preview.mapping).toMatchObject({ user: 'customer.no', item: 'event.code', time: 'booked' })
    expect(preview.mapping.event).toBeUndefined()
  })
})

describe('ratings that say something else than they seem', () => {
  test('zeros that are far more than the grades of one are said to stand for “not rated” perhaps', async () => {
    const grade = (_user: number, item: number, row: number): number =>
      row % 4 === 0 ? 0 : row % 12 === 1 ? 1 : 2 + ((item + row) % 4)
    const preview = await previewOf(soldTable({ Member: userName, 'Book Id': itemId, 'My Rating': grade, at: day }))
    expect(preview.mapping.rating).toBe('My Rating')
    expect(said(preview)).toContain('which may stand for “not rated”')
  })

  test('how something was delivered says less than how it was', async () => {
    const grade = (_user: number, item: number, row: number): number => 1 + ((item + row) % 5)
    const preview = await previewOf(
      soldTable({ Klient: userName, Produkt: itemId, 'Ocena kuriera': grade, 'Ocena jedzenia': grade, at: day }),
    )
    expect(preview.mapping.rating).toBe('Ocena jedzenia')
  })

  test.each(['Schulnote', 'Známka', 'Grade (1 = best)'])('1 is the best grade of “%s”, which is said', async (name) => {
    const grade = (_user: number, item: number, row: number): number => 1 + ((item + row) % 5)
    const text = soldTable({ Member: userName, 'Book Id': itemId, [name]: grade, at: day })
    const preview = await previewOf(text)
    expect(preview.mapping.rating).toBe(name)
    expect(said(preview)).toContain('a higher number counts as a better rating here')
    expect(said(preview)).toContain('use --rating-values 1=5,2=4,3=3,4=2,5=1')
    const ratingValues = { '1': 5, '2': 4, '3': 3, '4': 2, '5': 1 }
    const ratings = async (reading = {}): Promise<number[]> => {
      const result = await load(write('grades.csv', text), mappingOf(preview), { reading })
      const found = Object.values(imported(result)).flatMap((items) => items.map(([, rating]) => Number(rating)))
      store.datasets.delete(result.dataset)
      return found
    }
    expect(await ratings({ ratingValues })).toEqual((await ratings()).map((rating) => 6 - rating))
  })

  test.each(['weighted_vote_score', 'votes_helpful', 'Num Votes', 'vote_count'])(
    'what others think of a review, or how many voted, is none: %s',
    async (name) => {
      const share = (user: number, item: number, row: number): number => ((user + item * row) % 40) / 40
      const columns = { app_id: itemId, [name]: share, 'author.steamid': userName, timestamp_created: day }
      const recommended = (_user: number, item: number, row: number): string =>
        (item + row) % 3 === 0 ? 'False' : 'True'
      const preview = await previewOf(soldTable({ ...columns, recommended }))
      expect(preview.mapping).toMatchObject({ rating: null, event: { column: 'recommended' } })
      expect(counted(preview)).toEqual(['True'])
    },
  )
})

describe('codes of events', () => {
  test.each(['type', 'action_type', 'interaction_type', 'behaviour'])(
    'under “%s” are said, and all of them count',
    async (name) => {
      const code = (user: number, item: number, row: number): number => 1 + ((user * item + row) % 4)
      const group = (_user: number, item: number, row: number): number => 4 + ((item + row) % 6)
      const preview = await previewOf(
        soldTable({ user_id: userName, sku_id: itemId, time: day, [name]: code, cate: group }),
      )
      expect(preview.mapping).toMatchObject({ rating: null, event: { column: name, counted: null } })
      expect(said(preview)).toContain(
        `column "${name}": event is a guess. Its name says event, and it contains the codes “`,
      )
      expect(said(preview)).toContain('They are taken for types of events, all of which count.')
    },
  )

  test('are none beside a rating, or if each item has one', async () => {
    const code = (user: number, item: number, row: number): number => 1 + ((user * item + row) % 4)
    const grade = (_user: number, item: number, row: number): number => 1 + ((item + row) % 5)
    const rated = await previewOf(soldTable({ user_id: userName, sku_id: itemId, type: code, rating: grade }))
    expect(rated.mapping).toMatchObject({ rating: 'rating' })
    expect(rated.mapping.event).toBeUndefined()
    const kind = (_user: number, item: number): number => 1 + (item % 4)
    expect(
      (await previewOf(soldTable({ user_id: userName, sku_id: itemId, type: kind }))).mapping.event,
    ).toBeUndefined()
  })
})

describe('more ids and times', () => {
  test('the reference of a session’s actions is the item', async () => {
    const session = (user: number, _item: number, row: number): string => `s${user}x${Math.floor(row / 40)}`
    const columns = { user_id: userName, session_id: session, timestamp: day, reference: itemId }
    expect((await previewOf(soldTable(columns))).mapping).toMatchObject({ user: 'user_id', item: 'reference' })
  })

  test('hashes in a table without names are users, as a guess', async () => {
    const hash = (user: number): string => (16 ** 11 + user * 7_919_131).toString(16).padEnd(32, '4f')
    const lines = Array.from({ length: 120 }, (_, row) => [
      100 + ((row * 7) % 17),
      hash((row * 5) % 23),
      `2024-03-${10 + (row % 9)}`,
    ])
    const preview = await previewOf(`${lines.map((line) => line.join('|')).join('\n')}\n`, {}, 'current')
    expect(preview.mapping).toMatchObject({ user: 'column1', item: 'column0', time: 'column2' })
    expect(said(preview)).toContain('column "column1": user is a guess')
    const swapped = lines.map(([item, user, date]) => [user, item, date].join('|'))
    expect((await previewOf(`${swapped.join('\n')}\n`, {}, 'current')).mapping).toMatchObject({
      user: 'column0',
      item: 'column1',
    })
  })

  test.each(['Release Date', 'Erscheinungsdatum', 'released_at', 'Premiera'])(
    '%s is not when an item was rated',
    async (name) => {
      const release = (_user: number, item: number, row: number): string =>
        `20${10 + ((item * row) % 9)}-0${1 + (item % 9)}-11`
      const grade = (_user: number, item: number, row: number): number => 1 + ((item + row) % 5)
      const columns = { [name]: release, user: userName, film: itemId, rating: grade, 'Date rated': day }
      expect((await previewOf(soldTable(columns))).mapping.time).toBe('Date rated')
    },
  )
})
