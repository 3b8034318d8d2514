import { strToU8, zipSync } from 'fflate'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { forecastImport } from '../../src/main/importing/forecast'
import { importRatings } from '../../src/main/importing/import-ratings'
import { previewImport } from '../../src/main/importing/preview'
import type { NamedFile } from '../../src/main/importing/source-file'
import type { FileRole } from '../../src/shared/found-files'
import { imported, load, rejects, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'
import { recordingContext } from './recording-context'
import { byItem, day, english, expected, languages, lines, type ShopTable, shopTables } from './shop.fixture'

const textOf = ({ columns, rows }: ShopTable, separator = ','): string =>
  [columns, ...rows].map((row) => `${row.join(separator)}\n`).join('')

type Files = readonly (readonly [path: string, text: string | Uint8Array])[]
let written = 0
const archive = (files: Files): NamedFile => {
  const entries = files.map(([path, text]) => [path, typeof text === 'string' ? strToU8(text) : text] as const)
  return write(`shop-${written++}.zip`, Buffer.from(zipSync(Object.fromEntries(entries))))
}
const shop = shopTables(english)
const shopFiles = (changed: (table: ShopTable) => ShopTable = (table) => table): Files =>
  shop.map((table) => [`${table.name}.csv`, textOf(changed(table))])
const only = (name: string, change: (rows: ShopTable['rows']) => ShopTable['rows']) => (table: ShopTable) =>
  table.name === name ? { ...table, rows: change(table.rows) } : table
const reading = (roles: Readonly<Record<string, FileRole>>) => ({ roles })
const whyRefused = (file: NamedFile): Promise<unknown> =>
  previewImport({ ratings: [file], items: null }, store.library).then(
    () => null,
    (error: unknown) => error,
  )

describe('orders and their lines in separate files', () => {
  test('the lines get the columns of their orders, in any order of files and in several languages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...languages),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
        fc.constantFrom(',', ';', '\t'),
        async (names, order, separator) => {
          for (const { id } of store.datasets.list()) store.datasets.delete(id)
          const tables = shopTables(names)
          const files = order.flatMap((at) =>
            tables[at] ? [[`export/${tables[at].name}.csv`, textOf(tables[at], separator)] as const] : [],
          )
          const file = archive(files)
          const preview = await previewImport({ ratings: [file], items: null }, store.library)
          const roles = Object.fromEntries(preview.files.map(({ path, role }) => [path, role]))
          expect(roles).toEqual({
            [`export/${names.users[0]}.csv`]: 'left out',
            [`export/${names.items[0]}.csv`]: 'items',
            [`export/${names.orders[0]}.csv`]: 'joined',
            [`export/${names.lines[0]}.csv`]: 'ratings',
          })
          expect(preview.mapping).toMatchObject({
            user: names.orders[2],
            item: names.lines[2],
            count: names.lines[3],
            time: names.orders[3],
          })
          const mapping = mappingOf(preview)
          const result = await load(file, mapping)
          expect(byItem(imported(result))).toEqual(expected())
          const joined = result.choices.find(({ value }) => value === `with columns of ${names.orders[0]}.csv`)
          expect(joined).toMatchObject({
            certainty: 'likely',
            option: `--file-role export/${names.orders[0]}.csv=left-out`,
          })
          const forecast = await forecastImport({ ratings: [file], mapping, duplicates: 'last' }, store.library)
          expect(forecast.rows).toBe(lines.length)
        },
      ),
      { numRuns: 6, seed: 5 },
    )
  })

  test('the files of a folder are joined alike', async () => {
    const [, items, orders, ofLines] = shopFiles().map(([path, text]) => write(path, Buffer.from(text)))
    if (!items || !orders || !ofLines) throw new Error('a table is missing')
    const files = { ratings: [ofLines], items, joined: [orders] }
    const preview = await previewImport(files, store.library)
    const request = { name: 'test', ...files, mapping: mappingOf(preview), itemMapping: null }
    expect(byItem(imported(await importRatings(store, request, recordingContext().context)))).toEqual(expected())
  })

  test('a person can leave the orders out, and their number is a guess for the user then', async () => {
    const file = archive(shopFiles())
    const request = { ratings: [file], items: null, reading: reading({ 'orders.csv': 'left out' }) }
    const preview = await previewImport(request, store.library)
    expect(preview.choices.map(({ value }) => value)).not.toContain('with columns of orders.csv')
    const user = preview.choices.find(({ column, value }) => column === 'order_id' && value === 'user')
    expect(user?.certainty).toBe('guess')
  })

  test('rejected rows keep the line of their file and the others their order, whatever lines are broken', async () => {
    // Line 4 has too many cells, line 6 invalid text in a column that nothing needs, line 8 an unknown order.
    const text = textOf(shop[3]!)
      .split('\n')
      .map((line, at) =>
        at === 3 ? `${line},9,9` : at === 5 ? `${line}\xff` : at === 7 ? line.replace(/^7,\d+/, '7,999999') : line,
      )
      .join('\n')
    const files: Files = [...shopFiles().slice(0, 3), ['order_items.csv', Buffer.from(text, 'latin1')]]
    const file = archive(files)
    const request = { ratings: [file], items: null, reading: { encoding: 'utf-8' as const } }
    const preview = await previewImport(request, store.library)
    const result = await load(file, mappingOf(preview), { reading: request.reading, duplicates: 'last' })
    expect(rejects(result).map(({ file: name, line, reason }) => [name, line, reason])).toEqual([
      ['order_items.csv', 4, 'too many columns'],
      ['order_items.csv', 6, 'the text is damaged'],
      ['order_items.csv', 8, 'no user id'],
    ])
    const without = lines.filter((_, at) => ![2, 4, 6].includes(at))
    const users = new Set(without.map(({ user }) => String(user)))
    expect(new Set(Object.keys(imported(result)))).toEqual(users)
  })

  test('orders that an export has twice are joined once', async () => {
    const file = archive(shopFiles(only('orders', (rows) => [...rows, ...rows.slice(0, 9)])))
    const preview = await previewImport({ ratings: [file], items: null }, store.library)
    expect(preview.files.find(({ path }) => path === 'orders.csv')?.role).toBe('joined')
    expect(byItem(imported(await load(file, mappingOf(preview))))).toEqual(expected())
  })

  test('a file that has nothing to do with the lines is refused where a person joins it', async () => {
    const roles = reading({ 'orders.csv': 'left out', 'customers.csv': 'joined' })
    const file = archive(shopFiles())
    await expect(previewImport({ ratings: [file], items: null, reading: roles }, store.library)).rejects.toMatchObject({
      message: expect.stringContaining('customers.csv cannot be joined to order_items.csv') as string,
    })
  })

  test('an order that changes far down in a large file is refused, not joined to any of its rows', async () => {
    const many = Array.from({ length: 4000 }, (_, at) => [10_000 + at, 1000 + (at % 30), '2024-01-01', 'paid'])
    const file = archive(
      shopFiles(only('orders', (rows) => [...rows, ...many, [rows[0]?.[0] ?? 0, 1001, '2024-02-02', 'returned']])),
    )
    expect(await whyRefused(file)).toMatchObject({
      message: expect.stringMatching(/orders\.csv cannot be joined to order_items\.csv: .*“order_id” 500/) as string,
      next: expect.stringContaining('--file-role orders.csv=left-out') as string,
    })
  })

  test('thousands of lines in no order stay in the order of their file', async () => {
    const orders = Array.from({ length: 5000 }, (_, at) => `${at * 7},u${at % 900},2024-01-01\n`).toReversed()
    const rows = Array.from({ length: 60_000 }, (_, at) => `${at},${((at * 7919) % 5000) * 7},p${at % 300}\n`)
    const file = archive([
      ['orders.csv', `order_id,customer_id,date\n${orders.join('')}`],
      ['lines.csv', `line,order_id,product_id\n${rows.join('')}`],
    ])
    const preview = await previewImport({ ratings: [file], items: null }, store.library)
    expect(preview.mapping).toMatchObject({ user: 'customer_id', item: 'product_id', time: 'date' })
    const pairs = new Set(rows.map((_, at) => `u${((at * 7919) % 5000) % 900} p${at % 300}`))
    const read = imported(await load(file, { user: 'customer_id', item: 'product_id', rating: null, time: null }))
    expect(
      new Set(Object.entries(read).flatMap(([user, items]) => items.map(([item]) => `${user} ${String(item)}`))),
    ).toEqual(pairs)
  })
})

describe('a shop that numbers its customers anew with each order', () => {
  const orders = 60
  const person = (order: number): number => (order * 7) % 23
  /** Order, position and product of each line; every third order has two. */
  const bought = Array.from({ length: orders }, (_, order) => order).flatMap((order) =>
    Array.from({ length: order % 3 === 0 ? 2 : 1 }, (_, at) => [order, at + 1, (order * 5 + at * 3) % 17] as const),
  )
  const csv = (header: string, rows: readonly (readonly (string | number)[])[]): string =>
    [header, ...rows.map((row) => row.join(','))].join('\n') + '\n'
  const each = <T>(make: (order: number) => T): T[] => Array.from({ length: orders }, (_, order) => make(order))
  /** @param money the name of a column of amounts beside the price */
  const files = (money: string, reviews: 'one' | 'some' | 'none'): Files => [
    [
      'shop_customers.csv',
      csv(
        'customer_id,customer_unique_id,customer_zip_code_prefix',
        each((order) => [`c${order}`, `p${person(order)}`, 1000 + (order % 40)]),
      ),
    ],
    [
      'shop_order_items.csv',
      csv(
        `order_id,order_item_id,product_id,seller_id,price,${money}`,
        bought.map(([order, at, item]) => [`o${order}`, at, `i${item}`, `s${item % 4}`, 9.9 + item, (order % 5) + 0.5]),
      ),
    ],
    ...(reviews === 'none'
      ? []
      : ([
          [
            'shop_order_reviews.csv',
            csv(
              'review_id,order_id,review_score',
              [...each((order) => order), ...(reviews === 'some' ? [3, 4] : [])].map((order, at) => [
                `r${at}`,
                `o${order}`,
                1 + (order % 5),
              ]),
            ),
          ],
        ] as const)),
    [
      'shop_orders.csv',
      csv(
        'order_id,customer_id,order_purchase_timestamp',
        each((order) => [`o${order}`, `c${order}`, `${day(order)} 10:00:00`]),
      ),
    ],
    [
      'shop_products.csv',
      csv(
        'product_id,product_name',
        [...Array(17).keys()].map((item) => [`i${item}`, `Thing ${item}`]),
      ),
    ],
  ]
  const wanted = (user: (order: number) => string): Set<string> =>
    new Set(bought.map(([order, , item]) => `${user(order)} i${item}`))
  const got = (read: Record<string, (string | number)[][]>): Set<string> =>
    new Set(Object.entries(read).flatMap(([user, rows]) => rows.map(([item]) => `${user} ${String(item)}`)))

  test('the lines are the interactions of the people behind its customers, whatever lies beside them and in any order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('freight_value', 'shipping_value', 'payment_value', 'shipping_cost'),
        fc.constantFrom('one', 'some', 'none'),
        fc.infiniteStream(fc.nat()),
        async (money, reviews, draws) => {
          for (const { id } of store.datasets.list()) store.datasets.delete(id)
          const shuffled = files(money, reviews)
            .map((file) => ({ file, at: draws.next().value ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ file }) => file)
          const file = archive(shuffled)
          const preview = await previewImport({ ratings: [file], items: null }, store.library)
          expect(Object.fromEntries(preview.files.map(({ path, role }) => [path, role]))).toEqual({
            'shop_customers.csv': 'joined',
            'shop_orders.csv': 'joined',
            'shop_order_items.csv': 'ratings',
            'shop_products.csv': 'items',
            ...(reviews === 'none' ? {} : { 'shop_order_reviews.csv': 'left out' }),
          })
          expect(preview.mapping).toMatchObject({
            user: 'customer_unique_id',
            item: 'product_id',
            rating: null,
            time: 'order_purchase_timestamp',
          })
          const user = preview.choices.find(({ value }) => value === 'user')
          expect(user?.evidence).toContain('“customer_id” is another one for each “order_id”')
          expect(got(imported(await load(file, mappingOf(preview))))).toEqual(wanted((order) => `p${person(order)}`))
        },
      ),
      { numRuns: 8, seed: 5 },
    )
  })

  test('without the people it is a guess that every order is another user', async () => {
    const file = archive(files('price_paid', 'one').slice(1))
    const preview = await previewImport({ ratings: [file], items: null }, store.library)
    expect(preview.mapping).toMatchObject({ user: 'customer_id', item: 'product_id' })
    expect(preview.warnings.join()).toContain('Each “order_id” has another one, so nobody has a second order')
    expect(got(imported(await load(file, mappingOf(preview))))).toEqual(wanted((order) => `c${order}`))
  })

  test('each file that is left out has a true reason', async () => {
    const others: Files = [
      ['shop_sellers.csv', 'seller_id,seller_state\ns1,SP\ns2,RJ\n'],
      ['shop_payments.csv', 'order_id,payment_value\no1,3.50\no1,4.50\n'],
      ['about.md', 'These are the orders of a shop.'],
      ['notes.md', 'Ask the shop what they mean.'],
    ]
    const file = archive([...files('price_paid', 'some'), ...others])
    const preview = await previewImport({ ratings: [file], items: null }, store.library)
    const left = preview.choices.filter(({ about, value }) => about === 'files' && value.startsWith('left out'))
    expect(left.map(({ value, evidence }) => `${value} ${evidence}`)).toEqual([
      'left out: shop_order_reviews.csv It has rows of “order_id”, but neither users nor items: review_id, order_id, review_score.',
      'left out: shop_sellers.csv It has neither users nor items: seller_id, seller_state.',
      'left out: shop_payments.csv It has rows of “order_id”, but neither users nor items: order_id, payment_value.',
      'left out: about.md, notes.md They are no tables.',
    ])
  })

  test('rows keep the line of their file where two files are joined to them', async () => {
    const broken = files('price_paid', 'none').map(
      ([path, text]) =>
        [
          path,
          path === 'shop_order_items.csv'
            ? String(text).replace('\no1,', '\no1,9,9,9,').replace('\no4,', '\nunknown,')
            : text,
        ] as const,
    )
    const file = archive(broken)
    const preview = await previewImport({ ratings: [file], items: null }, store.library)
    const result = await load(file, mappingOf(preview))
    const lineOf = (wanted: number): number => 2 + bought.findIndex(([order]) => order === wanted)
    expect(rejects(result).map(({ line, reason }) => [line, reason])).toEqual([
      [lineOf(1), 'too many columns'],
      [lineOf(4), 'no user id'],
    ])
    expect(got(imported(result)).size).toBe(
      wanted((order) => (order === 1 || order === 4 ? 'none' : `p${person(order)}`)).size - 2,
    )
  })
})

describe('orders that all have one line', () => {
  const orders = Array.from({ length: 30 }, (_, at) => ({
    order: String(1000 + at),
    user: `c${at % 7}`,
    day: `2024-03-${String(1 + (at % 28)).padStart(2, '0')}`,
    item: `p${(at * 5) % 11}`,
    quantity: String(1 + (at % 4)),
  }))
  test.each([
    ['orders', 'order_lines', 'order_id', 'customer_id', 'product_id'],
    ['Kopf', 'Positionen', 'Belegnummer', 'Kunde', 'Artikel'],
    ['a', 'b', 'nr_commande', 'client', 'produit'],
  ])('%s and %s are joined by “%s”', async (header, line, key, user, item) => {
    const files: Files = [
      [
        `${header}.csv`,
        [`${key},${user},date`, ...orders.map((one) => [one.order, one.user, one.day].join(','))].join('\n'),
      ],
      [
        `${line}.csv`,
        [`${key},${item},qty`, ...orders.map((one) => [one.order, one.item, one.quantity].join(','))].join('\n'),
      ],
    ]
    const file = archive(files)
    const preview = await previewImport({ ratings: [file], items: null }, store.library)
    expect(Object.fromEntries(preview.files.map(({ path, role }) => [path, role]))).toEqual({
      [`${header}.csv`]: 'joined',
      [`${line}.csv`]: 'ratings',
    })
    expect(preview.mapping).toMatchObject({ user, item, time: 'date', count: 'qty' })
    expect(await load(file, mappingOf(preview))).toMatchObject({ users: 7, items: 11, rejected: 0 })
    // Whichever of the two a person joins to the other, each row has one.
    const roles = { [`${line}.csv`]: 'joined', [`${header}.csv`]: 'ratings' } as const
    const other = await previewImport({ ratings: [file], items: null, reading: reading(roles) }, store.library)
    expect(other.mapping).toMatchObject({ user, item, time: 'date', count: 'qty' })
  })
})
