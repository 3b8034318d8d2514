import * as tf from '@tensorflow/tfjs-core'
import type { ModelKind } from '../../shared/models'
import type { Calibration } from '../../shared/runs'
import type { LinearSum, Recommender } from './model'

/**
 * Turns a model whose score s is not a probability into one that gives f = σ(a·s + b) (Platt, “Probabilistic outputs for support vector machines”,
 * 1999, without the sign). Because a > 0, the ranking stays the same. A linear score stays linear: the logit is b plus a times each contribution.
 *
 * @param kind names its only member
 */
export const calibrated = (model: Recommender, kind: ModelKind, { slope, intercept }: Calibration): Recommender => ({
  items: model.items,
  parameters: model.parameters,
  members: [{ name: kind, linear: model.linear && calibratedSum(model.linear, { slope, intercept }) }],
  // The sum is the logit of the only member, and its probability is no sum.
  linear: null,
  score: (histories) => model.score(histories),
  memberLogits: (histories) =>
    tf.tidy(() => [{ member: kind, logits: [tf.add<tf.Tensor2D>(tf.mul(model.score(histories), slope), intercept)] }]),
  dispose: () => model.dispose(),
})

/** a·s + b of a linear score s that may have an intercept itself. */
const calibratedSum = (
  { contributions, intercept: own = 0 }: LinearSum,
  { slope, intercept }: Calibration,
): LinearSum => ({
  intercept: slope * own + intercept,
  contributions: async (target, history) =>
    (await contributions(target, history)).map((contribution) => slope * contribution),
})
