import * as tf from '@tensorflow/tfjs-core'
import type { ModelKind } from '../../shared/models'
import type { Calibration } from '../../shared/runs'
import type { LinearPath, Recommender } from './model'

/**
 * A model whose score is no probability, as one that gives f = σ(a·s + b) of its score s (Platt, “Probabilistic outputs for support vector
 * machines”, 1999, without the sign). a > 0, so it ranks as before. What is linear of it stays so: the logit is b plus a times each contribution.
 *
 * @param kind names its only member
 */
export const calibrated = (model: Recommender, kind: ModelKind, { slope, intercept }: Calibration): Recommender => ({
  items: model.items,
  parameters: model.parameters,
  paths: [kind],
  linear: model.linear && linearPath(model.linear, kind, { slope, intercept }),
  score: (histories) => model.score(histories),
  parts: (histories) =>
    tf.tidy(() => [{ member: kind, logits: [tf.add<tf.Tensor2D>(tf.mul(model.score(histories), slope), intercept)] }]),
  dispose: () => model.dispose(),
})

const linearPath = (
  { contributions }: LinearPath,
  member: ModelKind,
  { slope, intercept }: Calibration,
): LinearPath => ({
  member,
  intercept,
  contributions: async (target, history) =>
    (await contributions(target, history)).map((contribution) => slope * contribution),
})
