import type { z } from 'zod'
import type { Dataset } from '../../../shared/datasets'
import type { DatasetId } from '../../../shared/ids'
import {
  configOverrides,
  type ConfigValue,
  type ModelConfig,
  type ModelDescriptor,
  type ModelKind,
} from '../../../shared/models'
import {
  combinationSettings,
  defaultPreparation,
  defaultSplit,
  trainRequest,
  type CombinationSettings,
  type RunDetail,
  type TrainRequest,
} from '../../../shared/runs'
import type { Edited } from '../../components/edited'
import { chosenSplit, leavesTrainingUsers, protocolDraft, type ProtocolDraft } from './protocol-draft'

/** A run while it is edited: model and settings beside the protocol. */
export interface RunDraft extends ProtocolDraft {
  dataset: DatasetId | null
  model: ModelKind
  preset: string
  /** Values that differ from the preset. */
  overrides: Record<string, ConfigValue | null>
  /** Ids of trained runs to be multiplied; empty: the model is trained. */
  members: number[]
  /** The weights of trained runs that are multiplied. */
  weights: CombinationSettings['weights']
  seed: Edited<number>
  name: string
}

/** The text below the threshold: why it is suggested, or what the typed one means. */
export function likedHelp(threshold: Edited<number>, { liked }: Dataset): string {
  if (threshold === liked.threshold) return liked.evidence
  return threshold === null
    ? 'Every interaction counts as liked.'
    : `Interactions with a value of ${threshold} or more count as liked.`
}

/** Applies what another data set suggests, unless a person has chosen a threshold. */
export function followSuggestion({ preparation }: ProtocolDraft, now: Dataset, before: Dataset): void {
  if (preparation.threshold === before.liked.threshold) preparation.threshold = now.liked.threshold
}

/** The initial protocol for a data set: its values suggest what counts as liked. */
export const newProtocol = (dataset: Dataset | null): ProtocolDraft =>
  protocolDraft({
    preparation: dataset ? { ...defaultPreparation, threshold: dataset.liked.threshold } : defaultPreparation,
    split: defaultSplit,
  })

/** The initial form for a data set. */
export const newDraft = (dataset: Dataset | null, models: readonly ModelDescriptor[]): RunDraft => {
  const [model] = models
  return {
    dataset: dataset?.id ?? null,
    model: model?.kind ?? '',
    preset: model?.defaultPreset ?? '',
    overrides: {},
    members: [],
    weights: 'validation',
    seed: 1,
    name: '',
    ...newProtocol(dataset),
  }
}

const presetConfig = (model: ModelDescriptor, preset: string): ModelConfig =>
  (model.presets.find(({ name }) => name === preset) ?? model.presets[0])?.config ?? {}

/** The settings of an earlier run, ready to be changed. */
export function draftFromRun(run: RunDetail, model: ModelDescriptor): RunDraft {
  const preset = run.preset ?? model.defaultPreset
  const base = presetConfig(model, preset)
  const changed = Object.entries(run.config).filter(
    ([key, value]) => value !== base[key] && model.fields.some((field) => field.key === key),
  )
  return {
    dataset: run.dataset,
    model: run.model,
    preset,
    overrides: Object.fromEntries(changed),
    members: run.members?.map((member) => Number(member.run)) ?? [],
    weights: run.members === null ? 'validation' : combinationSettings.parse(run.config).weights,
    seed: run.seed,
    name: '',
    ...protocolDraft(run),
  }
}

/** The value that a field shows: the typed one, otherwise the preset's. */
export function shownValue(draft: RunDraft, model: ModelDescriptor, key: string): ConfigValue | null {
  const typed = draft.overrides[key]
  return typed === undefined ? (presetConfig(model, draft.preset)[key] ?? null) : typed
}

/** Stores a typed value, or removes it if it is the preset's own. */
export function setValue(draft: RunDraft, model: ModelDescriptor, key: string, value: ConfigValue | null): void {
  const same = (typeof value === 'string' ? value.trim() : value) === presetConfig(model, draft.preset)[key]
  const { [key]: _, ...others } = draft.overrides
  draft.overrides = same ? others : { ...others, [key]: value }
}

/** Goes back to the preset's values. */
export function forgetOverrides(draft: RunDraft): void {
  draft.overrides = {}
}

/** The request to train a model on a data set. */
export const trainingForm = (model: ModelDescriptor, { users }: Dataset) =>
  trainRequest
    .omit({ members: true })
    .extend({ split: chosenSplit, overrides: configOverrides(model.fields) })
    .superRefine(leavesTrainingUsers(users))

/** The request to combine trained runs: everything else follows from the runs. */
export const combinationForm = trainRequest.pick({ model: true, name: true }).extend({
  members: trainRequest.shape.members.unwrap().unwrap(),
  weights: combinationSettings.shape.weights,
})

/** The request to combine trained runs, with the preparation and split of the first one. */
export const combinationOf = (
  { model, name, members, weights }: z.output<typeof combinationForm>,
  first: RunDetail,
): TrainRequest => ({
  dataset: first.dataset,
  model,
  preset: null,
  overrides: { weights },
  // No random numbers are drawn.
  seed: 1,
  preparation: first.preparation,
  split: first.split,
  name,
  members,
})
