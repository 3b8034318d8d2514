import type { Random } from '../numeric/random'
import type { Member } from './member'
import type { Model, NamedParameters } from './model'

/** What a model is built from: the parameters of its shapes, on the current backend. */
export interface Built {
  readonly items: number
  /** The trained parameters, in the order of checkpoints. */
  readonly parameters: NamedParameters
  /** Creates the parameters that are not trained; `Member.frozen` owns them. */
  readonly untrained: () => NamedParameters
  /** The model's own stream; parameters have streams of their own. */
  readonly random: Random
}

/** Builds an untrained model with its settings. */
export type ModelFactory<Settings> = (settings: Settings, built: Built) => Model | Promise<Model>

/** Builds a model as a member of a product, whose settings have the member's keys. */
export type MemberFactory<Settings = object> = {
  bivarianceHack(settings: Settings, built: Built): Member
}['bivarianceHack']
