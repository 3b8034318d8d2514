import type { Dataset } from '../../../shared/datasets'
import type { ConfigField, ConfigValue, ModelConfig, ModelDescriptor, ModelKind } from '../../../shared/models'
import { runId } from '../../../shared/ids'
import {
  combinationSettings,
  defaultPreparation,
  defaultSplit,
  type CombinationSettings,
  type RunDetail,
  type TrainRequest,
} from '../../../shared/runs'
import { numberProblem } from './number-rule'
import { preparationOf, protocolDraft, protocolReady, splitOf, type ProtocolDraft } from './protocol-draft'

/** A run as the form holds it: model and settings beside the protocol. */
export interface RunDraft extends ProtocolDraft {
  model: ModelKind
  preset: string
  /** Values that differ from the preset, as typed. */
  overrides: Record<string, string | boolean>
  /** Ids of trained runs to be multiplied; empty: the model is trained. */
  members: number[]
  /** Of trained runs that are multiplied. */
  weights: CombinationSettings['weights']
  name: string
}

/** The suggested threshold as the form holds it. */
const suggested = ({ liked }: Dataset): string => (liked.threshold === null ? '' : String(liked.threshold))

/** What stands beneath the threshold: why it is suggested, or what the one that was typed means. */
export function likedHelp(threshold: string, dataset: Dataset): string {
  if (threshold.trim() === suggested(dataset)) return dataset.liked.evidence
  return threshold.trim() === ''
    ? 'Every interaction counts as liked.'
    : `Interactions with a value of ${threshold.trim()} or more count as liked.`
}

/** Takes on what another data set suggests, unless somebody has chosen a threshold. */
export function followSuggestion(draft: ProtocolDraft, now: Dataset, before: Dataset): void {
  if (draft.threshold === suggested(before)) draft.threshold = suggested(now)
}

/** What the form starts with for a data set: what counts as liked is what its values suggest. */
export const newDraft = (dataset: Dataset | null, models: readonly ModelDescriptor[]): RunDraft => {
  const [model] = models
  return {
    model: model?.kind ?? '',
    preset: model?.defaultPreset ?? '',
    overrides: {},
    members: [],
    weights: 'validation',
    name: '',
    ...protocolDraft(defaultPreparation, defaultSplit, 1),
    ...(dataset ? { threshold: suggested(dataset) } : {}),
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
    weights: run.members === null ? 'validation' : combinationSettings.parse(run.config).weights,
    name: '',
    ...protocolDraft(run.preparation, run.split, run.seed),
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

/** Whether everything in the form can be sent. */
export const isReady = (draft: RunDraft, model: ModelDescriptor, users: number): boolean =>
  draft.members.length > 0 ? draft.members.length > 1 : isTrainable(draft, model, users)

const isTrainable = (draft: RunDraft, model: ModelDescriptor, users: number): boolean =>
  model.fields.every((field) => fieldProblem(field, shownValue(draft, model, field.key)) === null) &&
  protocolReady(draft, users)

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
  model: draft.model,
  preset: null,
  overrides: { weights: draft.weights },
  seed: Number(draft.seed) || 0,
  preparation: first.preparation,
  split: first.split,
  name: draft.name.trim() || null,
  members: draft.members.map((id) => runId.parse(id)),
})
