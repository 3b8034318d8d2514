import { badInput } from '../../shared/errors'
import type { ExperimentRequest, Recipe, Subject, System } from '../../shared/experiments'
import { formatCount, formatCounted } from '../../shared/format'
import type { DatasetId } from '../../shared/ids'
import type { ValueKind } from '../../shared/liked-threshold'
import { protocolDifferences, samePreparation } from '../../shared/protocol'
import { defaultPreparation, type Preparation, type SplitSettings } from '../../shared/runs'
import { configure, modelOf } from '../models/registry'
import { builtInRecipes } from './recipes'
import { candidates } from './search-space'

/** More runs than this are surely a mistake. */
const mostRuns = 20_000

/** Data, preparation and split: results on the same users, shown in one table. */
export interface Setting {
  readonly dataset: DatasetId
  readonly preparation: Preparation
  readonly split: SplitSettings
}

/** A planned run of an experiment. */
export interface Planned extends Setting {
  /** Position in the expansion; members come before their ensemble. */
  readonly position: number
  readonly system: System
  readonly seed: number
  /** Positions of an ensemble's members. */
  readonly members: readonly number[]
}

function systemsOf(subject: Subject): System[] {
  switch (subject.kind) {
    case 'search':
      return candidates(subject.space)
    case 'custom':
      return subject.systems.map((chosen, index) => {
        const definition = modelOf(chosen.model)
        configure(definition, chosen.preset, chosen.overrides)
        const key = `system-${index + 1}`
        const label = chosen.label ?? [definition.name, ...(chosen.preset === null ? [] : [chosen.preset])].join(' ')
        return { ...chosen, key, row: key, label, note: null, members: null }
      })
    default: {
      const recipe = builtInRecipes.find(({ kind }) => kind === subject.kind)
      if (!recipe) throw new RangeError(`no recipe is registered as ${subject.kind}`)
      return recipe.systems(subject.presets)
    }
  }
}

const distinct = <T>(values: readonly T[], same: (a: T, b: T) => boolean = Object.is): T[] =>
  values.filter((value, at) => values.findIndex((other) => same(other, value)) === at)

const sameSplit = (a: SplitSettings, b: SplitSettings): boolean =>
  protocolDifferences({ preparation: defaultPreparation, split: a }, { preparation: defaultPreparation, split: b })
    .length === 0

/**
 * The recipe of a request with all systems written out, so that it means the same in every later version. Throws BAD_INPUT for invalid settings and
 * for too many runs.
 *
 * @param valuesOf what the values of a data set's interactions are: preparations that have the same effect on all data sets are one
 */
export function recipeOf(request: ExperimentRequest, valuesOf: (dataset: DatasetId) => ValueKind): Recipe {
  const datasets = distinct(request.datasets)
  const values = distinct(datasets.map(valuesOf))
  const recipe: Recipe = {
    kind: request.subject.kind,
    datasets,
    preparations: distinct(request.preparations, (a, b) => values.every((kind) => samePreparation(a, b, kind))),
    splits: distinct(request.splits, sameSplit),
    systems: systemsOf(request.subject),
    seeds: distinct(request.seeds),
    reuse: request.reuse,
  }
  const runs = expand(recipe).length
  if (runs > mostRuns)
    throw badInput(
      `This experiment would train ${formatCounted(runs, 'run')}, but at most ${formatCount(mostRuns)} are possible.`,
      'Choose fewer data sets, splits, models or seeds.',
    )
  return recipe
}

export const settingsOf = ({ datasets, preparations, splits }: Recipe): Setting[] =>
  datasets.flatMap((dataset) =>
    preparations.flatMap((preparation) => splits.map((split) => ({ dataset, preparation, split }))),
  )

/**
 * The training seeds of a system: all of them, or only the first for closed-form models, which are deterministic, and for ensembles of such models.
 */
export function seedsOf({ systems, seeds }: Recipe, { model, members }: System): readonly number[] {
  const memberSystems = members === null ? [] : systems.filter(({ key }) => members.includes(key))
  const exact = (memberSystems.length > 0 ? memberSystems.map((memberSystem) => memberSystem.model) : [model]).every(
    (kind) => modelOf(kind).training === 'closed-form',
  )
  return exact ? seeds.slice(0, 1) : seeds
}

/** Every run of a recipe: settings, then systems, then seeds; members come before their ensembles. */
export function expand(recipe: Recipe): Planned[] {
  const planned: Planned[] = []
  const ordered = membersFirst(recipe.systems)
  for (const setting of settingsOf(recipe)) {
    const first = planned.length
    for (const system of ordered) {
      for (const seed of seedsOf(recipe, system)) {
        const members = (system.members ?? []).map((key) => {
          const ofMember = planned.slice(first).filter((other) => other.system.key === key)
          const member = ofMember.find((other) => other.seed === seed) ?? ofMember[0]
          if (!member)
            throw badInput(`The ensemble ${system.label} has no member “${key}”.`, 'Choose its members again.')
          return member.position
        })
        planned.push({ ...setting, position: planned.length, system, seed, members })
      }
    }
  }
  return planned
}

/** Systems in their order, except that members come before their ensemble. */
function membersFirst(systems: readonly System[]): System[] {
  const ordered = new Set<System>()
  const add = (system: System, above: ReadonlySet<string>): void => {
    if (above.has(system.key))
      throw badInput(`The ensemble ${system.label} contains itself.`, 'Choose its members again.')
    for (const key of system.members ?? []) {
      const member = systems.find((other) => other.key === key)
      if (member) add(member, new Set([...above, system.key]))
    }
    ordered.add(system)
  }
  for (const system of systems) add(system, new Set())
  return [...ordered]
}
