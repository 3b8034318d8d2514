import { InvalidArgumentError, Option, type Command } from 'commander'
import { z } from 'zod'
import { fileRole, type FileRole } from '../../shared/found-files'
import {
  type ItemsReading,
  missingTimes,
  type ReadingOverrides,
  rowLayout,
  type TableLayout,
  textEncoding,
  thousandsSign,
  timeUnit,
} from '../../shared/reading'
import { wholeNumber } from './options'

/** The options for the layout of a table in its file. */
export const layoutOptions = z.object({
  encoding: textEncoding.optional(),
  delimiter: z.string().optional(),
  quote: z.enum(['double', 'single', 'none']).optional(),
  header: z.enum(['yes', 'no']).optional(),
  skip: z.number().optional(),
})

/** The same options for a file of items beside the ratings. */
export const itemsOptions = z.object({
  itemsTable: z.string().optional(),
  itemsItem: z.string().optional(),
  itemsTitle: z.string().optional(),
  itemsGenres: z.string().optional(),
  itemsEncoding: layoutOptions.shape.encoding,
  itemsDelimiter: layoutOptions.shape.delimiter,
  itemsQuote: layoutOptions.shape.quote,
  itemsHeader: layoutOptions.shape.header,
  itemsSkip: layoutOptions.shape.skip,
})

/** The options for how files are written. */
export const readingOptions = z.object({
  ...layoutOptions.shape,
  ...itemsOptions.shape,
  decimal: z.enum(['comma', 'point']).optional(),
  dates: z.enum(['day-first', 'month-first', 'year-first']).optional(),
  times: timeUnit.optional(),
  thousands: thousandsSign.optional(),
  joinIds: z.boolean().optional(),
  missingTimes: missingTimes.optional(),
  ratingValues: z.record(z.string(), z.number()).optional(),
  dropUsers: z.array(z.string()).optional(),
  layout: rowLayout.optional(),
  dropColumns: z.array(z.string()).optional(),
  keepColumns: z.array(z.string()).optional(),
  notRated: z.array(z.string()).optional(),
  fileRole: z.record(z.string(), fileRole).optional(),
})

const words: Readonly<Record<string, string>> = { tab: '\t', comma: ',', semicolon: ';', pipe: '|', space: ' ' }

/** commander parser of the separator of columns. */
export function delimiterOf(value: string): string {
  const delimiter = words[value] ?? value.replaceAll('\\t', '\t')
  if (delimiter.length === 0 || delimiter.length > 4)
    throw new InvalidArgumentError('It takes up to four characters, or one of tab, comma, semicolon, pipe, space.')
  return delimiter
}

/** commander parser of `PATH=ratings`, collected from several options. */
function roleOf(value: string, before: Record<string, FileRole> = {}): Record<string, FileRole> {
  const at = value.lastIndexOf('=')
  const role = fileRole.safeParse(value.slice(at + 1).replace('left-out', 'left out'))
  if (at < 1 || !role.success)
    throw new InvalidArgumentError(
      'It takes a path of the archive with ratings, items, joined or left-out, as in "view_log.csv=ratings".',
    )
  return { ...before, [value.slice(0, at)]: role.data }
}

/** commander parser of `good=4,fair=2`. */
export function valuesOf(value: string): Record<string, number> {
  const values = value
    .split(',')
    .filter((assignment) => assignment.trim() !== '')
    .map((assignment) => {
      const at = assignment.lastIndexOf('=')
      const number = Number(assignment.slice(at + 1))
      if (at < 1 || assignment.slice(at + 1).trim() === '' || !Number.isFinite(number))
        throw new InvalidArgumentError('It takes words, each with its number, as in "good=3,fair=2,poor=1".')
      return [assignment.slice(0, at).trim(), number] as const
    })
  if (values.length === 0)
    throw new InvalidArgumentError('It takes at least one word with its number, as in "good=3,fair=2,poor=1".')
  return Object.fromEntries(values)
}

/** commander parser of ids separated by commas, collected from several options. */
export function idsOf(value: string, before: readonly string[] = []): string[] {
  const ids = value
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
  if (ids.length === 0) throw new InvalidArgumentError('It takes ids of users, as in "anonymous,unknown".')
  return [...new Set([...before, ...ids])]
}

/** commander parser of column names separated by commas, those with commas in double quotes, collected from several options. */
export function columnsOf(value: string, before: readonly string[] = []): string[] {
  const names = [...value.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]+))\s*(?:,|$)/g)]
    .map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain?.trim() ?? '')
    .filter((name) => name !== '')
  if (names.length === 0)
    throw new InvalidArgumentError(
      'It takes names of columns, those with commas in double quotes, as in \'Age,"Doe, Ann"\'.',
    )
  return [...new Set([...before, ...names])]
}

/** commander parser of numbers and words that mean "not rated", or `none`. */
export function unratedOf(value: string, before: readonly string[] = []): string[] {
  return value.trim() === 'none' ? [...before] : columnsOf(value, before)
}

const one = (flags: string, description: string, choices: readonly string[]): Option =>
  new Option(flags, description).choices(choices)

/**
 * The options of a table's layout.
 * @param prefix of their names, as in `--items-encoding`
 * @param of the files that they apply to, for their descriptions
 */
export const addLayoutOptions = (command: Command, prefix: '' | 'items-', of: string): Command =>
  command
    .addOption(one(`--${prefix}encoding <name>`, `encoding of ${of}, if it is detected wrongly`, textEncoding.options))
    .option(
      `--${prefix}delimiter <text>`,
      `column separator of ${of}: tab, comma, semicolon, pipe, space or any text`,
      delimiterOf,
    )
    .addOption(one(`--${prefix}quote <which>`, `quote character of ${of}`, layoutOptions.shape.quote.unwrap().options))
    .addOption(one(`--${prefix}header <yes/no>`, `whether the first row of ${of} names the columns`, ['yes', 'no']))
    .option(
      `--${prefix}skip <lines>`,
      `number of lines of ${of} before the header or the first row`,
      wholeNumber(0, 10_000),
    )

/** The options of the file of items beside the ratings. */
export const addItemsOptions = (command: Command): Command =>
  addLayoutOptions(
    command
      .option('--items <file>', 'file with titles and genres of the items, such as movies.csv')
      .option('--items-table <name>', 'table of a SQLite database, or sheet of a workbook, with the items')
      .option('--items-item <column>', 'column of the items file that holds the item id')
      .option('--items-title <column>', 'column of the items file that holds the title; none: no titles')
      .option('--items-genres <column>', 'column of the items file that holds the genres; none: no genres'),
    'items-',
    'the items file',
  )

export const addReadingOptions = (command: Command): Command =>
  addLayoutOptions(command, '', 'the files')
    .addOption(one('--decimal <mark>', 'decimal mark', ['comma', 'point']))
    .addOption(one('--thousands <sign>', 'thousands separator', thousandsSign.options))
    .addOption(
      one('--dates <order>', 'order of day, month and year in dates', ['day-first', 'month-first', 'year-first']),
    )
    .addOption(one('--times <unit>', 'unit of the numbers in the time column', timeUnit.options))
    .option('--join-ids', 'store ids such as 1005.0 and 1,005 as 1005, and A1 and a1 as one')
    .option(
      '--rating-values <list>',
      'what the words of the rating column are worth: good=3,fair=2,poor=1; others are no ratings',
      valuesOf,
    )
    .option('--drop-users <list>', 'users whose rows are left out, as anonymous,unknown; can be repeated', idsOf)
    .addOption(
      one(
        '--missing-times <how>',
        'rows without a time that can be read: reject them, or treat them as the oldest',
        missingTimes.options,
      ),
    )
    .option(
      '--file-role <path=role>',
      'content of a file in an archive or folder, or of one of several files: ratings, items, joined (its columns are added to the rows of the ratings, as orders to order lines) or left-out; can be repeated',
      roleOf,
    )
    .addOption(
      one(
        '--layout <which>',
        'list: a row is an interaction; groups: the same, with the user in the first row of its group only; matrix: a row is a user, a column an item; matrix-of-items: the other way round',
        rowLayout.options,
      ),
    )
    .option(
      '--drop-columns <list>',
      'columns of a rating matrix that are left out, as Age,"Doe, Ann"; can be repeated',
      columnsOf,
    )
    .option(
      '--keep-columns <list>',
      'columns of a rating matrix that have ratings, if they are left out wrongly; can be repeated',
      columnsOf,
    )
    .option(
      '--not-rated <list>',
      'numbers and words that mean that there is no rating, as 0,99,"not seen": such cells of a rating matrix and such rows of a list are left out; none: only empty cells',
      unratedOf,
    )

const dateOrders = { 'day-first': 'dayFirst', 'month-first': 'monthFirst', 'year-first': 'yearFirst' } as const
const quotes = { double: '"', single: "'", none: '' } as const

export function layoutOf({ encoding, delimiter, quote, header, skip }: z.infer<typeof layoutOptions>): TableLayout {
  return {
    ...(encoding === undefined ? {} : { encoding }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(quote === undefined ? {} : { quote: quotes[quote] }),
    ...(header === undefined ? {} : { header: header === 'yes' }),
    ...(skip === undefined ? {} : { skip }),
  }
}

/** The options of the file of items beside the ratings; undefined if there are none. */
function itemsReadingOf(options: z.infer<typeof itemsOptions>): ItemsReading | undefined {
  const { itemsTable: table } = options
  const reading = {
    ...layoutOf({
      encoding: options.itemsEncoding,
      delimiter: options.itemsDelimiter,
      quote: options.itemsQuote,
      header: options.itemsHeader,
      skip: options.itemsSkip,
    }),
    ...(table === undefined ? {} : { table }),
  }
  return Object.keys(reading).length > 0 ? reading : undefined
}

export function readingOf(options: z.infer<typeof readingOptions>): ReadingOverrides {
  const { decimal, dates, times, thousands, joinIds, missingTimes: undated, layout, fileRole: roles } = options
  const { ratingValues, dropUsers, dropColumns, keepColumns, notRated } = options
  const items = itemsReadingOf(options)
  return {
    ...layoutOf(options),
    ...(decimal === undefined ? {} : { decimalComma: decimal === 'comma' }),
    ...(dates === undefined ? {} : { dateOrder: dateOrders[dates] }),
    ...(times === undefined ? {} : { times }),
    ...(thousands === undefined ? {} : { thousands }),
    ...(joinIds === undefined ? {} : { joinIds }),
    ...(undated === undefined ? {} : { missingTimes: undated }),
    ...(ratingValues === undefined ? {} : { ratingValues }),
    ...(dropUsers === undefined ? {} : { dropUsers }),
    ...(layout === undefined ? {} : { layout }),
    ...(dropColumns === undefined ? {} : { dropColumns }),
    ...(keepColumns === undefined ? {} : { keepColumns }),
    ...(notRated === undefined ? {} : { notRated }),
    ...(roles === undefined ? {} : { roles }),
    ...(items === undefined ? {} : { items }),
  }
}
