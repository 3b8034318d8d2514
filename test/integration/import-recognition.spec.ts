import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { ChosenColumns, ImportPreview } from '../../src/shared/datasets'
import { imported, load, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

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

  test('are said where a name does not tell what they are about, and nothing is left out for them', async () => {
    const preview = await previewOf(tableOf({ xq: ['true', 'false'] }))
    expect(preview.mapping).toMatchObject({ rating: null })
    expect(preview.mapping.event).toBeUndefined()
    expect(said(preview)).toContain(
      'column "xq": left out is a guess. It contains “false”, “true”, and every row counts',
    )
    expect(await previewOf(tableOf({ xq: ['true', 'false'] }), { event: null })).toMatchObject({ warnings: [] })
    expect(await previewOf(tableOf({ verified: ['true', 'false'] }))).toMatchObject({ warnings: [] })
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
    expect([counted(usual), usual.warnings]).toEqual([null, []])
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

  test('are none where all are the same', async () => {
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
  test('is a user only as a guess where titles stand beside it', async () => {
    const rows = Array.from(
      { length: 30 },
      (_, i) => `${100 + i},Book ${i},Author ${i % 7},${1 + (i % 5)},3.9${i % 9},2023/01/${10 + (i % 9)}`,
    )
    const preview = await previewOf(`Book Id,Title,Author,My Rating,Average Rating,Date Read\n${rows.join('\n')}\n`)
    expect(preview.mapping).toMatchObject({ item: 'Book Id', rating: 'My Rating', time: 'Date Read' })
    expect(said(preview)).toContain('it may be the creator of the items, since there is also “Book Id”')
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
