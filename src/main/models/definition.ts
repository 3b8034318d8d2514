import { z } from 'zod'
import { configValue, type ModelConfig, type ModelKind, type ModelPreset } from '../../shared/models'
import type { Random } from '../numeric/random'
import type { MemberFactory, ModelFactory } from './factory'
import type { Model } from './model'
import type { LoopSettings } from './settings/keys'
import type { ParameterShape } from './shapes'

/** What a model says of itself in words. */
interface Sentences {
  /** The name of its folder: what a run stores, and what the command line calls it. */
  readonly kind: ModelKind
  /** As its paper writes it. */
  readonly name: string
  readonly paper: string
  /** One sentence for people who choose among models. */
  readonly summary: string
  /** One sentence below a score that this model gives alone: what it is made of. */
  readonly explanation: string
  /** Models are offered in this order; the first is what the form begins with. */
  readonly order: number
  /** Flat, with the keys that have no default in the settings. */
  readonly presets: readonly ModelPreset[]
  readonly defaultPreset: string
}

/** What keys of settings hold once they are parsed. */
export type Parsed<Keys extends z.ZodRawShape> = z.output<z.ZodObject<Keys>>

/** What one optimiser does otherwise than the stage says. */
export interface OptimiserOptions {
  /** Multiplies the stage's learning rate. */
  readonly rate: number
  /** Instead of the rule's own ε. */
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

export interface SolutionSize {
  readonly items: number
  /** Who are trained on. */
  readonly users: number
}

/** What a model's folder says; the keys are those of its settings, and of its settings within a product. */
interface Description<Schema extends z.ZodObject, Keys extends z.ZodRawShape> extends Sentences {
  /** Types, ranges, help and defaults: the only ones. */
  readonly settings: Schema
  /** How it is trained by steps; without it, it is solved. */
  loop?(settings: z.output<Schema>): LoopSettings
  /** Every result is read against it. */
  readonly baseline?: true
  /** A row of table III below the paper's, marked as not in the paper (`vasp reproduce`). */
  readonly reproduce?: 'not in the paper'
  /** A run of it can also be made of trained runs. */
  readonly combinesRuns?: true
  /** Members that its product always has. */
  readonly members?: readonly ModelKind[]
  /** Whether it has a linear path: of it a score, or its logit, is exactly the sum of one weight for each item of the history. Without it none. */
  linear?(settings: z.output<Schema>): boolean
  readonly member?: MemberRole<Keys, Parsed<Keys>>
  /** Whether a run with these settings gives probabilities, so that it can be multiplied with others. */
  probability(settings: z.output<Schema>): boolean
  shapes(settings: z.output<Schema>, items: number): readonly ParameterShape[]
  /** Floats that a solution takes beside the weights; without it none. */
  solution?(size: SolutionSize, settings: z.output<Schema>): number
  /** Floats of the largest single array of a solution, where that may be larger than every weight. */
  largest?(size: SolutionSize, settings: z.output<Schema>): number
  /** Loads the equations, and TensorFlow with them: only a worker calls this. */
  load(): Promise<{
    readonly create: ModelFactory<z.output<Schema>>
    readonly member?: MemberFactory<Parsed<Keys>>
  }>
}

/** All there is to say of a model without TensorFlow: form, command line, memory estimate, explorer and run page are drawn from it. */
export interface ModelDefinition extends Sentences {
  /** `gradient`: epochs and curves; `closed-form`: one or a few exact solutions. */
  readonly training: 'gradient' | 'closed-form'
  readonly settings: z.ZodObject
  readonly baseline: boolean
  /** How its row of table III is marked, below the paper's; null where it has no such row, or is the paper's own. */
  readonly reproduce: 'not in the paper' | null
  readonly combinesRuns: boolean
  readonly members: readonly ModelKind[]
  /** Null where it cannot be trained as a member of a product. Its methods take the settings of a product that has its keys. */
  readonly member: (MemberRole<z.ZodRawShape, object> & { load(): Promise<MemberFactory> }) | null
  /** With its settings, which are parsed here and nowhere else. Throws what zod throws where the config, completed by the defaults, is not valid. */
  configured(config: ModelConfig): ConfiguredModel
}

/** A model with its settings: what everything behind the contract works with. */
export interface ConfiguredModel {
  readonly definition: ModelDefinition
  /** As a run stores it: flat, with every key that its settings have. */
  readonly config: ModelConfig
  /** How it is trained by steps; null where it is solved. */
  readonly loop: LoopSettings | null
  /** Whether it gives probabilities, so that it can be multiplied with others. */
  readonly probability: boolean
  /** Whether it has a linear path, by which a score splits into one part for each item of the history. */
  readonly linear: boolean
  shapes(items: number): readonly ParameterShape[]
  /** Floats that a solution takes beside the weights. */
  solution(size: SolutionSize): number
  /** Floats of the largest single array of a solution beside the weights; 0 where none is larger than they are. */
  largest(size: SolutionSize): number
  /** Builds it untrained, on the current backend; all random draws come from `random`. Loading a checkpoint fills its parameters. */
  create(items: number, random: Random): Promise<Model>
}

const properties = z.record(z.string(), z.object({ default: configValue.optional() }))

/** A config with the default of each key that it lacks: of a preset, or stored before the key existed. */
function completed(schema: z.ZodObject, config: ModelConfig): ModelConfig {
  const complete: ModelConfig = { ...config }
  for (const [key, property] of Object.entries(properties.parse(z.toJSONSchema(schema, { io: 'input' }).properties)))
    if (property.default !== undefined) complete[key] ??= property.default
  return complete
}

/** Registers what a model's folder says of it. */
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
