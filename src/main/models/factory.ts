import type { Random } from '../numeric/random'
import type { Member } from './member'
import type { Model, NamedParameters } from './model'

/** What a model is built on: the parameters of its shapes, made on the current backend. */
export interface Built {
  readonly items: number
  /** Those that are trained, in the order in which checkpoints hold them. */
  readonly parameters: NamedParameters
  /** Makes those that are not: `Member.frozen` owns them. */
  readonly untrained: () => NamedParameters
  /** The model's own stream: parameters have drawn from streams of theirs. */
  readonly random: Random
}

/** Builds an untrained model with its settings. */
export type ModelFactory<Settings> = (settings: Settings, built: Built) => Model | Promise<Model>

/** Builds a model as a member of a product, whose settings have the member's keys. */
export type MemberFactory<Settings = object> = {
  bivarianceHack(settings: Settings, built: Built): Member
}['bivarianceHack']
