import type { Built } from '../factory'
import { SolvedItemWeights } from '../item-weights/solved-item-weights'
import { zeroDiagonalSolver } from '../item-weights/zero-diagonal'
import type { ClosedFormModel } from '../model'
import type { EaseSettings } from './definition'

/**
 * EASE (Steck, 2019): P = (XᵀX + λI)⁻¹, B_ij = −P_ij / P_jj, diag(B) = 0; a user's scores are x B.
 * `ease.B` is [source, target]. One candidate per λ; validation chooses among them.
 */
export const create = ({ lambdas }: EaseSettings, built: Built): ClosedFormModel =>
  new SolvedItemWeights(
    built,
    lambdas.map((lambda) => ({ label: `λ = ${lambda}`, lambda })),
    (train) => {
      const solver = zeroDiagonalSolver(train)
      return { solve: ({ lambda }) => solver.solve(lambda), dispose: () => solver.dispose() }
    },
  )
