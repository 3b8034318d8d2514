import type { MatrixSample } from './matrix-cells'

/** Random numbers from a seed. */
function randomFrom(seed: number) {
  let state = (seed * 2_654_435_761) % 2_147_483_647 || 1
  const next = (): number => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  const below = (most: number): number => Math.floor(next() * most)
  const one = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const shuffled = <T>(list: readonly T[]): T[] =>
    list
      .map((value) => ({ value, at: next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ value }) => value)
  return { next, below, one, shuffled }
}
type Random = ReturnType<typeof randomFrom>

const people =
  'Anna Ben Carla David Eva Finn Greta Hugo Ida Jan Kim Lea Mia Noah Olga Paul Rosa Sven Tom Uwe Vera Wanda Xaver Yara Zoe Adele Bruno Cleo Dario Elin Fabio Gina Hana Igor Jette Karol Lotte Marek Nina Otto'.split(
    ' ',
  )
const films =
  'Alien|Brazil|Cube|Dune|Eraserhead|Fargo|Gattaca|Heat|Inception|Jaws|Kes|Leon|Magnolia|Nostalghia|Oldboy|Psycho|Quills|Rashomon|Stalker|Tampopo|Unforgiven|Vertigo|Witness|Yojimbo|Zodiac|Mean Girls|Total Recall|La Strada|Der Untergang|Pelíšky|Amélie|Persona|Solaris|Ran|Ikiru|M|Freaks|Holy Motors|Se7en|Up'.split(
    '|',
  )

/** A column beside the ratings. */
interface Beside {
  readonly name: string
  readonly cells: readonly string[]
  /** Whether nothing tells it from ratings. */
  readonly hidden?: boolean
}

/** A matrix with what is true of it. */
interface RandomMatrix extends MatrixSample {
  readonly names: readonly string[]
  readonly seed: number
  /** Names of the columns of ratings. */
  readonly rated: readonly string[]
  readonly beside: readonly Beside[]
  /** The column of the row ids; null if there is none. */
  readonly ids: string | null
  /** Numbers that mean that there is no rating. */
  readonly none: readonly string[]
}

const scales: readonly (readonly number[])[] = [
  [1, 2, 3, 4, 5],
  [1, 2, 3, 4, 5, 6],
  [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5],
  Array.from({ length: 101 }, (_, number) => number),
  Array.from({ length: 401 }, (_, step) => -10 + step / 20),
]

/** The columns beside ratings that tables have, by what they hold. */
function besideOf(
  random: Random,
  ratings: readonly (readonly (number | null)[])[],
  scale: readonly number[],
  density: number,
): Beside[] {
  const { below, one, next } = random
  const rows = ratings.length
  const comma = next() < 0.4
  const written = (number: number, decimals: number): string => number.toFixed(decimals).replace('.', comma ? ',' : '.')
  const all = (cellOf: (row: number) => string | number): string[] =>
    Array.from({ length: rows }, (_, row) => String(cellOf(row)))
  const given = ratings.map((row) => row.filter((cell) => cell !== null))
  const of = (row: number): readonly number[] => given[row] ?? []
  const sum = (row: number): number => of(row).reduce((total, cell) => total + cell, 0)
  const start = below(500)
  let at = start
  const constant = one(scale.length > 10 ? [3, 7, 12] : scale.filter(Number.isInteger))
  // Few rows may all have the same rating.
  const isSmall = rows < 10
  const unlike = `x${below(90)}`
  const decimals = one([1, 2, 3])
  const makers: (() => Beside)[] = [
    () => ({
      name: one(['Schnitt', 'Average', 'Ø', 'Moyenne', 'Průměr', 'mean score', 'Mittelwert', 'AVG', 'Media']),
      cells: all((row) => (of(row).length > 0 ? written(sum(row) / of(row).length, decimals) : '')),
    }),
    () => ({
      name: one(['Gesamteindruck', 'Q', unlike, 'z']),
      cells: all((row) => (of(row).length > 0 ? written(sum(row) / of(row).length, 2) : '')),
      hidden: rows < 5,
    }),
    () => ({
      name: one(['Summe', 'Total', 'Somme', 'Celkem', 'suma']),
      cells: all((row) => written(sum(row), decimals)),
    }),
    () => ({
      name: one(['n', 'count', 'Anzahl', 'Number', 'votes', unlike]),
      cells: all((row) => of(row).length),
      hidden: new Set(given.map((row) => row.length)).size < 4,
    }),
    () => ({ name: one(['Nr', 'lfd. Nr.', '#', 'row', 'poradi', unlike, 'Zeile']), cells: all((row) => row + 1) }),
    () => ({ name: one(['index', unlike, 'id']), cells: all((row) => row) }),
    () => ({
      name: one(['Response ID', 'id', 'Antwort ID', 'ResponseId', unlike]),
      cells: all(() => (at += 1 + below(9))),
      hidden: rows < 7,
    }),
    () => ({
      name: one(['lastpage', 'Last page', 'letzte Seite', 'maxPage', unlike]),
      cells: all(() => constant),
      hidden: isSmall,
    }),
    () => ({ name: one(['Seed', 'random seed', 'Group', 'Klasse', 'class', 'Stufe']), cells: all(() => 1 + below(3)) }),
    () => ({ name: one([unlike, 'Block']), cells: all(() => 1 + below(3)), hidden: density > 0.5 || rows < 20 }),
    () => ({ name: one(['Duration', 'Dauer', 'Duration (in seconds)', unlike]), cells: all(() => 130 + below(900)) }),
    () => ({ name: one(['age', 'Alter', 'âge', 'věk']), cells: all(() => 14 + below(50)) }),
    () => ({ name: one(['year', 'Jahr', 'rok', 'année']), cells: all(() => 1960 + below(60)) }),
    () => ({ name: one(['Seiten', 'pages', unlike]), cells: all(() => 120 + below(600)) }),
    () => ({
      name: one(['class', 'Klasse', 'city', 'Autor', 'author', 'Verlag', unlike]),
      cells: all(() => one(['7a', '7b', '8c', 'x'])),
    }),
    () => ({
      name: one(['submitdate', 'Timestamp', 'Datum']),
      cells: all((row) => `2024-03-${String(1 + (row % 28)).padStart(2, '0')} 10:0${below(10)}:00`),
    }),
    () => ({
      name: one(['Kommentar', 'Comments']),
      cells: all((row) => (next() < 0.4 ? `text ${row} of somebody` : '')),
    }),
  ]
  const names = new Set<string>()
  return random
    .shuffled(makers)
    .slice(0, below(5))
    .map((make) => make())
    .filter(({ name }) => !names.has(name) && names.add(name))
}

export function randomMatrix(seed: number): RandomMatrix {
  const random = randomFrom(seed)
  const { below, one, next, shuffled } = random
  const scale = one(scales)
  const density = one([0.2, 0.35, 0.5, 0.7, 0.9, 1])
  const [rows, width] = [6 + below(34), 8 + below(14)]
  // Some users are kinder than others, and some items better.
  const kind = Array.from({ length: rows }, () => next() - 0.5)
  const good = Array.from({ length: width }, () => next() - 0.5)
  const known = Array.from({ length: width }, () => 0.6 + 0.8 * next())
  const drawn = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: width }, (_, column) => {
      const isRated = density === 1 || next() < density * (known[column] ?? 1)
      const place = (next() + next()) / 2 + 0.3 * ((kind[row] ?? 0) + (good[column] ?? 0))
      return isRated ? (scale[Math.max(0, Math.min(scale.length - 1, Math.floor(place * scale.length)))] ?? null) : null
    }),
  )
  const ofItems = next() < 0.4
  const isNumbered = next() < 0.3
  const columns = isNumbered
    ? Array.from({ length: width }, (_, column) => `${ofItems ? 'user' : 'Film'} ${column + 1}`)
    : shuffled(ofItems ? people : films).slice(0, width)
  const rowIds = shuffled(ofItems ? films : people).slice(0, rows)
  const wide = scale.length > 50
  const none =
    density === 1
      ? ''
      : one([
          '',
          '',
          'NA',
          'n/a',
          ...(wide ? [] : ['99', '-1', '-99']),
          ...(scale[0] === 1 && density < 0.5 ? ['0'] : []),
        ])
  const beside = besideOf(random, drawn, scale, density)
  const withIds = next() < 0.8
  const ids: Beside | null = withIds
    ? {
        name: ofItems
          ? one(['Buch', 'title', 'Film', '', 'Titel'])
          : one(['Name', 'user', 'Teilnehmer', '', 'Student', 'who']),
        cells: rowIds,
      }
    : null
  const rated = columns.map((name, column) => ({
    name,
    cells: drawn.map((row) => (row[column] === null ? none : String(row[column]))),
  }))
  const places = shuffled(beside)
  const front = places.filter(() => next() < 0.5)
  const behind = places.filter((column) => !front.includes(column))
  const split = next() < 0.3 ? below(width) : width
  const inOrder = [
    ...(next() < 0.5 ? [...(ids ? [ids] : []), ...front] : [...front, ...(ids ? [ids] : [])]),
    ...rated.slice(0, split),
    ...behind,
    ...rated.slice(split),
  ]
  return {
    seed,
    names: inOrder.map(({ name }) => name),
    rows: Array.from({ length: rows }, (_, row) => inOrder.map(({ cells }) => cells[row] ?? '')),
    rated: columns,
    beside,
    ids: ids?.name ?? null,
    none: none === '' || none.toLowerCase().startsWith('n') ? [] : [none],
  }
}
