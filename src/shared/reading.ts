import { z } from 'zod'
import { fileRole } from './found-files'

/** How text may be encoded; what is written in none of them has to be converted first. */
export const textEncoding = z.enum([
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'shift_jis',
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
  shift_jis: 'Japanese (Shift JIS)',
  gb18030: 'Chinese (GB 18030)',
}

/** In which order a column writes day and month. */
export const dateOrder = z.enum(['dayFirst', 'monthFirst'])
export type DateOrder = z.infer<typeof dateOrder>

/** What a person says of how a file is written; what is left out is detected. The first five mean text files only. */
export const reading = z.object({
  encoding: textEncoding.optional(),
  delimiter: z.string().min(1).max(4).optional(),
  /** Empty: nothing is quoted. */
  quote: z.enum(['', '"', "'"]).optional(),
  header: z.boolean().optional(),
  /** Lines before the header or the first row. */
  skip: z.number().int().min(0).max(10_000).optional(),
  /** Whether a comma inside a number stands before its decimals; otherwise it groups thousands. */
  decimalComma: z.boolean().optional(),
  dateOrder: dateOrder.optional(),
  /** Whether a row is an interaction, or a user with a column for each item. */
  layout: z.enum(['list', 'matrix']).optional(),
  /** What files of archives hold, by path. */
  roles: z.record(z.string(), fileRole).optional(),
})
export type Reading = z.infer<typeof reading>

/** How a text file was read. */
export const textForm = z.object({
  encoding: textEncoding,
  delimiter: z.string(),
  quote: z.string(),
  header: z.boolean(),
  skip: z.number().int(),
  /** The lines that were skipped, cut where they are long. */
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
}
export const delimiterName = (delimiter: string): string => delimiterNames[delimiter] ?? `“${delimiter}”`
export const knownDelimiters: readonly string[] = Object.keys(delimiterNames)

/** How sure a choice is: proven by the file, spoken for by evidence, or assumed. */
export const certainty = z.enum(['certain', 'likely', 'guess'])
export type Certainty = z.infer<typeof certainty>

/** One choice made in reading a file, with what speaks for it and how to change it. */
export const choice = z.object({
  about: z.enum(['files', 'part', 'header', 'skipped lines', 'layout']),
  file: z.string().nullable(),
  column: z.string().nullable(),
  /** What was chosen, in words. */
  value: z.string(),
  certainty,
  /** The proof, in one sentence. */
  evidence: z.string(),
  /** Whether another choice would store something else. */
  affectsData: z.boolean(),
  /** The wizard's control that changes it. */
  control: z.string(),
  /** The option of the command line that changes it. */
  option: z.string(),
})
export type Choice = z.infer<typeof choice>
