import { z } from 'zod'
import type { Connection } from './connection'
import { folded } from './dataset-search'
import { parsed } from './json'
import type { ItemDetails } from './store'

interface DescribedRow {
  title: string
  genres: string
  attributes: string
}

const attributesSchema = z.record(z.string(), z.string())

/** Absent if there are none. */
export function attributesOf(json: string): { attributes?: Record<string, string> } {
  return json === '{}' ? {} : { attributes: attributesSchema.parse(parsed(json)) }
}

/** Whether any item has more than its id. */
export const anyDescribed = (connection: Connection, dataset: number): boolean =>
  connection.rows(
    'item',
    { dataset },
    `AND (title NOT IN (external_id, '') OR genres <> '' OR attributes <> '{}') LIMIT 1`,
  ).length > 0

/** The data by which an item is found. */
export const searchText = (title: string, externalId: string): string =>
  folded(title === externalId ? title : `${title} ${externalId}`)

/**
 * Replaces details of items, all or none: a title or genres if they are given, and attributes by their names. Items that are not in
 * the data set are skipped.
 */
export function describeItems(connection: Connection, dataset: number, details: readonly ItemDetails[]): void {
  connection.write(() => {
    const write = connection.prepare(
      'UPDATE item SET title = ?, genres = ?, attributes = ?, folded = ? WHERE dataset = ? AND external_id = ?',
    )
    for (const { externalId, title, genres, attributes } of details) {
      const [before] = connection.rows<DescribedRow>('item', { dataset, external_id: externalId })
      if (!before) continue
      const called = title ?? before.title
      write.run(
        called,
        genres.length > 0 ? genres.join('|') : before.genres,
        JSON.stringify({ ...attributesOf(before.attributes).attributes, ...attributes }),
        searchText(called, externalId),
        dataset,
        externalId,
      )
    }
    connection.prepare('UPDATE dataset SET counted_profile = NULL, described = described + 1 WHERE id = ?').run(dataset)
  })
}
