import { type FormatName, formatOptions } from './format-options'
import { z } from 'zod'
import { foundFile } from './found-files'
import { datasetId, fileHandle, runId } from './ids'
import { eventColumn } from './interaction-value'
import { likedSuggestion, valueKind } from './liked-threshold'
import { givenName } from './names'
import { itemsReading, reading, readingOverrides, textForm } from './reading'

/** The column of the ratings file for each role. `null`: the file has none. */
export const columnMapping = z.object({
  user: z.string().min(1),
  item: z.string().min(1),
  rating: z.string().min(1).nullable(),
  time: z.string().min(1).nullable(),
  event: eventColumn.nullish(),
  /** How often (plays, clicks): stored like a rating, so that thresholds apply to it. Cannot be combined with a rating. */
  count: z.string().min(1).nullish(),
  /** The item's title, beside its id. */
  title: z.string().min(1).nullish(),
})
export type ColumnMapping = z.infer<typeof columnMapping>

/** Columns of interactions as far as they are known; a role without a column is not recognised yet or has none. */
export const suggestedColumns = columnMapping.extend({
  user: z.string().min(1).nullable(),
  item: z.string().min(1).nullable(),
})
export type SuggestedColumns = z.infer<typeof suggestedColumns>

/** Columns that a person named before the others are recognised; null: no column has this role. */
export const chosenColumns = z.object({
  user: z.string().nullable().optional(),
  item: z.string().nullable().optional(),
  rating: z.string().nullable().optional(),
  time: z.string().nullable().optional(),
  event: z.string().nullable().optional(),
  count: z.string().nullable().optional(),
  title: z.string().nullable().optional(),
  /** Whether the event types that count have been chosen. */
  eventTypes: z.boolean().optional(),
})
export type ChosenColumns = z.infer<typeof chosenColumns>

/** The column of the items file for each role. */
export const itemColumnMapping = z.object({
  item: z.string().min(1),
  title: z.string().min(1).nullable(),
  genres: z.string().min(1).nullable(),
})
export type ItemColumnMapping = z.infer<typeof itemColumnMapping>

/** Which of several interactions of the same user with the same item is kept; `count`: one, rated with their number. */
export const duplicatePolicy = z.enum(['last', 'first', 'maximum', 'count'])
export type DuplicatePolicy = z.infer<typeof duplicatePolicy>
/** What becomes of rows that repeat a user and an item, unless a person chooses: counts add up, and a later rating replaces an earlier one. */
export const usualDuplicates = ({ count }: { readonly count?: string | null | undefined }): DuplicatePolicy =>
  count ? 'count' : 'last'

/** How a version was made: a first import, an export added to the version before, or one that replaces it. */
export const versionOrigin = z.enum(['import', 'append', 'refresh'])
export type VersionOrigin = z.infer<typeof versionOrigin>

/** One version of a data set. It is complete, and later versions never change it. */
export const dataset = z.object({
  id: datasetId,
  /** The size of all its versions. */
  name: z.string(),
  /** The same for all versions of a data set. */
  series: z.number().int(),
  version: z.number().int().positive(),
  /** Whether it is the newest version. */
  newest: z.boolean(),
  origin: versionOrigin,
  /** File names as the user knows them, for people only. */
  source: z.array(z.string()),
  users: z.number().int(),
  items: z.number().int(),
  interactions: z.number().int(),
  rejected: z.number().int(),
  hasRatings: z.boolean(),
  hasTimes: z.boolean(),
  /** What the stored value of its interactions is; thresholds apply to it. */
  valueKind,
  /** What counts as liked by default. */
  liked: likedSuggestion,
  /** SHA-256 of the imported content (hex). */
  fingerprint: z.string(),
  createdAt: z.iso.datetime(),
})
export type Dataset = z.infer<typeof dataset>

export const datasetDetail = dataset.extend({
  density: z.number(),
  ratingHistogram: z.array(z.object({ rating: z.number(), count: z.number().int() })),
  topItems: z.array(z.object({ id: z.string(), title: z.string(), interactions: z.number().int() })),
  /** Users by number of interactions, in powers of two: [from, to] inclusive. */
  activityHistogram: z.array(z.object({ from: z.number().int(), to: z.number().int(), users: z.number().int() })),
  rejectedByReason: z.array(z.object({ reason: z.string(), count: z.number().int() })),
  runs: z.number().int(),
  /** Earlier interactions of the same user with the same item that were replaced. */
  duplicates: z.number().int(),
  /** The settings of its import, used to read a newer export; null for data sets of versions of the app that did not store them. */
  importedAs: z
    .object({
      mapping: columnMapping,
      itemMapping: itemColumnMapping.nullable(),
      duplicates: duplicatePolicy,
      /** A person's choices, and findings that a newer file need not prove again. */
      reading: readingOverrides,
      table: z.string().nullable(),
    })
    .nullable(),
  /** Whether any item has a title of its own, genres or attributes. */
  itemsDescribed: z.boolean(),
  /** All versions of the data set, newest first. */
  versions: z.array(dataset),
  /** How its files were understood; empty for data sets of versions of the app that did not store it. */
  choices: reading,
})
export type DatasetDetail = z.infer<typeof datasetDetail>

/** What a worker counts by reading all of a data set. */
export const datasetProfile = z.object({
  /** Interactions of the items at some ranks by popularity, including the first and the last. */
  popularity: z.array(z.object({ rank: z.number().int(), interactions: z.number().int() })),
  /** The share of the interactions that belongs to the most popular tenth of the items. */
  topTenthShare: z.number(),
  /** Items by number of interactions: none, then in powers of two: [from, to] inclusive, up to the most. */
  perItem: z.array(z.object({ from: z.number().int(), to: z.number().int(), items: z.number().int() })),
  coldItems: z.number().int(),
  /** Items with fewer interactions are cold. */
  coldBelow: z.number().int(),
  /** How many items have exactly this many interactions, up to twice the limit for cold items. */
  cold: z.array(z.object({ interactions: z.number().int(), items: z.number().int() })),
  /** By month, or by year; empty without times. */
  overTime: z.array(z.object({ period: z.string(), interactions: z.number().int() })),
  /** An item counts in each of its genres. */
  genres: z.array(z.object({ genre: z.string(), items: z.number().int(), interactions: z.number().int() })),
})
export type DatasetProfile = z.infer<typeof datasetProfile>

/** One version, or the data set with all of them. */
export const versionChoice = z.enum(['this', 'all'])
export type VersionChoice = z.infer<typeof versionChoice>

/** What is deleted with versions of a data set. */
export const datasetDependents = z.object({
  versions: z.array(z.object({ id: datasetId, version: z.number().int() })),
  runs: z.array(z.object({ id: runId, name: z.string() })),
  /** Exports of those runs. */
  exports: z.number().int(),
  maps: z.number().int(),
  /** Experiments that lose runs. */
  experiments: z.array(z.string()),
  /** Bytes of weights and exported files; the database frees more. */
  fileBytes: z.number(),
})
export type DatasetDependents = z.infer<typeof datasetDependents>

/** Statistics of one column in the first rows of a file. */
export const columnStatistics = z.object({
  /** The type of all its values; `time`: dates, not seconds. */
  kind: z.enum(['empty', 'integer', 'number', 'time', 'text']),
  distinct: z.number().int(),
  empty: z.number().int(),
  /** Of the filled rows, those that hold a number, and those that hold a date. */
  numbers: z.number().int(),
  times: z.number().int(),
  /** Of the numbers, those that are times in seconds since 1970 or a fraction of seconds: as many as have one unit. */
  epochs: z.number().int().optional(),
  /** Of the dates, those that stand for no time, such as 0000-00-00. */
  noTimes: z.number().int().optional(),
  /** For texts: what nearly all of them are, so that the others are mistakes or mean that there is no value. */
  mostly: z.enum(['numbers', 'times']).optional(),
  /** As numbers if nearly all are numbers, otherwise as text. */
  min: z.string(),
  max: z.string(),
  /** The most frequent values with their number of rows, if there are few different ones. */
  values: z.array(z.object({ value: z.string(), rows: z.number().int() })),
  /** Whether all of its numbers are whole, even if some are written with decimals, such as 1005.0. */
  whole: z.boolean().optional(),
  /** Whether it only numbers the rows. */
  rowNumber: z.boolean().optional(),
})
export type ColumnStatistics = z.infer<typeof columnStatistics>

export const previewColumn = z.object({
  name: z.string(),
  type: z.string(),
  samples: z.array(z.string()),
  /** Missing for columns beyond the number that is examined. */
  statistics: columnStatistics.nullish(),
  /** Whether it is not a column of the file but a time that is joined from several. */
  joined: z.literal(true).optional(),
})
export type PreviewColumn = z.infer<typeof previewColumn>

export const filePreview = z.object({
  name: z.string(),
  bytes: z.number().int(),
  /** What kind of file it is, for people. */
  format: z.enum(Object.keys(formatOptions) as [FormatName, ...FormatName[]]),
  /** Tables of a database or sheets of a workbook, beginning with the one shown; empty if there is nothing to choose. */
  tables: z.array(z.string()),
  delimiter: z.string(),
  header: z.boolean(),
  /** Whether the file itself names its columns. */
  named: z.boolean(),
  columns: z.array(previewColumn),
  rows: z.array(z.array(z.string())),
  /** How it was read, if it is delimited text. */
  text: textForm.nullish(),
  /** Whether commas in its numbers are decimal commas. */
  decimalComma: z.boolean().optional(),
  /** The rows that its statistics are computed from, and whether they are the whole file. */
  examined: z.object({ rows: z.number().int(), whole: z.boolean() }).nullish(),
})
export type FilePreview = z.infer<typeof filePreview>

/** The input of a preview: the files, and the layout chosen for them. */
export const previewRequest = z.object({
  ratings: z.array(fileHandle).min(1),
  items: fileHandle.nullable(),
  /** Tables whose columns are added to the rows of the ratings, such as orders to order lines. */
  joined: z.array(fileHandle).optional(),
  table: z.string().nullish(),
  reading: readingOverrides.optional(),
  /** Columns with a chosen role; the others are recognised. */
  columns: chosenColumns.optional(),
  /** The data set that gets a new version: choices that are the same as for its newest version say so. */
  into: datasetId.nullish(),
})
export type PreviewRequest = z.infer<typeof previewRequest>

/** Why an import cannot be made, and what to do. */
export const refusal = z.object({ message: z.string(), next: z.string() })
export type Refusal = z.infer<typeof refusal>

export const importPreview = z.object({
  ratings: filePreview,
  items: filePreview.nullable(),
  /** The recognised columns; the user or the item may be missing. */
  mapping: suggestedColumns,
  itemMapping: itemColumnMapping.nullable(),
  /** The values of the words in the rating column, as far as they are known; null if it holds numbers. */
  ratingValues: z.record(z.string(), z.number()).nullish(),
  /** How the files were understood, as far as a preview can tell. */
  choices: reading,
  warnings: z.array(z.string()),
  /** Why an import of these files would be refused, which is also a warning; undefined if nothing is known against it. */
  refusal: refusal.optional(),
  /** Every file in the archives, with its recognised role. */
  files: z.array(foundFile),
})
export type ImportPreview = z.infer<typeof importPreview>

/** A refusal as the warning of a preview. */
export const refusalInWords = ({ message, next }: Refusal): string => `${message} ${next}`

/** An import stops if more rows than this are rejected: a number, or a share of the rows that were read. */
export const rejectLimit = z.union([
  z.object({ rows: z.number().int().nonnegative() }),
  z.object({ share: z.number().min(0).max(1) }),
])
export type RejectLimit = z.infer<typeof rejectLimit>

/** The data set that gets a new version from an import. `append`: added to the given version; `refresh`: replaces it. */
export const importTarget = z.object({ dataset: datasetId, how: z.enum(['append', 'refresh']) })
export type ImportTarget = z.infer<typeof importTarget>

export const importRequest = z.object({
  /** Name of a new data set; a new version keeps the name of the others. */
  name: givenName,
  ratings: z.array(fileHandle).min(1),
  items: fileHandle.nullable(),
  /** Tables whose columns are added to the rows of the ratings, such as orders to order lines. */
  joined: z.array(fileHandle).optional(),
  mapping: columnMapping,
  itemMapping: itemColumnMapping.nullable(),
  /** For interactions of the same user with the same item; by default as in the version before, or `usualDuplicates`. */
  duplicates: duplicatePolicy.optional(),
  /** No limit by default: an import stops only if its first rows can hardly be used. */
  maxRejects: rejectLimit.nullish(),
  /** Table of a database or sheet of a workbook; by default the likeliest. */
  table: z.string().nullish(),
  /** How the files are written, where it differs from what is detected. */
  reading: readingOverrides.optional(),
  /** The choices that the preview showed for the columns, to be stored with the data set. */
  choices: reading.optional(),
  /** `null`: a new data set. */
  into: importTarget.nullable().default(null),
})
export type ImportRequest = z.infer<typeof importRequest>

export const importResult = z.object({
  dataset: datasetId,
  users: z.number().int(),
  items: z.number().int(),
  interactions: z.number().int(),
  rejected: z.number().int(),
  /** Why, the most frequent reason first. */
  rejectedByReason: z.array(z.object({ reason: z.string(), count: z.number().int() })).default([]),
  /** Interactions that a later one of the same user with the same item replaced. */
  duplicates: z.number().int(),
  /** Rows of event types that do not count. */
  leftOut: z.number().int().default(0),
  /** Ids in the items file without an interaction. */
  unmatchedItems: z.number().int(),
  /** How the files were understood. */
  choices: reading.default([]),
  /** Items with several rows in the items file: their genres and attributes were joined, and the first title was used. */
  repeatedItems: z.number().int().default(0),
  seconds: z.number(),
  /** Highest resident memory of the importing process; 0 for imports before it was recorded. */
  peakBytes: z.number().default(0),
})
export type ImportResult = z.infer<typeof importResult>

/** A file that may have details of the items of a data set. */
export const detailsRequest = z.object({
  dataset: datasetId,
  file: fileHandle,
  /** How it is written, where it differs from what is detected. */
  reading: itemsReading.optional(),
})
export type DetailsRequest = z.infer<typeof detailsRequest>

/** How many different values a column has, and how many of them are item ids of the data set. */
export const idMatch = z.object({ column: z.string(), different: z.number().int(), items: z.number().int() })
export type IdMatch = z.infer<typeof idMatch>

export const detailsPreview = z.object({
  file: filePreview,
  /** For the compared columns (all, except in very wide files) and the examined rows. */
  ids: z.array(idMatch),
  /** Items of the data set. */
  items: z.number().int(),
  /** The probable roles of the columns; null if the item ids were not recognised. */
  item: z.string().nullable(),
  title: z.string().nullable(),
  genres: z.string().nullable(),
  choices: reading,
  warnings: z.array(z.string()),
})
export type DetailsPreview = z.infer<typeof detailsPreview>

/**
 * Item metadata to be joined into an existing version. `item`: the column of the item ids; null: recognised by its name, like a title or genres that are
 * undefined; null for title or genres: the file has none.
 */
export const metadataRequest = detailsRequest.extend({
  item: z.string().min(1).nullable(),
  title: z.string().min(1).nullish(),
  genres: z.string().min(1).nullish(),
})
export type MetadataRequest = z.infer<typeof metadataRequest>

export const metadataResult = z.object({
  dataset: datasetId,
  /** Columns that were read as id, title and genres; all others are attributes. */
  item: z.string(),
  title: z.string().nullable(),
  genres: z.string().nullable(),
  attributes: z.array(z.string()),
  /** Items of the data set that the file describes. */
  matched: z.number().int(),
  unmatchedItems: z.number().int(),
  unmatchedItemExamples: z.array(z.string()),
  /** Ids of the file that are not items of the data set. */
  unknownIds: z.number().int(),
  unknownIdExamples: z.array(z.string()),
  unusableRows: z.number().int(),
  /** Items with several rows in the file: their genres and attributes were joined, and the first title was used. */
  repeatedItems: z.number().int().default(0),
  repeatedItemExamples: z.array(z.string()).default([]),
  /** Whether the item ids were recognised by their values, because no column's name identifies them. */
  toldByContent: z.boolean().default(false),
  /** How the file was understood. */
  choices: reading,
})
export type MetadataResult = z.infer<typeof metadataResult>

export const rejectedRow = z.object({
  file: z.string(),
  line: z.number().int(),
  reason: z.string(),
  text: z.string(),
})
export type RejectedRow = z.infer<typeof rejectedRow>

export const userHit = z.object({ id: z.string(), interactions: z.number().int() })
export type UserHit = z.infer<typeof userHit>

export const itemHit = z.object({
  id: z.string(),
  title: z.string(),
  genres: z.array(z.string()),
  interactions: z.number().int(),
})
export type ItemHit = z.infer<typeof itemHit>
