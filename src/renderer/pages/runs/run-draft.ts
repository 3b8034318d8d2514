import { z } from 'zod'
import type { Dataset } from '../../../shared/datasets'
import type { ConfigField, ConfigValue, ModelConfig, ModelDescriptor, ModelKind } from '../../../shared/models'
import { runId } from '../../../shared/ids'
import {
  defaultPreparation,
  defaultSplit,
  type Preparation,
  type RecallDenominator,
  type RunDetail,
  type SplitFileRef,
  type SplitMethod,
  type SplitSettings,
  type TrainRequest,
} from '../../../shared/runs'

/** A run as the form holds it: numbers may be half typed, so they are texts until the request is made. */
export interface RunDraft {
  model: ModelKind
  preset: string
  /** Values that differ from the preset, as typed. */
  overrides: Record<string, string | boolean>
  /** Ids of trained runs to be multiplied; empty: the model is trained. */
  members: number[]
  name: string
  seed: string
  /** Empty: every interaction counts. */
  threshold: string
  minInteractions: string
  minPerItem: string
  /** First and last day that counts; empty: all. */
  from: string
  until: string
  /** Empty: all items. */
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

type PreparationDraft = Pick<
  RunDraft,
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
  mostPopular: text(preparation.mostPopular),
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
  mostPopular: optionalNumber(draft.mostPopular),
  sample: optionalNumber(draft.sample),
  sampleSeed: Number(draft.sampleSeed),
  catalogue: draft.catalogue,
})

/** The split that a draft without a problem stands for. */
export const splitOf = (draft: RunDraft): SplitSettings => ({
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
const splitDraft = ({
  method,
  date,
  file,
  foldIn,
  recallDenominator,
}: SplitSettings): Pick<RunDraft, 'method' | 'date' | 'file' | 'foldIn' | 'recallDenominator'> => ({
  method,
  date: date ?? '',
  file,
  foldIn: String(foldIn),
  recallDenominator,
})

/** What the form starts with for a data set: the paper's threshold where it has ratings, none where it has not. */
export const newDraft = (dataset: Dataset | null, models: readonly ModelDescriptor[]): RunDraft => {
  const model = models.find(({ kind }) => kind === 'vasp') ?? models[0]
  return {
    model: model?.kind ?? 'vasp',
    preset: model?.defaultPreset ?? '',
    overrides: {},
    members: [],
    name: '',
    seed: '1',
    ...preparationDraft(defaultPreparation),
    ...(dataset?.hasRatings === false ? { threshold: '' } : {}),
    ...splitDraft(defaultSplit),
    splitSeed: text(defaultSplit.seed),
    test: text(defaultSplit.test),
    validation: text(defaultSplit.validation),
  }
}

const presetConfig = (model: ModelDescriptor, preset: string): ModelConfig =>
  (model.presets.find(({ name }) => name === preset) ?? model.presets[0])?.config ?? {}

/** The same settings as an earlier run, ready to be changed. */
export function draftFromRun(run: RunDetail, model: ModelDescriptor): RunDraft {
  const preset = run.preset ?? model.defaultPreset
  const base = presetConfig(model, preset)
  const overrides: RunDraft['overrides'] = {}
  for (const [key, value] of Object.entries(run.config)) {
    if (value !== base[key] && model.fields.some((field) => field.key === key)) {
      overrides[key] = typeof value === 'boolean' ? value : String(value)
    }
  }
  return {
    model: run.model,
    preset,
    overrides,
    members: run.members?.map((member) => Number(member.run)) ?? [],
    name: '',
    seed: String(run.seed),
    ...preparationDraft(run.preparation),
    ...splitDraft(run.split),
    splitSeed: text(run.split.seed),
    test: text(run.split.test),
    validation: text(run.split.validation),
  }
}

/** What a field shows: what was typed, else the preset's value. */
export function shownValue(draft: RunDraft, model: ModelDescriptor, key: string): string | boolean {
  const typed = draft.overrides[key]
  if (typed !== undefined) return typed
  const value = presetConfig(model, draft.preset)[key]
  return typeof value === 'boolean' ? value : String(value ?? '')
}

/** Keeps a typed value, or forgets it where it is the preset's own. */
export function setValue(draft: RunDraft, model: ModelDescriptor, key: string, value: string | boolean): void {
  const preset = presetConfig(model, draft.preset)[key]
  const same = typeof value === 'boolean' ? value === preset : value.trim() === String(preset ?? '')
  const { [key]: _, ...others } = draft.overrides
  draft.overrides = same ? others : { ...others, [key]: value }
}

/** Why a field's value cannot be used; `null` where it can. */
export function fieldProblem(field: ConfigField, value: string | boolean): string | null {
  if (typeof value === 'boolean') return null
  switch (field.type) {
    case 'number':
      return numberProblem(value, field)
    case 'choice':
      return field.options.includes(value) ? null : `Choose one of ${field.options.join(', ')}.`
    case 'text':
      return field.pattern !== null && !new RegExp(field.pattern).test(value)
        ? 'This is not in the expected form.'
        : null
    case 'several':
      return value.trim() === '' ? 'Choose at least one.' : null
    case 'boolean':
      return null
  }
}

interface NumberRule {
  readonly integer: boolean
  readonly min: number | null
  readonly max: number | null
  readonly optional?: boolean
}

function numberProblem(value: string, { integer, min, max, optional = false }: NumberRule): string | null {
  if (value.trim() === '') return optional ? null : 'A number is needed here.'
  const number = Number(value)
  if (!Number.isFinite(number)) return 'This is not a number.'
  if (integer && !Number.isInteger(number)) return 'A whole number is needed here.'
  if (min !== null && number < min) return `At least ${min}.`
  if (max !== null && number > max) return `At most ${max}.`
  return null
}

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

const protocolRules: Record<ProtocolKey, NumberRule> = {
  seed: { integer: true, min: 0, max: null },
  threshold: { integer: false, min: null, max: null, optional: true },
  minInteractions: { integer: true, min: 1, max: null },
  minPerItem: { integer: true, min: 1, max: null },
  mostPopular: { integer: true, min: 1, max: null, optional: true },
  sample: { integer: false, min: 0.001, max: 0.999, optional: true },
  sampleSeed: { integer: true, min: 0, max: null },
  foldIn: { integer: false, min: 0.05, max: 0.95 },
  splitSeed: { integer: true, min: 0, max: null },
  test: { integer: true, min: 1, max: null, optional: true },
  validation: { integer: true, min: 1, max: null, optional: true },
}

export const protocolProblem = (draft: RunDraft, key: ProtocolKey): string | null =>
  numberProblem(draft[key], protocolRules[key])

/** How many users the default holds out for test and again for validation. */
export const defaultHeldOut = (users: number): number => Math.min(10_000, Math.max(1, Math.floor(users / 10)))

/** Why the held-out users do not fit the data set; `null` where they do. */
export function splitProblem(draft: RunDraft, users: number): string | null {
  if (draft.method === 'date' && !z.iso.date().safeParse(draft.date).success)
    return 'Choose the first day of the test targets.'
  if (draft.method !== 'users') return null
  const heldOut = (value: string): number => (value.trim() === '' ? defaultHeldOut(users) : Number(value))
  const sum = heldOut(draft.test) + heldOut(draft.validation)
  return sum >= users ? `Only ${users} users: ${sum} held out leave none to train on.` : null
}

/** Whether preparation and split can be sent as they are. */
export const protocolReady = (draft: RunDraft, users: number): boolean =>
  (Object.keys(protocolRules) as ProtocolKey[]).every((key) => protocolProblem(draft, key) === null) &&
  splitProblem(draft, users) === null

/** Whether everything in the form can be sent. */
export const isReady = (draft: RunDraft, model: ModelDescriptor, users: number): boolean =>
  draft.members.length > 0 ? draft.members.length > 1 : isTrainable(draft, model, users)

const isTrainable = (draft: RunDraft, model: ModelDescriptor, users: number): boolean =>
  model.fields.every((field) => fieldProblem(field, shownValue(draft, model, field.key)) === null) &&
  protocolReady(draft, users)

const optionalNumber = (value: string): number | null => (value.trim() === '' ? null : Number(value))

function configValue(field: ConfigField | undefined, value: string | boolean): ConfigValue {
  return field?.type === 'number' && typeof value === 'string' ? Number(value) : value
}

/** The request that a ready draft stands for. */
export function trainRequestOf(draft: RunDraft, model: ModelDescriptor, dataset: Dataset): TrainRequest {
  return {
    dataset: dataset.id,
    model: draft.model,
    preset: draft.preset,
    overrides: Object.fromEntries(
      Object.entries(draft.overrides).map(([key, value]) => [
        key,
        configValue(
          model.fields.find((field) => field.key === key),
          value,
        ),
      ]),
    ),
    seed: Number(draft.seed),
    preparation: preparationOf(draft),
    split: splitOf(draft),
    name: draft.name.trim() || null,
    members: null,
  }
}

/** Goes back to the preset's values. */
export function forgetOverrides(draft: RunDraft): void {
  draft.overrides = {}
}

/** The request that combines the draft's trained runs, by the preparation and split of the first of them. */
export const combinationOf = (draft: RunDraft, first: RunDetail): TrainRequest => ({
  dataset: first.dataset,
  model: 'hadamard',
  preset: null,
  overrides: {},
  seed: Number(draft.seed) || 0,
  preparation: first.preparation,
  split: first.split,
  name: draft.name.trim() || null,
  members: draft.members.map((id) => runId.parse(id)),
})
