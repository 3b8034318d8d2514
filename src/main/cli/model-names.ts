import { memberTitle, models } from '../models/registry'

/** What the command line's options and help say of models, all of it from their definitions. */

/** What `--model` takes. */
export const modelKinds = models.map(({ kind }) => kind)

/** Kinds whose runs can be made of trained runs. */
export const combiningKinds = models.filter(({ combinesRuns }) => combinesRuns).map(({ kind }) => kind)

/** Models that every result is read against, the simplest first. */
export const baselines = models.filter(({ baseline }) => baseline).reverse()

/** The model that is offered first. */
export const firstModel = models[0]!

/** The strongest baseline, for examples in help texts. */
export const exampleBaseline = baselines.at(-1) ?? firstModel

/** The first model that is a product of the same members always, for examples in help texts. */
export const productExample = models
  .filter(({ members }) => members.length > 0)
  .slice(0, 1)
  .map(({ name, members }) => `${name}: ${members.map(memberTitle).join(' and ')}`)
  .join('')

/** `a`, `a and b`, `a, b and c`. */
export const enumerated = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
