import { z } from 'zod'
import { certainty } from './certainty'
import { fileRole } from './found-files'

/** Supported text encodings; text in other encodings has to be converted first. */
export const textEncoding = z.enum([
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'iso-8859-2',
  'iso-8859-5',
  'koi8-r',
  'ibm866',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-874',
  'koi8-u',
  'x-mac-cyrillic',
  'iso-8859-6',
  'macintosh',
  'ibm850',
  'ibm852',
  'shift_jis',
  'euc-jp',
  'euc-kr',
  'big5',
  'gb18030',
])
export type TextEncoding = z.infer<typeof textEncoding>

export const encodingNames: Readonly<Record<TextEncoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 (little endian)',
  'utf-16be': 'UTF-16 (big endian)',
  'windows-1252': 'Western (Windows-1252, Latin-1)',
  'windows-1250': 'Central European (Windows-1250)',
  'windows-1251': 'Cyrillic (Windows-1251)',
  'iso-8859-2': 'Central European (ISO 8859-2, Latin-2)',
  'iso-8859-5': 'Cyrillic (ISO 8859-5)',
  'koi8-r': 'Cyrillic (KOI8-R)',
  ibm866: 'Cyrillic (DOS, 866)',
  'windows-1253': 'Greek (Windows-1253)',
  'windows-1254': 'Turkish (Windows-1254)',
  'windows-1255': 'Hebrew (Windows-1255, ISO 8859-8)',
  'windows-1256': 'Arabic (Windows-1256)',
  'windows-1257': 'Baltic (Windows-1257)',
  'windows-874': 'Thai (Windows-874)',
  'koi8-u': 'Ukrainian (KOI8-U)',
  'x-mac-cyrillic': 'Cyrillic (Mac)',
  'iso-8859-6': 'Arabic (ISO 8859-6)',
  macintosh: 'Western (Mac Roman)',
  ibm850: 'Western (DOS, 850)',
  ibm852: 'Central European (DOS, 852)',
  shift_jis: 'Japanese (Shift JIS)',
  'euc-jp': 'Japanese (EUC-JP)',
  'euc-kr': 'Korean (EUC-KR)',
  big5: 'Chinese (Big5)',
  gb18030: 'Chinese (GB 18030)',
}

/** The order in which a column writes day, month and year; `yearFirst` is needed only for years of two digits, because others cannot be mistaken. */
export const dateOrder = z.enum(['dayFirst', 'monthFirst', 'yearFirst'])
export type DateOrder = z.infer<typeof dateOrder>

/** What the numbers of a time column may be; a sequence orders interactions without dating them. */
export const timeUnit = z.enum([
  'yyyymmdd',
  'yyyymmddhhmmssmmm',
  'yyyymmddhhmmss',
  'yyyymmddhhmm',
  'yyyymmddhh',
  'yyyymm',
  'ddmmyyyy',
  'mmddyyyy',
  'yymmdd',
  'yymmddhh',
  'year',
  'excel',
  'seconds',
  'apple',
  'milliseconds',
  'microseconds',
  'webkit',
  'filetime',
  'ticks',
  'nanoseconds',
  'sequence',
])
export type TimeUnit = z.infer<typeof timeUnit>

export const thousandsSign = z.enum(['comma', 'point', 'space', 'apostrophe', 'none'])
export type ThousandsSign = z.infer<typeof thousandsSign>

/** What happens to rows without a time, or with one that cannot be read: they are rejected, or they come before all others, in the order of the file. */
export const missingTimes = z.enum(['reject', 'oldest'])
export type MissingTimes = z.infer<typeof missingTimes>

/**
 * Whether a row is an interaction, one whose user is only in the first row of its group (merged cells), a user with a column for each item, or an
 * item with a column for each user.
 */
export const rowLayout = z.enum(['list', 'groups', 'matrix', 'matrix-of-items'])
export type RowLayout = z.infer<typeof rowLayout>

/** The chosen layout of a table in its file; whatever is missing is detected. Only text files have the first three. */
const tableLayout = z.object({
  encoding: textEncoding.optional(),
  delimiter: z.string().min(1).max(4).optional(),
  /** Empty: nothing is quoted. */
  quote: z.enum(['', '"', "'"]).optional(),
  header: z.boolean().optional(),
  /** Lines before the header or the first row. */
  skip: z.number().int().min(0).max(10_000).optional(),
})
export type TableLayout = z.infer<typeof tableLayout>

/** The chosen layout of a file of items, and which of several tables or sheets is read (if missing, the likeliest). */
export const itemsReading = tableLayout.extend({ table: z.string().optional() })
export type ItemsReading = z.infer<typeof itemsReading>

/** The choices for how the files of an import are written; the layout at the top is that of the ratings. */
export const readingOverrides = tableLayout.extend({
  /** Whether a comma inside a number is a decimal comma; otherwise it groups thousands. */
  decimalComma: z.boolean().optional(),
  dateOrder: dateOrder.optional(),
  /** The unit of the numbers in a time column. */
  times: timeUnit.optional(),
  /** The sign that groups the thousands of numbers. */
  thousands: thousandsSign.optional(),
  /** Whether ids such as 1005.0 and 1,005 are stored as 1005, and those that differ only in upper and lower case as one. */
  joinIds: z.boolean().optional(),
  missingTimes: missingTimes.optional(),
  /** The values of the words in a rating column, such as good = 4. */
  ratingValues: z.record(z.string(), z.number()).optional(),
  /** Ids of users whose rows are left out, because they are placeholders. */
  dropUsers: z.array(z.string().min(1)).optional(),
  layout: rowLayout.optional(),
  /** Columns of a rating matrix that are left out. Columns without names are numbered from 1. */
  dropColumns: z.array(z.string().min(1)).optional(),
  /** Columns of a rating matrix that have ratings, though detection leaves them out. */
  keepColumns: z.array(z.string().min(1)).optional(),
  /** Numbers and words that mean that there is no rating, for which cells of a matrix and rows of a list are left out; empty: only empty cells do. */
  notRated: z.array(z.string().min(1)).optional(),
  /** The roles of files in archives and folders, by path. */
  roles: z.record(z.string(), fileRole).optional(),
  /** How the file of items is written. */
  items: itemsReading.optional(),
})
export type ReadingOverrides = z.infer<typeof readingOverrides>

/** What a choice in reading files is about. */
export const choiceTopics = z.enum([
  'files',
  'table',
  'encoding',
  'separator',
  'quotes',
  'header',
  'skipped lines',
  'layout',
  'column',
  'numbers',
  'dates',
  'times',
  'ids',
  'values',
  'order',
  'duplicates',
  'items',
])
export type ChoiceTopic = z.infer<typeof choiceTopics>
/** Earlier versions stored "part" for a table or sheet of a file. */
const choiceTopic = choiceTopics.or(z.literal('part').transform((): ChoiceTopic => 'table'))

/**
 * The wizard's controls by their labels, each with the command-line options that do the same. Choices are stored with data
 * sets, so a former label stays readable only as long as it is in this list.
 */
export const controlOptions = {
  Files: ['--file-role'],
  Sheet: ['--table'],
  Table: ['--table'],
  Encoding: ['--encoding'],
  Separator: ['--delimiter'],
  Quotes: ['--quote'],
  'First row': ['--header'],
  'Skip lines': ['--skip'],
  Layout: ['--layout'],
  'Leave out columns': ['--drop-columns'],
  'Take in columns': ['--keep-columns'],
  'Not rated': ['--not-rated'],
  Decimals: ['--decimal'],
  Thousands: ['--thousands'],
  Dates: ['--dates'],
  Times: ['--times'],
  Ids: ['--join-ids'],
  'Leave out users': ['--drop-users'],
  'Missing times': ['--missing-times'],
  User: ['--user'],
  Item: ['--item'],
  Rating: ['--rating'],
  'Rating values': ['--rating-values'],
  Time: ['--time'],
  Event: ['--event', '--event-types'],
  Count: ['--count'],
  Title: ['--title'],
  'Same user and item again': ['--duplicates'],
  'Items sheet': ['--items-table'],
  'Items table': ['--items-table'],
  'Items encoding': ['--items-encoding'],
  'Items separator': ['--items-delimiter'],
  'Items quotes': ['--items-quote'],
  'Items first row': ['--items-header'],
  'Items skip lines': ['--items-skip'],
  /** The controls of all columns. */
  Columns: [],
} as const satisfies Readonly<Record<string, readonly string[]>>
export type ChoiceControl = keyof typeof controlOptions
export const choiceControls = Object.keys(controlOptions) as [ChoiceControl, ...ChoiceControl[]]

/**
 * The control of the items file for each control of other files: the items file is shown beside the ratings, so its controls and
 * options have their own names.
 */
export const itemsControls = {
  Sheet: 'Items sheet',
  Table: 'Items table',
  Encoding: 'Items encoding',
  Separator: 'Items separator',
  Quotes: 'Items quotes',
  'First row': 'Items first row',
  'Skip lines': 'Items skip lines',
} as const satisfies Partial<Record<ChoiceControl, ChoiceControl>>

const hasItemsControl = (control: ChoiceControl): control is keyof typeof itemsControls => control in itemsControls

/** The controls for the command-line options in a text, such as “Say which order is right with --dates”. */
export function controlsNamedIn(text: string): ChoiceControl[] {
  const options = new Set<string>(text.match(/--[a-z]+(?:-[a-z]+)*/g) ?? [])
  return choiceControls.filter((control) => controlOptions[control].some((option) => options.has(option)))
}

/** One choice made in reading the files, with its evidence. */
export const choice = z.object({
  about: choiceTopic,
  /** The file that it applies to; null: all of them. */
  file: z.string().nullable(),
  column: z.string().nullable(),
  /** A word or phrase, such as "day first", "semicolon" or "user". */
  value: z.string(),
  certainty,
  /** One sentence with the evidence: "Line 2,401 has 23/02/2024." */
  evidence: z.string(),
  /** Whether another choice would store something else. */
  affectsData: z.boolean(),
  /** The wizard's control that changes it. */
  control: z.enum(choiceControls),
  /** The command-line option that changes it, such as "--dates month-first". */
  option: z.string(),
})
export type Choice = z.infer<typeof choice>

/** A choice for the items file of an import, with its control and option. */
export const choiceOfItems = (choice: Choice): Choice =>
  hasItemsControl(choice.control)
    ? {
        ...choice,
        control: itemsControls[choice.control],
        option: choice.option.replaceAll(/--(?=[a-z])/g, '--items-'),
      }
    : choice

/** How files are understood: every choice, in the order in which an import makes them. */
export const reading = z.array(choice)
export type Reading = z.infer<typeof reading>

/** How a text file was read. */
export const textForm = z.object({
  encoding: textEncoding,
  delimiter: z.string(),
  quote: z.string(),
  header: z.boolean(),
  skip: z.number().int(),
  /** The skipped lines; long ones are shortened. */
  preamble: z.array(z.string()),
})
export type TextForm = z.infer<typeof textForm>

const delimiterNames: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'pipe',
  ' ': 'space',
  '::': 'double colon',
  '^': 'caret',
  '~': 'tilde',
  '\x01': 'control character 1 (Hive)',
}
export const delimiterName = (delimiter: string): string => delimiterNames[delimiter] ?? `“${delimiter}”`
export const knownDelimiters: readonly string[] = Object.keys(delimiterNames)

/** Whether a choice may store something wrong, so that people are warned. */
export const isWarning = ({ certainty, affectsData }: Choice): boolean => certainty === 'guess' && affectsData

/** What a choice about columns says of a table that seems to have no users. */
export const noUsers = 'no users'
/** The value of the choice to leave out a column of JSON objects, which may hold what is missing. */
export const objectsLeftOut = 'left out, as objects'

/** The warnings about a reading: what was assumed, why it is a guess, and how to change it. The same guess about several files is one warning. */
export function warningsOf(choices: Reading): string[] {
  const groups = new Map<string, Choice[]>()
  for (const choice of choices.filter(isWarning)) {
    const { about, column, value, control } = choice
    const key = JSON.stringify([about, column, value, control])
    groups.set(key, [...(groups.get(key) ?? []), choice])
  }
  return [...groups.values()].flatMap((group) => {
    const files = new Set(group.map(({ file }) => file))
    return files.size === group.length ? warningOf(group) : group.map((choice) => warningOf([choice]))
  })
}

/** Files that a warning names. */
const mostNamed = 3

/** The warning about a choice for each of several files; the evidence is that of the first. */
function warningOf(choices: readonly Choice[]): string {
  const [first] = choices
  if (!first) throw new Error('a warning is about some choice')
  const { column, about, value, evidence, option, control } = first
  const all = choices.flatMap(({ file }) => file ?? [])
  const named =
    all.length > mostNamed ? [...all.slice(0, mostNamed - 1), `${all.length - mostNamed + 1} other files`] : all
  const files = named.length > 1 ? `${named.slice(0, -1).join(', ')} and ${named.at(-1) ?? ''}` : named[0]
  const where = [files, column === null ? about : `column "${column}"`].filter((part) => part !== undefined).join(', ')
  const told = all.length > 1 ? `In ${all[0] ?? ''}: ${evidence}` : evidence
  return `${where}: ${value} is a guess. ${told} If it is wrong, use ${option} (in the app: ${control}).`
}
