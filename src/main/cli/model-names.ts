import { memberTitle, models } from '../models/registry'

/** The texts about models in options and help, all from the models' definitions. */

/** The values of `--model`. */
export const modelKinds = models.map(({ kind }) => kind)

/** Models whose runs can combine trained runs. */
export const combiningKinds = models.filter(({ combinesRuns }) => combinesRuns).map(({ kind }) => kind)

/** Baselines that are compared with every result, the simplest first. */
export const baselines = models.filter(({ baseline }) => baseline).reverse()

/** The first model in the list. */
export const firstModel = models[0]!

/** The strongest baseline, for examples in help texts. */
export const exampleBaseline = baselines.at(-1) ?? firstModel

/** The first model that always is a product of the same members, for examples in help texts. */
export const productExample = models
  .filter(({ members }) => members.length > 0)
  .slice(0, 1)
  .map(({ name, members }) => `${name}: ${members.map(memberTitle).join(' and ')}`)
  .join('')
