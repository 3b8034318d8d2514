import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { ImportPreview } from '../../src/shared/datasets'
import { imported, load, store, write } from './import-library'
import { type Cell, day, itemId, soldTable, userName } from './sold-table.fixture'
import { mappingOf } from './recognised-mapping'

const seen = (text: string): Promise<ImportPreview> =>
  previewImport({ ratings: [write('table.csv', text)], items: null }, store.library)
const previewOf = (columns: Readonly<Record<string, Cell>>): Promise<ImportPreview> => seen(soldTable(columns))
const said = ({ warnings }: ImportPreview): string => warnings.join('\n')

const oneOf =
  (...values: readonly (string | number)[]): Cell =>
  (user, item, row) =>
    values[(user * 3 + item * 5 + row) % values.length] ?? ''
/** Any of many values, which nothing else in the row determines. */
const drawn =
  (letter: string, many: number): Cell =>
  (_user, _item, row) =>
    `${letter}${(row * row * 7 + row * 13) % many}`

const people = { user_id: userName, item_id: itemId, date: day }

const word = fc.stringMatching(/^q[b-df-hj-np-tv-xz]{3,6}$/)
/** The columns in a drawn order. */
const shuffled = (columns: Readonly<Record<string, Cell>>): fc.Arbitrary<Record<string, Cell>> =>
  fc
    .shuffledSubarray(Object.keys(columns), { minLength: Object.keys(columns).length })
    .map((names) => Object.fromEntries(names.map((name) => [name, columns[name]!])))
const drawnOrder = async (
  columns: Readonly<Record<string, Cell>>,
  check: (preview: ImportPreview) => void,
): Promise<void> => {
  await fc.assert(
    fc.asyncProperty(shuffled(columns), async (ordered) => {
      check(await previewOf(ordered))
    }),
    { numRuns: 3 },
  )
}

describe('a guess', () => {
  test('names the next likeliest column in its option', async () => {
    await fc.assert(
      fc.asyncProperty(word, word, async (one, two) => {
        fc.pre(one !== two)
        const columns = { user: userName, [`${one}_id`]: itemId, [two]: drawn('k', 60), date: day }
        const preview = await previewOf(columns)
        expect(preview.mapping).toMatchObject({ user: 'user', item: `${one}_id` })
        expect(said(preview)).toContain(`--item "${two}"`)
        expect(said(preview)).not.toContain('--item COLUMN')
      }),
      { numRuns: 4 },
    )
  })

  test('names none that has a name for the other side, and says so', async () => {
    const preview = await previewOf({ session_id: userName, item_id: itemId, next_item: drawn('P', 30), date: day })
    expect(said(preview)).toMatch(/column "session_id": user is a guess.*No other column looks like users/)
  })
})

describe('what is called an event', () => {
  test.each([
    [['vs. Lions', 'vs. Bears', 'vs. Hawks', 'vs. Wolves']],
    [['Symphony No. 5', 'Symphony No. 9', 'Winter Gala', 'Opera: Aida']],
    [['Jazz – Late Night', 'Jazz – Early Bird', 'Spring Ball 2024']],
  ])('is the item if it has names of what people went to: %j', async (names) => {
    const columns = { Buyer: userName, Event: oneOf(...names), Seat: drawn('S', 90), Price: oneOf(20, 30, 45) }
    await drawnOrder(columns, (preview) => {
      expect(preview.mapping).toMatchObject({ user: 'Buyer', item: 'Event' })
      expect(preview.mapping.event).toBeUndefined()
      expect(said(preview)).toMatch(/"Event": item is a guess.*what people went to.*--event "Event" --item "Seat"/)
    })
  })

  test('is the item without a warning if it has more names than there are types of events', async () => {
    const { mapping, warnings } = await previewOf({
      customer: userName,
      event: (_user, _item, row) =>
        `Evening ${String.fromCodePoint(65 + (row % 20))}${String.fromCodePoint(65 + (row % 3))}`,
      date: day,
    })
    expect(mapping).toMatchObject({ item: 'event', time: 'date' })
    expect(warnings).toEqual([])
  })

  test('is the item, as a guess, if nothing else is', async () => {
    const preview = await previewOf({ customer: userName, event: oneOf('Aida', 'Hamlet', 'Tosca'), date: day })
    expect(preview.mapping).toMatchObject({ item: 'event' })
    expect(said(preview)).toContain('"event": item is a guess')
  })

  test.each([
    [['view', 'cart', 'purchase']],
    [['Product Viewed', 'Product Added', 'Order Completed', 'Cart Viewed']],
    [['vist', 'lagt i', 'kjopt']],
  ])('is the type of an event if it has a few words for what people did: %j', async (types) => {
    const columns = { person: userName, event: oneOf(...types), xq: drawn('P', 30), date: day }
    await drawnOrder(columns, ({ mapping }) => {
      expect(mapping).toMatchObject({ user: 'person', item: 'xq', event: { column: 'event' } })
    })
  })

  test('is the type of an event if it is called a type, whatever its words look like', async () => {
    const types = oneOf('CONTENT_ACCESS', 'Lesson 2 Opened', 'Forum Entry 7')
    const { mapping } = await previewOf({ person: userName, EVENT_TYPE: types, CONTENT_PK1: itemId, date: day })
    expect(mapping).toMatchObject({ user: 'person', item: 'CONTENT_PK1', event: { column: 'EVENT_TYPE' } })
  })

  test('is the type of an event beside a column of items', async () => {
    const { mapping } = await previewOf({ ...people, event: oneOf('Level 1', 'Level 2', 'Level 3') })
    expect(mapping).toMatchObject({ item: 'item_id', event: { column: 'event' } })
  })
})

describe('words for what people did', () => {
  test('are types of events within longer values, and precede a “Value”', async () => {
    const preview = await previewOf({
      ...people,
      Metric: oneOf('Ordered Product', 'Viewed Product', 'Received Email'),
      Value: oneOf(4.99, 29.7, 117, 39.98, 516),
    })
    expect(preview.mapping).toMatchObject({ rating: null, event: { column: 'Metric' } })
  })

  test('are none in names of things that share one', async () => {
    const { mapping } = await previewOf({
      user: userName,
      xq: oneOf('Blue watch', 'Red watch', 'Old watch'),
      date: day,
    })
    expect(mapping.event).toBeUndefined()
  })

  test.each(['op_code', 'OpCode'])('are letters of one code, as a guess: %s', async (name) => {
    const preview = await previewOf({ patron_id: userName, item_id: itemId, [name]: oneOf('o', 'i', 'f'), date: day })
    expect(preview.mapping).toMatchObject({ event: { column: name } })
    expect(said(preview)).toContain(`"${name}": event is a guess`)
  })

  test('are read from the flattened paths of xAPI', async () => {
    const columns = {
      'actor.account.name': userName,
      'verb.id': oneOf('http://adlnet.gov/expapi/verbs/completed', 'http://adlnet.gov/expapi/verbs/viewed'),
      'object.id': (_user: number, item: number) => `http://example.org/unit/${item}`,
      timestamp: day,
    }
    await drawnOrder(columns, ({ mapping, warnings }) => {
      expect(mapping).toMatchObject({
        user: 'actor.account.name',
        item: 'object.id',
        time: 'timestamp',
        event: { column: 'verb.id' },
      })
      expect(warnings).toEqual([expect.stringContaining('all of which count alike')])
    })
  })
})

describe('sessions', () => {
  test.each(['session_id', 'SessionId', 'visit_id', 'Sitzung'])(
    'are users as a guess that says so: %s',
    async (name) => {
      const preview = await previewOf({ [name]: userName, item_id: itemId, time: day })
      expect(preview.mapping).toMatchObject({ user: name, item: 'item_id', time: 'time' })
      expect(said(preview)).toMatch(/user is a guess.*a person who came again counts as several users/)
    },
  )

  test('yield to people', async () => {
    const columns = {
      session_id: (user: number, _item: number, row: number) => `s${user}-${row % 3}`,
      user_id: userName,
    }
    const preview = await previewOf({ ...columns, item_id: itemId, time: day })
    expect(preview.mapping.user).toBe('user_id')
    expect(said(preview)).not.toContain('came again')
  })

  test.each([
    ["['P1' 'P2']", "['P2' 'P3' 'P1']"],
    ['"[P1, P2]"', '"[P2, P3, P1]"'],
    ['P1|P2', 'P2|P3|P1'],
  ])('with the item that follows their list have it as their last one: %s', async (one, two) => {
    const rows = Array.from({ length: 30 }, (_, row) => `${row % 2 === 0 ? one : two},P${4 + (row % 5)},DE`)
    const preview = await seen(`prev_items,next_item,locale\n${rows.join('\n')}\n`)
    expect(preview.mapping).toMatchObject({ user: 'session', item: 'prev_items' })
    expect(said(preview)).toMatch(
      /The item of “next_item” follows them.*each row is taken for the visit of another user/,
    )
    const result = await load(
      write('sessions.csv', `prev_items,next_item,locale\n${rows.join('\n')}\n`),
      mappingOf(preview),
    )
    expect(imported(result)['1']).toEqual([['P1'], ['P2'], ['P4']])
    expect(Object.keys(imported(result))).toHaveLength(30)
  })

  test('keep a next item beside items of their own rows', async () => {
    const { mapping } = await previewOf({ ...people, next_item: drawn('P', 20) })
    expect(mapping).toMatchObject({ user: 'user_id', item: 'item_id' })
  })
})

describe('a column that tells nothing apart', () => {
  test.each([
    ['item', { user: userName, product: () => 'Widget', date: day }],
    ['user', { user: () => 'ann', product: itemId, date: day }],
    ['item', { user: userName, item: (_user: number, _item: number, row: number) => `I${row * 3}`, date: day }],
    ['user', { customer: (_user: number, _item: number, row: number) => `C${row * 3}`, product: itemId, date: day }],
  ])('is the %s only as a guess: %j', async (role, columns) => {
    const { choices } = await previewOf(columns)
    expect(choices.find(({ value }) => value === role)?.certainty).toBe('guess')
  })

  test('is no user if its numbers are those of lines, documents or another name of these', async () => {
    const columns = {
      'Internal ID': (_user: number, _item: number, row: number) => 9000 + Math.floor(row / 2),
      'Document Number': (_user: number, _item: number, row: number) => `SO${1000 + Math.floor(row / 2)}`,
      order_item_id: oneOf(1, 2, 3),
      Name: userName,
      Item: itemId,
    }
    const { mapping } = await previewOf(columns)
    expect(mapping).toMatchObject({ user: 'Name', item: 'Item' })
  })
})

test('orders are users as a guess that says so, if no column names people', async () => {
  const columns = {
    'order-id': (_user: number, _item: number, row: number) => `77-${Math.floor(row / 2) % 90}`,
    sku: itemId,
    'product-name': (_user: number, item: number) => `Lamp number ${item}`,
    'staff name': oneOf('Ann', 'Ben'),
    date: day,
  }
  await drawnOrder(columns, (preview) => {
    expect(preview.mapping).toMatchObject({ user: 'order-id', item: 'sku' })
    expect(said(preview)).toMatch(/"order-id": user is a guess.*An order is one purchase/)
  })
})

describe('reviews', () => {
  test('have headlines that are no items, and users who are called authors', async () => {
    const columns = {
      hotel_url: itemId,
      author: userName,
      date: day,
      rating: oneOf(1, 2, 3, 4, 5),
      title: (_user: number, _item: number, row: number) => `Very good ${row}`,
    }
    await drawnOrder(columns, ({ mapping, refusal }) => {
      expect([mapping.user, mapping.item, refusal]).toEqual(['author', 'hotel_url', undefined])
    })
  })
})

test.each(['Lien', 'URL', 'Enlace'])('a %s that was clicked is the item rather than its campaign', async (name) => {
  const columns = {
    Email: (user: number) => `p${user}@example.org`,
    Campaign: oneOf('Spring', 'Summer', 'Sale'),
    [name]: (_user: number, item: number) => `https://example.org/${item}`,
    Date: day,
  }
  await drawnOrder(columns, ({ mapping }) => {
    expect(mapping).toMatchObject({ user: 'Email', item: name })
  })
})

describe('counts below zero', () => {
  const ledger = (sign: (row: number) => number) => ({
    ...people,
    Quantity: (_user: number, _item: number, row: number) => sign(row) * (1 + (row % 3)),
  })

  test('count without their signs, as a guess, if most are', async () => {
    const text = soldTable(ledger(() => -1))
    const preview = await seen(text)
    expect(preview.mapping).toMatchObject({ count: 'Quantity' })
    expect(said(preview)).toMatch(
      /counts without their minus signs is a guess. 240 counts are below zero.*--count none/,
    )
    const result = await load(write('ledger.csv', text), mappingOf(preview))
    expect(result.interactions).toBeGreaterThan(0)
    expect(result.rejected).toBe(0)
    const values = Object.values(imported(result)).flatMap((rows) => rows.map(([, value]) => Number(value)))
    expect(Math.min(...values)).toBe(1)
  })

  test('are rejected among others', async () => {
    const text = soldTable(ledger((row) => (row % 8 === 0 ? -1 : 1)))
    const preview = await seen(text)
    expect(said(preview)).not.toContain('minus signs')
    expect((await load(write('sales.csv', text), mappingOf(preview))).rejected).toBe(30)
  })
})

describe('totals of a pivot table', () => {
  test.each(['Gesamtergebnis', 'Grand Total', 'Ergebnis', 'Total général', 'Итого'])(
    'are no users without a warning: %s',
    async (total) => {
      const preview = await seen(
        `${soldTable({ Kunde: userName, Artikel: itemId, 'Summe von Menge': oneOf(1, 2, 3) })}${total},A-100,12\n`,
      )
      expect(said(preview)).toContain(`is the name of a total: “${total}” in 1 row`)
      expect(said(preview)).toContain(`--drop-users "${total}"`)
    },
  )

  test('below each group are told by the name of its user', async () => {
    const preview = await seen(
      `${soldTable({ Kunde: userName, Artikel: itemId, Menge: oneOf(1, 2, 3) })}person-3 Ergebnis,A-100,12\n`,
    )
    expect(said(preview)).toContain('is the name of a total: “person-3 Ergebnis”')
  })

  test('are not seen in names that only contain such a word', async () => {
    const preview = await seen(`${soldTable({ Kunde: userName, Artikel: itemId })}Total Fitness,A-100\n`)
    expect(said(preview)).not.toContain('total')
  })
})

describe('numbers that identify', () => {
  test.each<[string, Cell]>([
    ['Bestellung', (_user, _item, row) => 40 + Math.floor(row / 2)],
    ['Sitzplatz', oneOf(1, 5, 9, 14, 27)],
    ['seat', oneOf(1, 5, 9, 14, 27)],
    ['mobile', (user) => 600_700 + user],
    ['xq', (user, item) => 4_917_000 + user * 40 + item],
  ])('say nothing of how much: %s', async (name, cell) => {
    expect(said(await previewOf({ ...people, [name]: cell }))).not.toContain('may say how much')
  })

  test.each(['xq', 'minutes', 'Dauer'])('are no amounts: %s', async (name) => {
    expect(said(await previewOf({ ...people, [name]: oneOf(3, 17, 42, 90, 118) }))).toContain('may say how much')
  })
})
