/** Which files of an export have ratings and items. */
export interface SortedExport {
  readonly ratings: string[]
  readonly items: string | null
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).toLowerCase()
const bare = (name: string): string => name.replace(/\.(gz|gzip|zst|zstd)$/, '')

/** Exports that people share, by the names of their files: ratings, then items. */
const known: readonly { readonly ratings: RegExp; readonly items: RegExp }[] = [
  // MovieLens 100K; 1M and 10M; 20M, 25M and latest.
  { ratings: /^u\.data$/, items: /^u\.item$/ },
  { ratings: /^ratings\.dat$/, items: /^movies\.dat$/ },
  { ratings: /^ratings\.csv$/, items: /^(movies|books|items)\.csv$/ },
  // The Netflix Prize, as one file for each film or as four.
  { ratings: /^(combined_data_\d+|mv_\d+)\.txt$/, items: /^$/ },
]

/** Whether a file belongs to an export whose columns have no names and a known order: user, item, rating, time. */
export const isKnownExport = (path: string): boolean =>
  /^(u\.data|u[1-5ab]\.(base|test)|ratings\.dat)$/.test(bare(nameOf(path)))

/** Services whose exports are lists of one person, with columns that only these have. */
const ofOnePerson: readonly (readonly [service: string, columns: readonly string[]])[] = [
  ['Letterboxd', ['letterboxd uri']],
  ['Goodreads', ['exclusive shelf', 'bookshelves']],
  ['IMDb', ['const', 'your rating']],
  ['TMDB', ['tmdb id', 'your rating']],
  ['Untappd', ['beer_name', 'checkin_id']],
  ['The StoryGraph', ['isbn/uid', 'read status']],
  ['LibraryThing', ['primary author', 'sort character']],
  ['Google Takeout', ['titleurl', 'activitycontrols']],
]

/** The service that exports a table with these columns for one person; null if none is known. */
export function onePersonExport(columns: readonly string[]): string | null {
  const names = new Set(columns.map((name) => name.trim().toLowerCase()))
  return ofOnePerson.find(([, wanted]) => wanted.every((name) => names.has(name)))?.[0] ?? null
}

const tableLike =
  /\.(csv|tsv|txt|dat|data|psv|tab|json|jsonl|ndjson|parquet|pq|xlsx|xlsm|xls|db|sqlite|sqlite3|gz|zst|zip)$/
const hints = /rating|interaction|event|click|purchase|listen|play|view|review/
const itemHints = /movie|item|title|product|book|track|song|artist|catalog|metadata/
const otherHints =
  /^(readme|license|licence|links|tags|users?|u\.(user|info|genre|occupation)|genome|movie_titles|probe|qualifying|\.)/

/** The files of an export that is recognised by its file names; otherwise null. */
export function knownExport(paths: readonly string[]): SortedExport | null {
  for (const { ratings, items } of known) {
    const found = paths.filter((path) => ratings.test(bare(nameOf(path))))
    if (found.length > 0) return { ratings: found, items: paths.find((path) => items.test(bare(nameOf(path)))) ?? null }
  }
  return null
}

/** Which of several files hold ratings and which one items, by their names; tables have endings of tables, or content of tables; several parts of one table (`part-0001.parquet`, …) belong together. */
export function sortByHints(
  paths: readonly string[],
  isTable: (path: string) => boolean,
): SortedExport & {
  /** Whether the file names of the ratings suggest ratings; otherwise they are the remaining files. */
  readonly named: boolean
} {
  const tables = paths.filter(
    (path) => (tableLike.test(nameOf(path)) || isTable(path)) && !otherHints.test(nameOf(path)),
  )
  const items = tables.find((path) => itemHints.test(nameOf(path)) && !hints.test(nameOf(path))) ?? null
  const named = tables.filter((path) => hints.test(nameOf(path)))
  const rest = named.length > 0 ? named : tables.filter((path) => path !== items)
  // It may be what distinguishes the parts: ratings.part1, ratings.part2.
  const suffix = (path: string): string => nameOf(path).split('.').slice(1).join('.').replaceAll(/\d+/g, '')
  const first = rest[0]
  const ratings = first === undefined ? [] : rest.filter((path) => suffix(path) === suffix(first))
  return { ratings, items: ratings.includes(items ?? '') ? null : items, named: named.length > 0 }
}
