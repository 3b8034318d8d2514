import { z } from 'zod'
import { formatCount, formatCounted } from '../../../shared/format'
import { mostPopularForms, mostPopularFrom, mostPopularInput } from '../../../shared/most-popular'
import { defaultHeldOut, fewestTrainingUsers } from '../../../shared/protocol'
import type { Preparation, RecallDenominator, SplitFileRef, SplitMethod, SplitSettings } from '../../../shared/runs'
import { numberProblem, type NumberRule } from './number-rule'

/** Preparation, split and training seed as forms hold them: numbers may be half typed, so they are texts until a request is made. */
export interface ProtocolDraft {
  seed: string
  /** Empty: every interaction counts. */
  threshold: string
  minInteractions: string
  minPerItem: string
  /** First and last day that counts; empty: all. */
  from: string
  until: string
  /** A number or a share, as `mostPopularFrom` reads it; empty: all items. */
  mostPopular: string
  /** Share of the users; empty: all. */
  sample: string
  sampleSeed: string
  catalogue: Preparation['catalogue']
  method: SplitMethod
  /** First day of the test targets, of a split by date. */
  date: string
  /** The split file of an earlier run. */
  file: SplitFileRef | null
  foldIn: string
  recallDenominator: RecallDenominator
  splitSeed: string
  /** Empty: a tenth of the users, at most 10,000. */
  test: string
  validation: string
}

const text = (value: number | null): string => (value === null ? '' : String(value))

const optionalNumber = (value: string): number | null => (value.trim() === '' ? null : Number(value))

type PreparationDraft = Pick<
  ProtocolDraft,
  | 'threshold'
  | 'minInteractions'
  | 'minPerItem'
  | 'from'
  | 'until'
  | 'mostPopular'
  | 'sample'
  | 'sampleSeed'
  | 'catalogue'
>

/** How a preparation stands in the form. */
export const preparationDraft = (preparation: Preparation): PreparationDraft => ({
  threshold: text(preparation.threshold),
  minInteractions: text(preparation.minInteractions),
  minPerItem: text(preparation.minPerItem),
  from: preparation.from ?? '',
  until: preparation.until ?? '',
  mostPopular: preparation.mostPopular === null ? '' : mostPopularInput(preparation.mostPopular),
  sample: text(preparation.sample),
  sampleSeed: text(preparation.sampleSeed),
  catalogue: preparation.catalogue,
})

const optionalDay = (day: string): string | null => (day === '' ? null : day)

/** The preparation that a draft without a problem stands for. */
export const preparationOf = (draft: PreparationDraft): Preparation => ({
  threshold: optionalNumber(draft.threshold),
  minInteractions: Number(draft.minInteractions),
  minPerItem: Number(draft.minPerItem),
  from: optionalDay(draft.from),
  until: optionalDay(draft.until),
  mostPopular: draft.mostPopular.trim() === '' ? null : (mostPopularFrom(draft.mostPopular) ?? Number.NaN),
  sample: optionalNumber(draft.sample),
  sampleSeed: Number(draft.sampleSeed),
  catalogue: draft.catalogue,
})

/** The split that a draft without a problem stands for. */
export const splitOf = (draft: ProtocolDraft): SplitSettings => ({
  method: draft.method,
  date: draft.method === 'date' ? draft.date : null,
  file: draft.method === 'file' ? draft.file : null,
  foldIn: Number(draft.foldIn),
  recallDenominator: draft.recallDenominator,
  seed: Number(draft.splitSeed),
  test: optionalNumber(draft.test),
  validation: optionalNumber(draft.validation),
})

/** How the split stands in the form. */
const splitDraft = (split: SplitSettings): Omit<ProtocolDraft, keyof PreparationDraft | 'seed'> => ({
  method: split.method,
  date: split.date ?? '',
  file: split.file,
  foldIn: String(split.foldIn),
  recallDenominator: split.recallDenominator,
  splitSeed: text(split.seed),
  test: text(split.test),
  validation: text(split.validation),
})

/** How preparation, split and training seed stand in the form. */
export const protocolDraft = (preparation: Preparation, split: SplitSettings, seed: number): ProtocolDraft => ({
  seed: String(seed),
  ...preparationDraft(preparation),
  ...splitDraft(split),
})

type ProtocolKey =
  | 'seed'
  | 'threshold'
  | 'minInteractions'
  | 'minPerItem'
  | 'mostPopular'
  | 'sample'
  | 'sampleSeed'
  | 'foldIn'
  | 'splitSeed'
  | 'test'
  | 'validation'

const numberRules: Record<Exclude<ProtocolKey, 'mostPopular'>, NumberRule> = {
  seed: { integer: true, min: 0, max: null },
  threshold: { integer: false, min: null, max: null, optional: true },
  minInteractions: { integer: true, min: 1, max: null },
  minPerItem: { integer: true, min: 1, max: null },
  sample: { integer: false, min: 0.001, max: 0.999, optional: true },
  sampleSeed: { integer: true, min: 0, max: null },
  foldIn: { integer: false, min: 0.05, max: 0.95 },
  splitSeed: { integer: true, min: 0, max: null },
  test: { integer: true, min: 1, max: null, optional: true },
  validation: { integer: true, min: 1, max: null, optional: true },
}

const mostPopularProblem = (value: string): string | null =>
  value.trim() === '' || mostPopularFrom(value) ? null : `This takes ${mostPopularForms}.`

export const protocolProblem = (draft: ProtocolDraft, key: ProtocolKey): string | null =>
  key === 'mostPopular' ? mostPopularProblem(draft.mostPopular) : numberProblem(draft[key], numberRules[key])

/** Why the held-out users cannot fit the data set; `null` where they may: what the filters leave decides in the end, and is never more. */
export function splitProblem(draft: ProtocolDraft, users: number): string | null {
  if (draft.method === 'date' && !z.iso.date().safeParse(draft.date).success)
    return 'Choose the first day of the test targets.'
  if (draft.method !== 'users') return null
  const heldOut = (value: string): number => (value.trim() === '' ? defaultHeldOut(users) : Number(value))
  const sum = heldOut(draft.test) + heldOut(draft.validation)
  const left = Math.max(0, users - sum)
  return left < fewestTrainingUsers
    ? `Only ${formatCounted(users, 'user')}: ${formatCount(sum)} held out leave ${left} to train on; at least ${fewestTrainingUsers} are needed.`
    : null
}

/** Whether preparation and split can be sent as they are. */
export const protocolReady = (draft: ProtocolDraft, users: number): boolean =>
  [...(Object.keys(numberRules) as ProtocolKey[]), 'mostPopular' as const].every(
    (key) => protocolProblem(draft, key) === null,
  ) && splitProblem(draft, users) === null
