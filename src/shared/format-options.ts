import type { ItemsReading } from './reading'

/** The options for a file's table, with their names on the command line and in the window. */
const layoutOptions = {
  encoding: { option: '--encoding', control: 'Encoding' },
  delimiter: { option: '--delimiter', control: 'Separator' },
  quote: { option: '--quote', control: 'Quotes' },
  header: { option: '--header', control: 'First row' },
  skip: { option: '--skip', control: 'Skip lines' },
  table: { option: '--table', control: 'Table or Sheet' },
} as const satisfies Readonly<Record<keyof ItemsReading, { readonly option: string; readonly control: string }>>
type LayoutOption = keyof typeof layoutOptions

/** Every supported format, with the options for its table; everything else is detected. */
export const formatOptions = {
  'delimited text': ['encoding', 'delimiter', 'quote', 'header', 'skip'],
  'Excel workbook': ['header', 'skip', 'table'],
  'HTML table': ['header', 'skip', 'table'],
  'XML records': ['table'],
  'SQLite database': ['table'],
  'JSON document': ['table'],
  'JSON lines': [],
  'JSON array': [],
  'JSON objects': [],
  Parquet: [],
  'Matrix Market': [],
  'Netflix Prize text': [],
  'W3C extended log': ['encoding', 'delimiter'],
  'web server log': ['encoding', 'delimiter'],
  'log of key=value pairs': ['encoding', 'delimiter'],
  'items by user': [],
  'columns below dashes': ['encoding', 'delimiter'],
  'records of keys and values': ['encoding', 'delimiter'],
} as const satisfies Readonly<Record<string, readonly LayoutOption[]>>
export type FormatName = keyof typeof formatOptions

/**
 * A sentence about options that do not apply to files of this format; null if all apply.
 * @param prefix of the options, for a file of items beside the ratings
 */
export function needlessOptions(
  { name, format }: { readonly name: string; readonly format: FormatName },
  said: Readonly<Partial<Record<LayoutOption, unknown>>>,
  prefix: '' | 'items-' = '',
): string | null {
  const taken: readonly LayoutOption[] = formatOptions[format]
  const needless = (Object.keys(layoutOptions) as LayoutOption[]).filter(
    (option) => said[option] !== undefined && said[option] !== null && !taken.includes(option),
  )
  if (needless.length === 0) return null
  const named = needless.map((key) => layoutOptions[key])
  const options = named.map(({ option }) => option.replace('--', `--${prefix}`)).join(', ')
  const controls = named.map(({ control }) => (prefix === '' ? control : `Items ${control.toLowerCase()}`)).join(', ')
  const one = needless.length === 1
  return `${name} is read as ${format}, for which ${options} (in the app: ${controls}) ${one ? 'has' : 'have'} no effect: ${one ? 'it is' : 'they are'} ignored.`
}
