import { z } from 'zod'
import { configValue, type ModelConfig, type ModelKind, type ModelPreset } from '../../shared/models'
import type { Proposal } from '../../shared/advice'
import type { Random } from '../numeric/random'
import type { MemberFactory, ModelFactory } from './factory'
import type { Model } from './model'
import type { LoopSettings } from './settings/keys'
import type { ParameterShape } from './shapes'

/** A model's name, source and description for people. */
interface Sentences {
  /** The name of its folder: what a run stores, and what the command line calls it. */
  readonly kind: ModelKind
  /** Spelled as in its paper. */
  readonly name: string
  readonly paper: string
  /** Models of one family are listed together, under this name. */
  readonly family: string
  /** One sentence that helps people choose a model. */
  readonly summary: string
  /** One sentence shown below a score of this model: how the score is computed. */
  readonly explanation: string
  /** Models are listed in this order; the form starts with the first. */
  readonly order: number
  /** Flat; includes the keys that have no default in the settings. */
  readonly presets: readonly ModelPreset[]
  readonly defaultPreset: string
}

/** The types of the settings after parsing. */
export type Parsed<Keys extends z.ZodRawShape> = z.output<z.ZodObject<Keys>>

/** How one optimiser differs from the stage's. */
export interface OptimiserOptions {
  /** Multiplies the stage's learning rate. */
  readonly rate: number
  /** Replaces the optimiser's own ε. */
  readonly epsilon: number
}

/** A model as a member of a product that is trained together. The product's settings hold the member's keys; a key of several members is one setting for all. */
interface MemberRole<Keys extends z.ZodRawShape, Settings> {
  readonly settings: Keys
  /** Whether its logit is exactly the sum of one weight for each item of the history. */
  readonly linear?: true
  shapes(settings: Settings, items: number): readonly ParameterShape[]
  optimiser?(settings: Settings): OptimiserOptions
}

/** What is known of a data set before a first run. */
export interface DataFacts {
  readonly users: number
  readonly items: number
  readonly interactions: number
}

/** A preset as a first run on a data set. */
export type ProposedPreset = Omit<Proposal, 'model'>

export interface SolutionSize {
  readonly items: number
  /** Number of training users. */
  readonly users: number
}

/** What a model's folder defines. `Keys` are those of its settings within a product. */
interface Description<Schema extends z.ZodObject, Keys extends z.ZodRawShape> extends Sentences {
  /** Types, ranges, help and defaults: the only ones. */
  readonly settings: Schema
  /** How it is trained by gradient descent; if missing, the model is solved in closed form. */
  loop?(settings: z.output<Schema>): LoopSettings
  /** A baseline that every result is compared with. */
  readonly baseline?: true
  /** Adds a row to table III below those of the paper, marked as not in the paper (`vasp reproduce`). */
  readonly reproduce?: 'not in the paper'
  /** A run of it can also combine trained runs. */
  readonly combinesRuns?: true
  /** As what it is proposed for a data set, the best first; of several models for one role, the first in the list of models that fits into memory is. */
  propose?(facts: DataFacts): readonly ProposedPreset[]
  /** What the product's main model is likely to gain or lose on a data set, from figures that were measured. */
  outlook?(facts: DataFacts): string
  /** The members of a product whose members cannot be changed. */
  readonly members?: readonly ModelKind[]
  /** Whether the score, or the logit of one member, is exactly a sum of one weight per item of the history. If missing, it is not. */
  linear?(settings: z.output<Schema>): boolean
  readonly member?: MemberRole<Keys, Parsed<Keys>>
  /** Whether a run with these settings gives probabilities and can be multiplied with others. */
  probability(settings: z.output<Schema>): boolean
  shapes(settings: z.output<Schema>, items: number): readonly ParameterShape[]
  /** Number of floats that solving needs besides the weights; if missing, none. */
  solution?(size: SolutionSize, settings: z.output<Schema>): number
  /** Number of floats of the largest array while solving, if it can be larger than every weight. */
  largest?(size: SolutionSize, settings: z.output<Schema>): number
  /** Loads the equations and TensorFlow: only workers call this. */
  load(): Promise<{
    readonly create: ModelFactory<z.output<Schema>>
    readonly member?: MemberFactory<Parsed<Keys>>
  }>
}

/** Everything about a model that does not need TensorFlow. Form, command line, memory estimate, explorer and run page are built from it. */
export interface ModelDefinition extends Sentences {
  /** `gradient`: epochs and curves; `closed-form`: one or a few exact solutions. */
  readonly training: 'gradient' | 'closed-form'
  readonly settings: z.ZodObject
  readonly baseline: boolean
  /** The mark of its row in table III below the paper's rows; null if it has none or is one of the paper's models. */
  readonly reproduce: 'not in the paper' | null
  readonly combinesRuns: boolean
  propose?(facts: DataFacts): readonly ProposedPreset[]
  outlook?(facts: DataFacts): string
  readonly members: readonly ModelKind[]
  /** Null if it cannot be trained as a member of a product. The methods take the settings of the product, which contain this model's keys. */
  readonly member: (MemberRole<z.ZodRawShape, object> & { load(): Promise<MemberFactory> }) | null
  /** The model with its settings, which are parsed only here. Throws zod's error if the config, completed by the defaults, is not valid. */
  configured(config: ModelConfig): ConfiguredModel
}

/** A model with its settings, as everything behind the contract uses it. */
export interface ConfiguredModel {
  readonly definition: ModelDefinition
  /** As a run stores it: flat, with every key of the settings. */
  readonly config: ModelConfig
  /** How it is trained by gradient descent; null if it is solved in closed form. */
  readonly loop: LoopSettings | null
  /** Whether it gives probabilities and can be multiplied with others. */
  readonly probability: boolean
  /** Whether a score splits into one contribution for each item of the history. */
  readonly linear: boolean
  shapes(items: number): readonly ParameterShape[]
  /** Number of floats that solving needs besides the weights. */
  solution(size: SolutionSize): number
  /** Number of floats of the largest array while solving; 0 if no array is larger than the weights. */
  largest(size: SolutionSize): number
  /** Builds the untrained model on the current backend; all random draws come from `random`. Loading a checkpoint fills its parameters. */
  create(items: number, random: Random): Promise<Model>
}

const properties = z.record(z.string(), z.object({ default: configValue.optional() }))

/** Adds the default of each missing key to a config: one of a preset, or one stored before the key existed. */
function completed(schema: z.ZodObject, config: ModelConfig): ModelConfig {
  const complete: ModelConfig = { ...config }
  for (const [key, property] of Object.entries(properties.parse(z.toJSONSchema(schema, { io: 'input' }).properties)))
    if (property.default !== undefined) complete[key] ??= property.default
  return complete
}

/** Turns a model's description into its definition. */
export function defineModel<Schema extends z.ZodObject, Keys extends z.ZodRawShape = Record<never, never>>(
  described: Description<Schema, Keys>,
): ModelDefinition {
  async function loadMember(): Promise<MemberFactory> {
    const { member } = await described.load()
    if (!member) throw new Error(`The folder of ${described.kind} exports no member.`)
    return member
  }
  const definition: ModelDefinition = {
    ...described,
    training: described.loop ? 'gradient' : 'closed-form',
    baseline: described.baseline ?? false,
    reproduce: described.reproduce ?? null,
    combinesRuns: described.combinesRuns ?? false,
    members: described.members ?? [],
    member: described.member ? { ...described.member, load: loadMember } : null,
    configured(given) {
      const config = completed(described.settings, given)
      const settings = described.settings.parse(config)
      return {
        definition,
        config,
        loop: described.loop?.(settings) ?? null,
        probability: described.probability(settings),
        linear: described.linear?.(settings) ?? false,
        shapes: (items) => described.shapes(settings, items),
        solution: (size) => described.solution?.(size, settings) ?? 0,
        largest: (size) => described.largest?.(size, settings) ?? 0,
        async create(items, random) {
          const [{ createParameters }, { create }] = await Promise.all([
            import('./create-parameters'),
            described.load(),
          ])
          return create(settings, createParameters(described.shapes(settings, items), items, random))
        },
      }
    },
  }
  return definition
}

/** The settings of a model's preset. Throws Error where the model has none of that name. */
export function presetOf({ name, presets }: Pick<ModelDefinition, 'name' | 'presets'>, preset: string): ModelConfig {
  const found = presets.find((known) => known.name === preset)
  if (!found) throw new Error(`${name} has no preset “${preset}”.`)
  return found.config
}
