import type { ItemColumnMapping } from '../../shared/datasets'
import { badInput } from '../../shared/errors'
import { formatCounted } from '../../shared/format'
import type { Choice } from '../../shared/reading'
import { columnOf } from './dialect'
import { isBlankCell } from './blank-cells'
import { isBlank } from './duckdb'
import type { TypeConversion, Source } from './load-table'
import { tidyId } from './values/tidy-ids'

/** Why a row does not describe an item; [0] is for good rows. */
export const itemProblems = ['', 'no item id'] as const

/** Maximum number of columns that become attributes of an item. */
const mostAttributes = 100

/** The conversion of an items file, with the names of the attributes, which are the columns `attribute_0`, … of its table. */
export interface ItemColumns extends TypeConversion {
  readonly attributes: readonly string[]
}

/** Every column except the id, the title and the genres becomes an attribute. @throws StudioError BAD_INPUT if there are too many. */
export function itemColumns(source: Source, mapping: ItemColumnMapping): ItemColumns {
  const column = (name: string | null): string =>
    name === null ? 'NULL::VARCHAR' : columnOf(source.dialect, name, source.name)
  const known = [mapping.item, mapping.title, mapping.genres]
  const attributes = source.dialect.columns.map(({ name }) => name).filter((name) => !known.includes(name))
  if (attributes.length > mostAttributes)
    throw badInput(
      `${source.name} has ${formatCounted(attributes.length, 'column')} of attributes, but an item can have at most ${mostAttributes}.`,
      'Remove the columns that are not needed from the file.',
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

/** Attributes by name, without empty ones. */
export const attributesOf = (names: readonly string[], values: readonly unknown[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name, index) => {
      const value = values[index]
      return typeof value === 'string' && !isBlankCell(value) ? [[name, value.trim()]] : []
    }),
  )

/** "Action|Comedy" → ["Action", "Comedy"] without repetition; MovieLens's placeholder for no genre → []. */
export const genresOf = (text: string | null): string[] => [
  ...new Set(
    (text ?? '')
      .split('|')
      .map((genre) => genre.trim())
      .filter((genre) => !isBlankCell(genre) && genre !== '(no genres listed)'),
  ),
]

/** The roles of an items file's columns, and which became attributes. */
export function detailsChoices(
  file: string,
  mapping: ItemColumnMapping,
  attributes: readonly string[],
  certainty: Choice['certainty'],
): Choice[] {
  const common = { about: 'items', file, affectsData: true, control: 'Files' } as const
  const option = '--items-item, --items-title or --items-genres; later --item, --title or --genres of vasp metadata'
  const columns = [
    [mapping.item, 'item ids', `It identifies the items that ${file} describes.`],
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

/** The choice about items with several rows in their file; none if there are no such items. */
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
      evidence: `${formatCounted(repeated, 'item')} ${repeated === 1 ? 'has' : 'have'} several rows: genres and attributes were joined, and the first title was taken.`,
      affectsData: true,
      control: 'Files',
      option: 'an items file with one row for each item',
    },
  ]
}

/** Separates the values of several rows of an item: a character that no export contains. */
export const valueSeparator = '\u001f'

/** Distinct values of an item's rows, in their order, as one text: `red|blue`. */
export const joinedValues = (text: string): string =>
  [
    ...new Set(
      text
        .split(valueSeparator)
        .map((value) => value.trim())
        .filter((value) => !isBlankCell(value)),
    ),
  ].join('|')

/** SQL of an item's details from all of its rows in `item_details`: the first title, and all distinct other values, see `joinedValues`. */
export const detailsByItem = (attributes: number): string => {
  const joined = ['genres', ...Array.from({ length: attributes }, (_, index) => `attribute_${index}`)].map(
    (column) => `string_agg(${column}, chr(31) ORDER BY rowid) AS ${column}`,
  )
  return `SELECT id, first(title ORDER BY rowid) FILTER (NOT ${isBlank('title')}) AS title, ${joined.join(', ')}, count(*) AS rows
    FROM item_details WHERE problem = 0 GROUP BY id`
}
