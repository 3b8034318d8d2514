import { z } from 'zod'
import type { Dataset } from '../../../shared/datasets'
import { formatCount, formatCounted } from '../../../shared/format'
import { mostPopularFrom, mostPopularInput, type MostPopular } from '../../../shared/most-popular'
import { defaultHeldOut, fewestTrainingUsers, type Protocol } from '../../../shared/protocol'
import {
  defaultPreparation,
  defaultSplit,
  preparation,
  requestedSplit,
  splitSettings,
  type Preparation,
  type SplitSettings,
} from '../../../shared/runs'
import { type Edited, textOf } from '../../components/edited'

/** Preparation and split while they are edited. */
export interface ProtocolDraft {
  preparation: Omit<Edited<Preparation>, 'mostPopular'> & { mostPopular: MostPopular | string | null }
  split: Edited<SplitSettings>
}

export const protocolDraft = ({ preparation: filters, split }: Protocol): ProtocolDraft => ({
  preparation: { ...filters },
  split: { ...split },
})

/** The value of a field for the most popular items: what `mostPopularFrom` reads, otherwise the text, so that the schema refuses it. */
export const mostPopularIn = (text: string): MostPopular | string | null =>
  text.trim() === '' ? null : (mostPopularFrom(text) ?? text)
export const mostPopularOut = (value: MostPopular | string | null): string =>
  value === null || typeof value === 'string' ? textOf(value) : mostPopularInput(value)

/** The split in a form: the settings of the other methods are kept in the form. */
export const chosenSplit = requestedSplit.transform((split): SplitSettings => ({
  ...split,
  date: split.method === 'date' ? split.date : null,
  file: split.method === 'file' ? split.file : null,
}))

/** Refuses more held-out users than are possible: the filters decide how many users there are, and never leave more. */
export const leavesTrainingUsers =
  (users: number) =>
  ({ split }: { split: SplitSettings }, context: z.core.$RefinementCtx): void => {
    if (split.method !== 'users') return
    const sum = (split.test ?? defaultHeldOut(users)) + (split.validation ?? defaultHeldOut(users))
    const left = Math.max(0, users - sum)
    if (left >= fewestTrainingUsers) return
    context.addIssue({
      code: 'custom',
      path: ['split', 'test'],
      message: `Only ${formatCounted(users, 'user')}: ${formatCount(sum)} held out leave ${left} to train on; at least ${fewestTrainingUsers} are needed.`,
    })
  }

/** Preparation and split for a data set. */
export const protocolForm = ({ users }: Pick<Dataset, 'users'>) =>
  z.object({ preparation, split: chosenSplit }).superRefine(leavesTrainingUsers(users))

/**
 * Resets invalid settings that have no effect any more: their field is disabled or gone, so nobody could correct them.
 */
export function resetWithoutEffect(draft: ProtocolDraft, { hasRatings }: Dataset): void {
  const { preparation: filters, split } = draft
  const invalid = (schema: z.ZodType, value: unknown): boolean => !schema.safeParse(value).success
  if (split.method !== 'users' && invalid(splitSettings.shape.foldIn, split.foldIn)) split.foldIn = defaultSplit.foldIn
  for (const key of ['test', 'validation'] as const)
    if (split.method === 'file' && invalid(splitSettings.shape[key], split[key])) split[key] = defaultSplit[key]
  if (filters.sample === null && invalid(preparation.shape.sampleSeed, filters.sampleSeed))
    filters.sampleSeed = defaultPreparation.sampleSeed
  if (!hasRatings && invalid(preparation.shape.threshold, filters.threshold)) filters.threshold = null
}
