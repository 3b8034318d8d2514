import type { Built } from '../factory'
import { SolvedItemWeights } from '../item-weights/solved-item-weights'
import type { ClosedFormModel } from '../model'
import { admmSolver } from './admm'
import type { SlimSettings } from './definition'

/**
 * SLIM: min ½‖X − XB‖² + ½λ₂‖B‖² + λ₁‖B‖₁ subject to diag(B) = 0, and B ≥ 0 if requested; a user's scores are x B.
 * `slim.B` is [source, target]. One candidate per λ₁ and λ₂; validation chooses among them.
 */
export const create = ({ l1s, l2s, ...how }: SlimSettings, built: Built): ClosedFormModel =>
  new SolvedItemWeights(
    built,
    l2s.flatMap((l2) => l1s.map((l1) => ({ label: `λ₁ = ${l1}, λ₂ = ${l2}`, l1, l2 }))),
    (train) => admmSolver(train, how),
  )
