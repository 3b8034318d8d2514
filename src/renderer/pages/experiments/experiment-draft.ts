import type { Dataset } from '../../../shared/datasets'
import type { ExperimentKind, ExperimentRequest, PresetSet, SearchSpace, Subject } from '../../../shared/experiments'
import type { DatasetId } from '../../../shared/ids'
import type { ModelDescriptor, ModelKind } from '../../../shared/models'
import { preparationOf, protocolReady, splitOf } from '../runs/protocol-draft'
import { newDraft, type RunDraft } from '../runs/run-draft'

/** A setting to search: `0.1, 0.25, 0.5` are values, `0.05..0.5` a range, `0.05..0.5 log` one on the logarithmic scale. */
export interface SearchedSetting {
  key: string
  text: string
}

/** An experiment as its form holds it; numbers are texts until the request is made. */
export interface ExperimentDraft {
  kind: ExperimentKind
  presets: PresetSet
  datasets: DatasetId[]
  /** Models of a comparison of one's own. */
  models: ModelKind[]
  seeds: string
  splitSeeds: string
  reuse: boolean
  /** Model and settings of a search. */
  searched: ModelKind
  settings: SearchedSetting[]
  budget: string
  /** Threshold, minimum and sizes of the held-out parts, as for a single run. */
  protocol: RunDraft
}

export const newExperiment = (dataset: Dataset | null, models: readonly ModelDescriptor[]): ExperimentDraft => ({
  kind: 'table-3',
  presets: 'small',
  datasets: dataset ? [dataset.id] : [],
  models: models.filter(({ baseline }, offered) => baseline || offered === 0).map(({ kind }) => kind),
  seeds: '1',
  splitSeeds: '1',
  reuse: true,
  searched: models[0]?.kind ?? '',
  settings: [{ key: '', text: '' }],
  budget: '12',
  protocol: newDraft(dataset, models),
})

const wholeNumbers = (text: string): number[] | null => {
  const numbers = text.split(',').map((part) => (/^\s*\d{1,9}\s*$/.test(part) ? Number(part) : NaN))
  return numbers.some(Number.isNaN) ? null : numbers
}

export const seedsProblem = (text: string): string | null =>
  wholeNumbers(text) === null ? 'Whole numbers, separated by commas.' : null

/** The values or the range that a setting is searched over; null where the text says neither. */
export function searchedValues({
  text,
}: SearchedSetting): SearchSpace['grid'][string] | SearchSpace['random'][string] | null {
  const range = /^\s*(\S+?)\s*\.\.\s*(\S+?)(\s+log)?\s*$/.exec(text)
  if (range) {
    const [low, high] = [Number(range[1]), Number(range[2])]
    return Number.isFinite(low) && Number.isFinite(high) ? { low, high, log: range[3] !== undefined } : null
  }
  const values = text
    .split(text.includes('|') ? '|' : ',')
    .map((value) => value.trim())
    .filter((value) => value !== '')
  return values.length === 0 ? null : values
}

/** Why the experiment cannot be started yet; null where it can. The engine judges settings and values. */
export function experimentProblem(draft: ExperimentDraft): string | null {
  if (draft.datasets.length === 0) return 'Choose a data set.'
  if (seedsProblem(draft.seeds) || seedsProblem(draft.splitSeeds))
    return 'Seeds are whole numbers, separated by commas.'
  // Whether held-out users fit each data set is the engine's to say.
  if (!protocolReady(draft.protocol, Infinity)) return 'Correct the protocol or the preparation.'
  if (draft.kind === 'custom' && draft.models.length === 0) return 'Choose at least one model.'
  if (draft.kind !== 'search') return null
  const named = draft.settings.filter(({ key }) => key !== '')
  if (named.length === 0) return 'Name a setting to search.'
  const unclear = named.find((setting) => searchedValues(setting) === null)
  if (unclear) return `Give values or a range for ${unclear.key}.`
  return /^[1-9]\d{0,3}$/.test(draft.budget.trim()) ? null : 'The budget is a number of runs.'
}

function subjectOf(draft: ExperimentDraft, seed: number): Subject {
  switch (draft.kind) {
    case 'custom':
      return {
        kind: 'custom',
        systems: draft.models.map((model) => ({ model, preset: null, overrides: {}, label: null })),
      }
    case 'search': {
      const space: SearchSpace = {
        model: draft.searched,
        preset: null,
        overrides: {},
        grid: {},
        random: {},
        budget: Number(draft.budget),
        seed,
      }
      for (const setting of draft.settings) {
        const searched = setting.key === '' ? null : searchedValues(setting)
        if (Array.isArray(searched)) space.grid[setting.key] = searched
        else if (searched) space.random[setting.key] = searched
      }
      return { kind: 'search', space }
    }
    default:
      return { kind: draft.kind, presets: draft.presets }
  }
}

/** The request that a draft without a problem stands for. */
export function experimentRequestOf(draft: ExperimentDraft): ExperimentRequest {
  const seeds = wholeNumbers(draft.seeds) ?? []
  const split = splitOf(draft.protocol)
  return {
    name: null,
    subject: subjectOf(draft, seeds[0] ?? 1),
    datasets: draft.datasets,
    preparations: [preparationOf(draft.protocol)],
    splits: (wholeNumbers(draft.splitSeeds) ?? []).map((seed) => ({ ...split, seed })),
    seeds,
    reuse: draft.reuse,
  }
}
