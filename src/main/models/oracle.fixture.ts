import * as tf from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { expectClose } from '../../../test/fixtures/closeness'
import { asStored, csrOf, type CaseNoise, type FixtureTensor, type ModelCase } from '../../../test/fixtures/oracle'
import type { OptimiserName } from '../compute/optimisers/step-rule'
import { keepEntries } from '../numeric/csr'
import { HadamardModel } from './hadamard'
import type { ReconstructionLoss } from './loss'
import type { Member, TrainingPass } from './member'
import type { TrainingBatch } from './model'
import type { Noise } from './noise'

/** Items of every golden case. */
export const ITEMS = 14

/** The case's draws instead of random ones. */
const fixedNoise = ({ epsilon, dropout_keep_mask: mask }: CaseNoise = {}): Noise => ({
  normal(rows, columns) {
    if (!epsilon) throw new Error('the case has no noise')
    expect([rows, columns]).toEqual(epsilon.shape)
    return tf.tensor2d(epsilon.data, [rows, columns])
  },
  kept(csr, share) {
    if (!mask) throw new Error('the case has no dropout')
    expect([[csr.rows, csr.columns], share]).toEqual([mask.shape, 0.5])
    return keepEntries(csr, (entry, row) => mask.data[row * csr.columns + (csr.indices[entry] ?? 0)] === 1)
  },
})

/** A training step with the case's draws, late enough for all annealing to have ended. */
export const passOf = (noise: CaseNoise | undefined): TrainingPass => ({ noise: fixedNoise(noise), step: 1000 })

/** The case's model with the case's weights. */
export function modelOf(
  members: () => Member[],
  loss: ReconstructionLoss,
  optimiser: OptimiserName,
  weights: Record<string, FixtureTensor>,
): HadamardModel {
  const model = new HadamardModel(members(), { loss, optimiser, noise: fixedNoise() })
  expect([...model.parameters.keys()].sort()).toEqual(Object.keys(weights).sort())
  for (const [name, parameter] of model.parameters) {
    const weight = weights[name]
    if (!weight) throw new Error(`the case has no ${name}`)
    const { shape, data } = asStored(name, weight)
    tf.tidy(() => parameter.assign(tf.tensor(data, shape)))
  }
  return model
}

export const batchOf = ({ x, target = x }: ModelCase['inputs']): TrainingBatch => ({
  input: csrOf(x),
  target: csrOf(target),
})

/** Positions that a comparison leaves out: NEASE's diagonal, whose gradient is not used. */
export const isDiagonal = (name: string, i: number): boolean => name === 'nease.W' && i % (ITEMS + 1) === 0

export async function expectWeights(
  model: HadamardModel,
  expected: Record<string, FixtureTensor>,
  gradients: Record<string, FixtureTensor> | null,
): Promise<void> {
  for (const [name, parameter] of model.parameters) {
    const values = await parameter.data()
    const wanted = expected[name]
    if (!wanted) throw new Error(`the case has no ${name}`)
    const { data } = asStored(name, wanted)
    const gradient = gradients?.[name]
    const slopes = gradient ? asStored(name, gradient).data : null
    // Adam divides a gradient by its own size: an entry whose gradient is nearly zero moves by ± the learning rate on rounding noise alone.
    const counts = data.map((_, i) => isDiagonal(name, i) || !slopes || Math.abs(slopes[i] ?? 0) > 1e-5)
    expectClose(
      values.filter((_, i) => counts[i]),
      data.filter((_, i) => counts[i]),
      { absolute: 1e-4 },
      name,
    )
  }
}
