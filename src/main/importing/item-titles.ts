import type { DuckDBConnection } from '@duckdb/node-api'
import { formatCount, formatCounted } from '../../shared/format'
import type { ColumnMapping } from '../../shared/datasets'
import type { Choice } from '../../shared/reading'
import type { JobContext } from '../numeric/job-context'
import { columnOf, readAsText } from './dialect'
import { isNone } from './duckdb'
import { detailsByItem } from './item-details'
import { count, type LoadedFile, type Source } from './load-table'
import { twinsTable } from './values/case-twins'
import { garbledChoices } from './values/garbled-text'
import { joinedId } from './values/ruined-ids'
import { tidyId } from './values/tidy-ids'

/** SQL of `id` and `title` of the items with a title in the interaction files: the most frequent title, or the longest of equally frequent ones. */
export const titlesByItem =
  'SELECT id, first(title ORDER BY rows DESC, length(title) DESC, title) AS title FROM written_titles GROUP BY id'

interface Titled {
  readonly ratings: readonly LoadedFile[]
  readonly items: LoadedFile | null
  readonly attributes: readonly string[]
}

/**
 * Reads the titles from the interaction files, after `numberIds`, and returns the choices about them. The files are read once
 * more for these two columns alone, so that the table of interactions does not contain the texts.
 * @param joined the signs of thousands that joined ids of items have lost; null if ids are not joined
 * @throws StudioError BAD_INPUT if no file has the column
 */
export async function readTitles(
  connection: DuckDBConnection,
  { ratings, items, attributes }: Titled,
  { item, title }: Pick<ColumnMapping, 'item' | 'title'>,
  joined: readonly string[] | null,
  context: JobContext,
): Promise<Choice[]> {
  if (title == null) return []
  const columns = { item, title }
  const sources = ratings.map(({ source }) => source)
  const having = sources.filter(({ dialect }) => dialect.columns.some(({ name }) => name === columns.title))
  const first = sources[0]
  if (having.length === 0 && first) columnOf(first.dialect, columns.title, first.name)
  context.progress({ stage: 'Reading titles', done: 0, total: null, unit: 'rows' })
  const written = having.map((source) => writtenIn(source, columns, joined)).join(' UNION ALL ')
  await connection.run(
    `CREATE TEMP TABLE written_titles AS SELECT id, title, sum(rows) AS rows FROM (${joined ? asStored(written) : written})
     WHERE id IN (SELECT id FROM items) GROUP BY ALL`,
  )
  const common = { about: 'items', file: null, column: columns.title, affectsData: true, control: 'Title' } as const
  const option = '--title COLUMN, or --title none'
  const choices: Choice[] = [
    {
      ...common,
      value: 'titles',
      certainty: 'certain',
      evidence: items
        ? await besideItems(connection, items.source.name, attributes)
        : await withoutItemsFile(connection),
      option,
    },
    ...(await severalTitles(connection, { ...common, option })),
    ...(await garbledChoices(connection, 'SELECT DISTINCT title AS text FROM written_titles', {
      column: columns.title,
      control: 'Title',
      what: 'titles',
    })),
  ]
  const lacking = sources.filter((source) => !having.includes(source)).map(({ name }) => name)
  if (lacking.length > 0)
    choices.push({
      ...common,
      value: 'no titles in some files',
      certainty: 'likely',
      evidence: `${lacking.join(', ')} ${lacking.length === 1 ? 'has' : 'have'} no such column.`,
      option,
    })
  return choices
}

/** SQL of titles with the ids that were joined because they differ only in upper and lower case. */
const asStored = (written: string): string =>
  `SELECT coalesce(kept, written.id) AS id, title, written.rows FROM (${written}) AS written LEFT JOIN ${twinsTable('item')} AS twins USING (id)`

/** SQL of the distinct titles of each id in a file, with their number of rows. */
function writtenIn(
  source: Source,
  columns: { readonly item: string; readonly title: string },
  joined: readonly string[] | null,
) {
  const [item, title] = [columns.item, columns.title].map((name) => columnOf(source.dialect, name, source.name))
  const id = tidyId('item')
  return `SELECT ${joined ? joinedId(id, joined) : id} AS id, ${tidyId('title')} AS title, count(*) AS rows
    FROM (SELECT ${item} AS item, ${title} AS title FROM ${readAsText(source.path, source.dialect, ['ignore_errors = true'])})
    WHERE NOT ${isNone('title')} GROUP BY ALL`
}

async function withoutItemsFile(connection: DuckDBConnection): Promise<string> {
  const all = await count(connection, 'SELECT count(*) FROM items')
  const titled = await count(connection, 'SELECT count(DISTINCT id) FROM written_titles')
  const others = all - titled
  return others === 0
    ? `It gives all ${formatCounted(all, 'item')} a title.`
    : `It gives ${formatCount(titled)} of ${formatCounted(all, 'item')} a title; the ${others === 1 ? 'other one is shown by its id' : 'others are shown by their ids'}.`
}

async function besideItems(connection: DuckDBConnection, file: string, attributes: readonly string[]): Promise<string> {
  const filled = await count(
    connection,
    `SELECT count(DISTINCT id) FROM written_titles WHERE id NOT IN (SELECT id FROM (${detailsByItem(attributes.length)}) WHERE title IS NOT NULL)`,
  )
  return `The titles of ${file} take precedence; ${formatCounted(filled, 'item')} without a title there ${filled === 1 ? 'gets' : 'get'} it from this column.`
}

/** The choice among several titles of an item; a guess if most items have several. */
async function severalTitles(
  connection: DuckDBConnection,
  common: Omit<Choice, 'value' | 'certainty' | 'evidence'>,
): Promise<Choice[]> {
  const result = await connection.runAndReadAll(
    `SELECT id, titles, count(*) OVER () FROM (SELECT id, count(*) AS titles, sum(rows) AS rows FROM written_titles GROUP BY id)
     WHERE titles > 1 ORDER BY rows DESC, id LIMIT 1`,
  )
  const [[id, , found] = []] = result.getRows()
  const several = Number(found ?? 0)
  if (several === 0) return []
  const all = await count(connection, 'SELECT count(DISTINCT id) FROM written_titles')
  const examples = await connection.runAndReadAll(
    'SELECT left(title, 60) FROM written_titles WHERE id = $id ORDER BY rows DESC, length(title) DESC, title LIMIT 2',
    { id: String(id) },
  )
  const shown = examples.getRows().map(([title]) => `“${String(title)}”`)
  return [
    {
      ...common,
      value: 'the most frequent title of each item',
      certainty: several > all / 2 ? 'guess' : 'likely',
      evidence: `${formatCount(several)} of ${formatCounted(all, 'item')} ${several === 1 ? 'has' : 'have'} several different titles, such as ${shown.join(' and ')}: the most frequent title was taken, or the longest of equally frequent ones.`,
    },
  ]
}
