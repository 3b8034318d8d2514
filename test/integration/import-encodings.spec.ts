import fc from 'fast-check'
import { expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import { encodingNames, type TextEncoding } from '../../src/shared/reading'
import { encoded } from '../fixtures/encoded'
import { imported, load, rejects, store, write } from './import-library'

/** Titles of films in languages, with the code pages that they are written in. */
const languages: readonly { readonly encodings: readonly TextEncoding[]; readonly titles: readonly string[] }[] = [
  {
    encodings: ['windows-1250', 'iso-8859-2'],
    titles: [
      'Kůň pálí',
      'Příliš žluťoučký kůň',
      'Ostře sledované vlaky',
      'Obchod na korze',
      'Hoří, má panenko',
      'Černý Petr',
      'Lásky jedné plavovlásky',
    ],
  },
  {
    encodings: ['windows-1250', 'iso-8859-2'],
    titles: [
      'Popiół i diament',
      'Trzy kolory: Czerwony',
      'Krótki film o miłości',
      'Nóż w wodzie',
      'Człowiek z żelaza',
      'Święta wojna',
    ],
  },
  {
    encodings: ['windows-1252'],
    titles: [
      'Das Boot für München',
      'Die Blechtrommel: größer',
      'Süß und schön',
      'Über den Dächern',
      'Der blaue Engel, geküßt',
      'Mädchen',
    ],
  },
  {
    encodings: ['windows-1252'],
    titles: [
      'Le Fabuleux Destin d’Amélie'.replace('’', "'"),
      'Les Misérables',
      'À bout de souffle',
      'La Règle du jeu',
      'Été violent',
      'Le garçon naïf',
    ],
  },
  {
    encodings: ['windows-1250', 'iso-8859-2', 'ibm852'],
    titles: ['Erdő', 'Tűz', 'Szegénylegények', 'Hídember', 'Csillagosok, katonák', 'Macskajáték, őszi'],
  },
  {
    encodings: ['windows-1254'],
    titles: ['Kış uykusu', 'Şahsiyet', 'Bir zamanlar, ağaç', 'İklimler', 'Çoğunluk', 'Güneşe yolculuk'],
  },
  {
    encodings: ['windows-1251', 'koi8-r', 'ibm866', 'iso-8859-5'],
    titles: [
      'Броненосец Потёмкин',
      'Москва слезам не верит',
      'Летят журавли',
      'Сталкер',
      'Иваново детство',
      'Война и мир',
    ],
  },
]

const columns = { user: 'user', item: 'item', rating: 'rating', time: null }
const table = (titles: readonly string[], users: number): string =>
  [
    'user,item,rating',
    ...Array.from({ length: users }, (_, n) =>
      titles.map((title, i) => `u${n},"${title}",${((n + i) % 5) + 1}`),
    ).flat(),
  ].join('\n') + '\n'

const sameInBoth = (text: string): boolean =>
  new TextDecoder('windows-1250').decode(encoded(text, 'windows-1252')) === text

test('text in a code page is read in it, and the guess is shown with an example', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...languages),
      fc.nat(),
      fc.integer({ min: 1, max: 20 }),
      async (language, which, users) => {
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        const encoding = language.encodings[which % language.encodings.length] ?? 'utf-8'
        const file = write('titles.csv', encoded(table(language.titles, users), encoding))
        const result = await load(file, columns)
        const found = store.datasets.items(result.dataset).map(({ externalId }) => externalId)
        const choice = result.choices.find(({ about }) => about === 'encoding')
        expect(found.sort(), encodingNames[encoding]).toEqual([...language.titles].sort())
        // Of German, both candidates read the same.
        const alike = language.encodings.includes('windows-1252') && sameInBoth(language.titles.join())
        expect(choice).toMatchObject(
          alike ? { certainty: 'likely', affectsData: false } : { certainty: 'guess', affectsData: true },
        )
        expect(choice?.evidence).toMatch(
          alike
            ? /^Line \d+ is not UTF-8; in this encoding it reads “.+”, and the same in the other possible encodings\.$/
            : /^Line \d+ is not UTF-8; in this encoding it reads “.+”, but in .+ “.+”\.$/,
        )
      },
    ),
    { numRuns: 40 },
  )
})

test('a Turkish export is not read as an Icelandic one: its letters and the names of its columns are Turkish', async () => {
  const text = [
    'Yorum Tarihi;Üye No;Şehir;ISBN;Kitap Adı;Yayınevi;Puan',
    ...Array.from({ length: 60 }, (_, row) =>
      [
        `1${row % 10}.01.2024`,
        100 + (row % 12),
        ['Muğla', 'Eskişehir', 'İstanbul'][row % 3],
        9786050000000 + (row % 14),
        ['Sessiz Işığı', 'Gümüş Geceleri', 'Kırmızı Çocukları', 'Özel Köprüsü'][(row % 14) % 4],
        ['Doğa', 'Çınar', 'Işık'][row % 3],
        1 + (row % 5),
      ].join(';'),
    ),
  ].join('\r\n')
  const preview = await previewImport(
    { ratings: [write('yorumlar.csv', encoded(text, 'windows-1254'))], items: null },
    store.library,
  )
  expect(preview.choices.find(({ about }) => about === 'encoding')?.value).toBe(encodingNames['windows-1254'])
  expect(preview.ratings.columns.map(({ name }) => name)).toContain('Kitap Adı')
})

test('a few stray bytes leave UTF-8 what it is: their rows are rejected, listed and said, all others are read', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('\n', '\r\n'),
      async (at, end) => {
        for (const { id } of store.datasets.list()) store.datasets.delete(id)
        const titles = ['Kůň', 'Černý Petr', 'Amélie', 'Война']
        const lines = table(titles, 15)
          .trimEnd()
          .split('\n')
          .map((line) => Buffer.from(line))
        for (const line of at)
          lines[line] = Buffer.concat([Buffer.from(`u0,bad`), Buffer.from([0xe9]), Buffer.from(`${line},3`)])
        const file = write('stray.csv', Buffer.concat(lines.flatMap((line) => [line, Buffer.from(end)])))
        const result = await load(file, columns)
        expect(rejects(result).map(({ line, reason }) => ({ line, reason }))).toEqual(
          at.sort((a, b) => a - b).map((line) => ({ line: line + 1, reason: 'the text is damaged' })),
        )
        expect(result).toMatchObject({ interactions: 60 - at.length, rejected: at.length })
        const ids = store.datasets.items(result.dataset).map(({ externalId }) => externalId)
        expect(ids.every((id) => titles.includes(id))).toBe(true)
        const preview = await previewImport({ ratings: [file], items: null }, store.library)
        expect(preview.warnings.join()).toContain(`UTF-8, but for ${at.length} line`)
      },
    ),
    { numRuns: 20 },
  )
})

test('each of several files is read by its own evidence, and lines of both kinds in one file by theirs', async () => {
  const czech = languages[0]?.titles ?? []
  const files = [
    write('one.csv', encoded(table(czech, 3), 'windows-1250')),
    write('two.csv', Buffer.from(table(czech, 5))),
  ]
  const result = await load(files, columns)
  expect(result.items).toBe(czech.length)
  expect(result.choices.filter(({ about }) => about === 'encoding').map(({ value }) => value)).toEqual([
    'Central European (Windows-1250)',
    'UTF-8',
  ])
  store.datasets.delete(result.dataset)
  const both = Buffer.concat([
    encoded(table(czech, 3), 'windows-1250'),
    Buffer.from(table(czech, 5).split('\n').slice(1).join('\n')),
  ])
  const mixed = await load(write('both.csv', both), columns)
  expect(mixed.items).toBe(czech.length)
  expect(Object.keys(imported(mixed))).toHaveLength(5)
  expect(mixed.choices.find(({ about }) => about === 'encoding')?.evidence).toContain(
    'other lines are UTF-8 and read as such',
  )
})

test('a code page is no warning where the others that it may be would store the same, and one where a single late letter differs', async () => {
  const warningsOf = async (titles: readonly string[], users: number) => {
    const file = write('titles.csv', encoded(table(titles, users), 'windows-1252'))
    const { warnings, choices } = await previewImport({ ratings: [file], items: null }, store.library)
    return { warnings, choice: choices.find(({ about }) => about === 'encoding') }
  }
  const german = languages[2]?.titles ?? []
  const same = await warningsOf(german, 5)
  expect(same).toMatchObject({ warnings: [], choice: { value: 'Western (Windows-1252, Latin-1)', affectsData: false } })
  // Beyond the bytes that are examined for the language: each piece of a file gives 32 KB of it.
  const lines = table(german, 600).trimEnd().split('\n')
  const late = encoded([...lines, 'u600,Le garçon naïf,3', ''].join('\n'), 'windows-1252')
  const differs = await previewImport({ ratings: [write('late.csv', late)], items: null }, store.library)
  expect(differs.choices.find(({ about }) => about === 'encoding')).toMatchObject({
    certainty: 'guess',
    affectsData: true,
    // The line that differs, not the first that is no UTF-8.
    evidence: expect.stringMatching(
      /^Line 3,602 is not UTF-8; in this encoding it reads “.*Le garçon naïf.*”, but in .* “.*na[^ï]{1,2}f/,
    ) as string,
    option: expect.stringMatching(/^--encoding (?!windows-1252)/) as string,
  })
  const french = await warningsOf(languages[3]?.titles ?? [], 5)
  expect(french.warnings.join()).toContain('If it is wrong, use --encoding ')
})
