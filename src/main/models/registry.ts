import { ZodError } from 'zod'
import { badInput } from '../../shared/errors'
import type { ModelConfig, ModelDescriptor, ModelKind } from '../../shared/models'
import { configure, fieldsOf } from './config'
import type { ConfiguredModel, ModelDefinition } from './definition'

export { configure, fieldsOf } from './config'
export type { ConfiguredModel, ModelDefinition } from './definition'

const found = import.meta.glob<{ readonly definition: ModelDefinition }>('./*/definition.ts', { eager: true })

/** All models, one for each folder that has a definition, in the order in which they are listed. */
export const models: readonly ModelDefinition[] = Object.values(found)
  .map(({ definition }) => definition)
  .sort((a, b) => a.order - b.order)

/** Throws BAD_INPUT for an unknown kind. */
export function modelOf(kind: ModelKind): ModelDefinition {
  const model = models.find((candidate) => candidate.kind === kind)
  if (model) return model
  throw badInput(
    `There is no model “${kind}” in this version of VASP Studio.`,
    `Choose one of ${models.map((known) => known.kind).join(', ')}.`,
  )
}

/** A model with the settings that were stored with a run. Throws BAD_INPUT for settings that only another version can have stored. */
export function storedModel({ model, config }: StoredSettings): ConfiguredModel {
  try {
    return modelOf(model).configured(config)
  } catch (error) {
    if (!(error instanceof ZodError)) throw error
    const [issue] = error.issues
    throw badInput(
      `The settings of this ${modelOf(model).name} run cannot be read: ${[...(issue?.path ?? []), issue?.message ?? ''].join(' ')}.`,
      'Open the library with the version of VASP Studio that trained it, or train it again.',
    )
  }
}
interface StoredSettings {
  readonly model: ModelKind
  readonly config: ModelConfig
}

/** A member of a product as people call it: its kind's name, with the run of `kind (run 3)`. */
export const memberTitle = (member: string): string =>
  member.replace(/^[a-z0-9-]+/, (kind) => models.find((model) => model.kind === kind)?.name ?? kind)

/**
 * The members of a product in the order of a list's columns. Members that some model always has have columns in every list, empty if a
 * model does not have them, so that the lists of all models have these columns in common; other members follow.
 */
export function memberColumns(members: readonly string[]): string[] {
  const always = models.flatMap((model) => model.members)
  return [...new Set([...always, ...members])]
}

let described: readonly ModelDescriptor[] | null = null

/** The models as the contract describes them, with complete presets. Described once: fields are made from JSON schemas, which takes 20 ms. */
export const describeModels = (): readonly ModelDescriptor[] =>
  (described ??= models.map((model) => ({
    kind: model.kind,
    linear: configure(model, null, {}).linear,
    name: model.name,
    family: model.family,
    summary: model.summary,
    explanation: model.explanation,
    paper: model.paper,
    training: model.training,
    baseline: model.baseline,
    combinesRuns: model.combinesRuns,
    members: [...model.members],
    fields: fieldsOf(model.settings),
    presets: model.presets.map((preset) => ({ ...preset, config: model.configured(preset.config).config })),
    defaultPreset: model.defaultPreset,
  })))
