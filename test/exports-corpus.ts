import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { importRatings } from '../src/main/importing/import-ratings'
import { previewImport } from '../src/main/importing/preview'
import type { Store } from '../src/main/store/store'
import { columnMapping, type ImportPreview } from '../src/shared/datasets'
import { choiceTopics, warningsOf } from '../src/shared/reading'

const expectation = z.object({
  /** Names of files in the folder of the corpus, which are imported together. */
  files: z.array(z.string()).min(1),
  /** The file of items beside them. */
  items: z.string().optional(),
  /** Number of the kind in issue 13. */
  kind: z.number().int(),
  /** What is particular about it. */
  about: z.string(),
  /** What has to be recognised without any help; missing where the import has to ask. */
  columns: columnMapping.optional(),
  counts: z.object({ users: z.number(), items: z.number(), interactions: z.number(), rejected: z.number() }).optional(),
  /** Some expected interactions: user, item and, if there is one, value. */
  has: z.array(z.array(z.union([z.string(), z.number()]))).default([]),
  /** Titles that items have to have, by id. */
  titles: z.record(z.string(), z.string()).default({}),
  /** Moments that have to be stored: user, item and when (UTC). */
  at: z.array(z.tuple([z.string(), z.string(), z.string()])).default([]),
  /** Items of some users in the order of their histories. */
  order: z.record(z.string(), z.array(z.string())).default({}),
  /** Expected choices, by their topics. */
  read: z.partialRecord(choiceTopics, z.string()).default({}),
  /** Parts of the warnings that have to be given; every warning has to have one of them. */
  warnings: z.array(z.string()).default([]),
  /** Parts of warnings that only the import can give, because they are about all rows. */
  imported: z.array(z.string()).default([]),
  /** Whether user or item cannot be recognised. */
  asks: z.object({ user: z.boolean(), item: z.boolean() }).optional(),
})
export type CorpusEntry = z.infer<typeof expectation>

/** The folder's table of files and their expected readings. */
export const corpusEntries = (folder: string): CorpusEntry[] =>
  z.array(expectation).parse(JSON.parse(readFileSync(join(folder, 'corpus.json'), 'utf8')))

/**
 * Imports the files of an entry with only their names, and returns the differences from the expectation; empty if there are none.
 * @param store an empty library
 */
export async function missesOf(entry: CorpusEntry, folder: string, store: Store): Promise<string[]> {
  const ratings = entry.files.map((name) => ({ path: join(folder, name), name }))
  const items = entry.items === undefined ? null : { path: join(folder, entry.items), name: entry.items }
  const preview = await previewImport({ ratings, items }, store.library)
  const misses: string[] = []
  const differ = (what: string, is: unknown, wanted: unknown): void => {
    if (JSON.stringify(is) !== JSON.stringify(wanted))
      misses.push(`${what}: ${JSON.stringify(is)} instead of ${JSON.stringify(wanted)}`)
  }
  const { user, item, ...others } = preview.mapping
  if (entry.asks) {
    differ('open', { user: user === null, item: item === null }, { user: entry.asks.user, item: entry.asks.item })
    return misses
  }
  differ('columns', sorted(preview.mapping), sorted(entry.columns ?? {}))
  for (const [about, value] of Object.entries(entry.read)) {
    const said = preview.choices.filter((choice) => choice.about === about).map((choice) => choice.value)
    if (!said.includes(value)) differ(about, said, value)
  }
  misses.push(...warningMisses(preview, entry.warnings))
  if (user === null || item === null) return misses
  const result = await importRatings(
    store,
    {
      name: entry.files.join(', '),
      ratings,
      items,
      mapping: { user, item, ...others },
      itemMapping: preview.itemMapping,
      choices: preview.choices,
    },
    { signal: new AbortController().signal, progress: () => undefined },
  )
  const { users, interactions, rejected } = result
  const warned = warningsOf(result.choices)
  for (const part of entry.imported)
    if (!warned.some((warning) => warning.includes(part))) misses.push(`the import does not warn “${part}”`)
  differ('counts', { users, items: result.items, interactions, rejected }, entry.counts)
  const stored = store.datasets.items(result.dataset)
  const ids = stored.map(({ externalId }) => externalId)
  for (const [id, title] of Object.entries(entry.titles))
    differ(`title of ${id}`, stored.find(({ externalId }) => externalId === id)?.title, title)
  const histories = [...store.datasets.histories(result.dataset)]
  for (const [who, what, value] of entry.has) {
    const history = histories.find(({ externalId }) => externalId === who)
    const at = history ? [...history.items].findIndex((index) => ids[index] === what) : -1
    if (at < 0 || (value !== undefined && history?.ratings?.[at] !== value))
      misses.push(`${JSON.stringify([who, what, value])} is not there`)
  }
  for (const [who, items] of Object.entries(entry.order)) {
    const history = histories.find(({ externalId }) => externalId === who)
    differ(`order of ${who}`, history && [...history.items].map((index) => ids[index]), items)
  }
  for (const [who, what, when] of entry.at) {
    const history = histories.find(({ externalId }) => externalId === who)
    const at = history ? [...history.items].findIndex((index) => ids[index] === what) : -1
    const seconds = history?.times?.[at]
    const wanted = Date.parse(when.includes('T') ? `${when}Z` : when) / 1000
    if (seconds === undefined || Math.round(seconds * 1000) / 1000 !== wanted)
      misses.push(`${who}, ${what}: ${String(seconds)} instead of ${when}`)
  }
  store.datasets.delete(result.dataset)
  return misses
}

function warningMisses({ warnings }: ImportPreview, wanted: readonly string[]): string[] {
  return [
    ...wanted
      .filter((part) => !warnings.some((warning) => warning.includes(part)))
      .map((part) => `no warning says “${part}”`),
    ...warnings
      .filter((warning) => !wanted.some((part) => warning.includes(part)))
      .map((warning) => `warns: ${warning}`),
  ]
}

const sorted = (mapping: object): [string, unknown][] => Object.entries(mapping).sort(([a], [b]) => a.localeCompare(b))
