import { columnCounts } from '../../numeric/csr'
import type { Built } from '../factory'
import { SolvedItemWeights } from '../item-weights/solved-item-weights'
import { zeroDiagonalSolver } from '../item-weights/zero-diagonal'
import type { ClosedFormModel } from '../model'
import type { EdlaeSettings } from './definition'

/**
 * EDLAE (Steck, 2020) of full rank, with all emphasis on the items that were dropped (b = 0): the expectation over all dropouts is
 * Λ = p/(1 − p) · diag(XᵀX) + λI, P = (XᵀX + Λ)⁻¹, B_ij = −P_ij / P_jj, diag(B) = 0; a user's scores are x B.
 * `edlae.B` is [source, target]. One candidate per p and λ; validation chooses among them.
 */
export const create = ({ dropouts, lambdas }: EdlaeSettings, built: Built): ClosedFormModel =>
  new SolvedItemWeights(
    built,
    dropouts.flatMap((p) => lambdas.map((lambda) => ({ label: `p = ${p}, λ = ${lambda}`, p, lambda }))),
    (train) => {
      const solver = zeroDiagonalSolver(train)
      // diag(XᵀX) of binary X: how many users have each item.
      const users = columnCounts(train)
      return {
        solve: ({ p, lambda }) => solver.solve(Float32Array.from(users, (count) => (p / (1 - p)) * count + lambda)),
        dispose: () => solver.dispose(),
      }
    },
  )
