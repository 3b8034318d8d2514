import type { ItemColumnMapping } from '../../shared/datasets'
import { badInput } from '../../shared/errors'
import { formatCounted } from '../../shared/format'
import type { Choice } from '../../shared/reading'
import { columnOf } from './dialect'
import { isBlank } from './duckdb'
import type { TypeConversion, Source } from './load-table'
import { tidyId } from './values/tidy-ids'

/** Why a row names no item; [0] is for good rows. */
export const itemProblems = ['', 'no item id'] as const

/** Columns that become attributes of an item, at most. */
const mostAttributes = 100

/** What an item is told of, with the names of its attributes, which are the columns `attribute_0`, … of its table. */
export interface ItemColumns extends TypeConversion {
  readonly attributes: readonly string[]
}

/** Every column that is not the id, the title or the genres is an attribute. @throws StudioError BAD_INPUT where there are too many. */
export function itemColumns(source: Source, mapping: ItemColumnMapping): ItemColumns {
  const column = (name: string | null): string =>
    name === null ? 'NULL::VARCHAR' : columnOf(source.dialect, name, source.name)
  const known = [mapping.item, mapping.title, mapping.genres]
  const attributes = source.dialect.columns.map(({ name }) => name).filter((name) => !known.includes(name))
  if (attributes.length > mostAttributes)
    throw badInput(
      `${source.name} has ${formatCounted(attributes.length, 'column')} of attributes; an item can have ${mostAttributes}.`,
      'Leave out the columns that are not needed.',
    )
  const columns = {
    id: tidyId(column(mapping.item)),
    title: column(mapping.title),
    genres: column(mapping.genres),
    ...Object.fromEntries(attributes.map((name, index) => [`attribute_${index}`, column(name)])),
  }
  return {
    steps: [columns],
    columns: Object.keys(columns),
    attributes,
    problem: `CASE WHEN ${isBlank('id')} THEN ${itemProblems.indexOf('no item id')} ELSE 0 END`,
  }
}

/** Attributes by their names, without those that are empty. */
export const attributesOf = (names: readonly string[], values: readonly unknown[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name, index) => {
      const value = values[index]
      return typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()]] : []
    }),
  )

/** "Action|Comedy" → ["Action", "Comedy"], each once; MovieLens's placeholder for none → []. */
export const genresOf = (text: string | null): string[] => [
  ...new Set(
    (text ?? '')
      .split('|')
      .map((genre) => genre.trim())
      .filter((genre) => genre !== '' && genre !== '(no genres listed)'),
  ),
]

/** What the columns of a file of items were taken for, and which became attributes. */
export function detailsChoices(
  file: string,
  mapping: ItemColumnMapping,
  attributes: readonly string[],
  certainty: Choice['certainty'],
): Choice[] {
  const common = { about: 'items', file, affectsData: true, control: 'Files' } as const
  const option = '--items-item, --items-title or --items-genres; later --item, --title or --genres of vasp metadata'
  const columns = [
    [mapping.item, 'item ids', `The items that ${file} tells of are found by it.`],
    [mapping.title, 'titles', `Titles were read from ${file}.`],
    [mapping.genres, 'genres', `Genres were read from ${file}.`],
  ] as const
  return [
    ...columns.flatMap(([column, value, evidence]) =>
      column === null ? [] : [{ ...common, column, value, certainty, evidence, option }],
    ),
    ...(attributes.length === 0
      ? []
      : [
          {
            ...common,
            column: null,
            value: 'attributes',
            certainty: 'certain' as const,
            evidence: `All other columns of ${file}: ${attributes.join(', ')}.`,
            option,
          },
        ]),
  ]
}

/** What became of items that have several rows in their file; nothing where none has. */
export function repeatedChoice(
  { items }: { readonly items: { readonly source: { readonly name: string } } | null },
  repeated: number,
): Choice[] {
  if (!items || repeated === 0) return []
  return [
    {
      about: 'items',
      file: items.source.name,
      column: null,
      value: 'several rows of an item are joined',
      certainty: 'certain',
      evidence: `${formatCounted(repeated, 'item')} ${repeated === 1 ? 'has' : 'have'} several rows: genres and attributes were joined, the first title was taken.`,
      affectsData: true,
      control: 'Files',
      option: 'an items file with one row for each item',
    },
  ]
}

/** Stands between the values of several rows of an item: a character that no export holds. */
export const valueSeparator = '\u001f'

/** Different values of an item's rows, in their order, as one text: `red|blue`. */
export const joinedValues = (text: string): string =>
  [
    ...new Set(
      text
        .split(valueSeparator)
        .map((value) => value.trim())
        .filter((value) => value !== ''),
    ),
  ].join('|')

/** SQL of an item's details from all of its rows in `item_details`: the first title that there is, and all different other values, see `joinedValues`. */
export const detailsByItem = (attributes: number): string => {
  const joined = ['genres', ...Array.from({ length: attributes }, (_, index) => `attribute_${index}`)].map(
    (column) => `string_agg(${column}, chr(31) ORDER BY rowid) AS ${column}`,
  )
  return `SELECT id, first(title ORDER BY rowid) FILTER (trim(coalesce(title, '')) <> '') AS title, ${joined.join(', ')}, count(*) AS rows
    FROM item_details WHERE problem = 0 GROUP BY id`
}
