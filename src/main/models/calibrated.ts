import * as tf from '@tensorflow/tfjs-core'
import type { ModelKind } from '../../shared/models'
import type { Calibration } from '../../shared/runs'
import type { LinearScore, Recommender } from './model'

/**
 * Turns a model whose score s is not a probability into one that gives f = σ(a·s + b) (Platt, “Probabilistic outputs for support vector machines”,
 * 1999, without the sign). Because a > 0, the ranking stays the same. A linear score stays linear: the logit is b plus a times each contribution.
 *
 * @param kind names its only member
 */
export const calibrated = (model: Recommender, kind: ModelKind, { slope, intercept }: Calibration): Recommender => ({
  items: model.items,
  parameters: model.parameters,
  memberNames: [kind],
  linear: model.linear && linearPath(model.linear, kind, { slope, intercept }),
  score: (histories) => model.score(histories),
  memberLogits: (histories) =>
    tf.tidy(() => [{ member: kind, logits: [tf.add<tf.Tensor2D>(tf.mul(model.score(histories), slope), intercept)] }]),
  dispose: () => model.dispose(),
})

const linearPath = (
  { contributions }: LinearScore,
  member: ModelKind,
  { slope, intercept }: Calibration,
): LinearScore => ({
  member,
  intercept,
  contributions: async (target, history) =>
    (await contributions(target, history)).map((contribution) => slope * contribution),
})
