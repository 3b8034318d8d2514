import { z } from 'zod'
import { runDetail } from '../../shared/runs'

/**
 * A run as one file (`.vasprun`): a ZIP archive with a manifest, which is its last entry and has the SHA-256 and size of all others. Everything in it is
 * JSON, JSON Lines or safetensors, so that Python reads it without this program. Entries are found by these names; nothing is ever unpacked to a path of
 * the archive.
 */
export const entryNames = {
  manifest: 'manifest.json',
  run: 'run.json',
  /** [id, title] of each item in the order of the model's indexes. */
  catalogue: 'catalogue.json',
  /** Who was trained with and what was held out, by the numbers of the data set. */
  split: 'split.safetensors',
  /** One float32 for each measured user and metric, in the order of the split. */
  perUser: 'per-user.safetensors',
  weights: 'weights.safetensors',
  /** For runs that were split by a file. */
  splitFile: 'split-file.json',
  /** Only in files with data. */
  dataset: 'data/dataset.json',
  items: 'data/items.jsonl',
  histories: 'data/histories.jsonl',
  rejects: 'data/rejects.jsonl',
} as const
export type EntryName = (typeof entryNames)[keyof typeof entryNames]

/** The newest version of the format, which this program writes. */
export const formatVersion = 1

export const manifest = z.object({
  format: z.literal('vasprun'),
  version: z.number().int().positive(),
  /** The version of VASP Studio that wrote it. */
  app: z.string(),
  dataset: z.object({
    name: z.string(),
    version: z.number().int(),
    fingerprint: z.string(),
    users: z.number().int(),
    items: z.number().int(),
    interactions: z.number().int(),
  }),
  entries: z.array(
    z.object({ name: z.string(), bytes: z.number().int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
})
export type Manifest = z.infer<typeof manifest>

/** What a file has of a run: everything but its places in its library. */
export const portableRun = runDetail
  .pick({
    id: true,
    name: true,
    model: true,
    preset: true,
    config: true,
    members: true,
    seed: true,
    preparation: true,
    split: true,
    splitSummary: true,
    fingerprint: true,
    environment: true,
    epochs: true,
    validation: true,
    test: true,
    segments: true,
    evaluations: true,
    continued: true,
    stoppedEarly: true,
    seconds: true,
    rowsPerSecond: true,
    peakBytes: true,
    estimatedBytes: true,
    parameters: true,
    createdAt: true,
    startedAt: true,
    endedAt: true,
  })
  .extend({ bestEpoch: z.number().int().positive() })
export type PortableRun = z.infer<typeof portableRun>

export const catalogue = z.array(z.tuple([z.string(), z.string()]))

export const portableDataset = z.object({
  source: z.array(z.string()),
  importSettings: z.unknown(),
  rejected: z.number().int(),
  duplicates: z.number().int(),
})

export const itemLine = z.object({
  id: z.string(),
  title: z.string(),
  genres: z.array(z.string()),
  attributes: z.record(z.string(), z.string()).exactOptional(),
})

const values = z.array(z.number()).nullable()
export const historyLine = z.object({
  user: z.string(),
  items: z.array(z.number().int().nonnegative()),
  ratings: values,
  /** Seconds since 1970. */
  times: values,
})
