import { z } from 'zod'
import type { Dataset } from '../../../shared/datasets'
import {
  experimentRequest,
  searchSpace,
  seeds,
  subject,
  type ChosenSystem,
  type ExperimentKind,
  type ExperimentRequest,
  type PresetSet,
  type SearchSpace,
  type Subject,
} from '../../../shared/experiments'
import type { DatasetId } from '../../../shared/ids'
import { modelKind, type ModelDescriptor, type ModelKind } from '../../../shared/models'
import { preparation } from '../../../shared/runs'
import type { Edited } from '../../components/edited'
import { chosenSplit, type ProtocolDraft } from '../runs/protocol-draft'
import { newProtocol } from '../runs/run-draft'

/** A setting to search: `0.1, 0.25, 0.5` are values, `0.05..0.5` a range, `0.05..0.5 log` one on the logarithmic scale. */
export interface SearchedSetting {
  key: string
  values: string
}

/** An experiment while it is edited. */
export interface ExperimentDraft extends ProtocolDraft {
  kind: ExperimentKind
  presets: PresetSet
  datasets: DatasetId[]
  /** Models of a custom comparison. */
  models: ModelKind[]
  seeds: number[] | string
  splitSeeds: number[] | string
  reuse: boolean
  /** Model and settings of a search. */
  searched: ModelKind
  settings: SearchedSetting[]
  budget: Edited<number>
}

export const newExperiment = (dataset: Dataset | null, models: readonly ModelDescriptor[]): ExperimentDraft => ({
  kind: 'table-3',
  presets: 'small',
  datasets: dataset ? [dataset.id] : [],
  models: models.filter(({ baseline }, offered) => baseline || offered === 0).map(({ kind }) => kind),
  seeds: [1],
  splitSeeds: [1],
  reuse: true,
  searched: models[0]?.kind ?? '',
  settings: [{ key: '', values: '' }],
  budget: 12,
  ...newProtocol(dataset),
})

/** The whole numbers in a text such as `1, 2, 3`; any other text is kept, so that the schema refuses it. */
export function seedsIn(text: string): number[] | string {
  const numbers = text.split(',').map((entry) => (/^\s*\d{1,9}\s*$/.test(entry) ? Number(entry) : NaN))
  return numbers.some(Number.isNaN) ? text : numbers
}
export const seedsOut = (value: number[] | string): string => (typeof value === 'string' ? value : value.join(', '))

type Searched = SearchSpace['grid'][string] | SearchSpace['random'][string]

/** The values or the range of a setting; null if the text has neither. */
function searchedValues(text: string): Searched | null {
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

/** Settings of a search by their keys; empty lines are left out. The engine checks the settings and their values. */
const searchedSettings = z.array(z.object({ key: z.string(), values: z.string() })).transform((lines, context) => {
  const refuse = (path: (string | number)[], message: string): void => {
    context.addIssue({ code: 'custom', path, message })
  }
  const searched = new Map<string, Searched>()
  for (const [index, { key, values }] of lines.entries()) {
    if (key === '' && values.trim() === '') continue
    const found = searchedValues(values)
    if (key === '') refuse([index, 'key'], 'Choose the setting for these values.')
    if (!found) refuse([index, 'values'], 'Enter values, such as 0.1, 0.25, or a range, such as 0.05..0.5.')
    if (searched.has(key)) refuse([index, 'key'], 'This setting is searched above: put all its values there.')
    if (found) searched.set(key, found)
  }
  if (searched.size === 0 && context.issues.length === 0) refuse([0, 'key'], 'Choose a setting to search.')
  return searched
})

const common = z.object({
  datasets: experimentRequest.shape.datasets,
  seeds,
  splitSeeds: seeds,
  reuse: experimentRequest.shape.reuse,
  preparation,
  split: chosenSplit,
})
const [ofRecipe, ofModels] = subject.options

/** The request, with what each kind of experiment needs. The engine checks whether the held-out users fit each data set. */
export const experimentForm = z
  .discriminatedUnion('kind', [
    common.extend(ofRecipe.shape),
    common.extend({
      kind: ofModels.shape.kind,
      models: z
        .array(modelKind)
        .transform((models) =>
          models.map((model): ChosenSystem => ({ model, preset: null, overrides: {}, label: null })),
        )
        .pipe(ofModels.shape.systems),
    }),
    common.extend({
      kind: z.literal('search'),
      searched: modelKind,
      settings: searchedSettings,
      budget: searchSpace.shape.budget,
    }),
  ])
  .transform((valid): ExperimentRequest => {
    const { datasets, preparation: filters, split, splitSeeds, reuse } = valid
    return {
      name: null,
      subject: subjectOf(valid),
      datasets,
      preparations: [filters],
      splits: splitSeeds.map((seed) => ({ ...split, seed })),
      seeds: valid.seeds,
      reuse,
    }
  })

interface Search {
  readonly kind: 'search'
  readonly searched: ModelKind
  readonly settings: ReadonlyMap<string, Searched>
  readonly budget: number
  readonly seeds: readonly number[]
}
type Models = { readonly kind: 'custom'; readonly models: (Subject & { kind: 'custom' })['systems'] }
type Recipe = Exclude<Subject, { kind: 'custom' | 'search' }>

function subjectOf(valid: Search | Models | Recipe): Subject {
  switch (valid.kind) {
    case 'custom':
      return { kind: 'custom', systems: valid.models }
    case 'search': {
      const space: SearchSpace = {
        model: valid.searched,
        preset: null,
        overrides: {},
        grid: {},
        random: {},
        budget: valid.budget,
        seed: valid.seeds[0]!,
      }
      for (const [key, searched] of valid.settings)
        if (Array.isArray(searched)) space.grid[key] = searched
        else space.random[key] = searched
      return { kind: 'search', space }
    }
    default:
      return { kind: valid.kind, presets: valid.presets }
  }
}
