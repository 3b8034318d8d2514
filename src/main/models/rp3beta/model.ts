import { columnCounts } from '../../numeric/csr'
import type { Built } from '../factory'
import type { ClosedFormModel } from '../model'
import { NeighbourModel } from '../neighbours/neighbour-model'
import type { Rp3BetaSettings } from './definition'

/**
 * RP3beta (Paudel et al., 2016): a walk goes from the user to an item i of the history, on to a user v who has it and to an item j of that user. With each
 * transition probability to the power of α, W_ij = Σ_v (1/|users of i|)^α (1/|items of v|)^α, divided by |users of j|^β; an item's score is the
 * sum of W_ij over those i of the history that are among the k with the largest W_ij for j. The first step, (1/|history|)^α, is the same for all
 * items of a history and therefore left out. One candidate per α, β and k; validation chooses among them.
 */
export const create = ({ alphas, betas, neighbours }: Rp3BetaSettings, built: Built): ClosedFormModel =>
  new NeighbourModel(
    built,
    alphas.flatMap((alpha) =>
      betas.flatMap((beta) =>
        neighbours.map((k) => ({ label: `α = ${alpha}, β = ${beta}, k = ${k}`, neighbours: k, alpha, beta })),
      ),
    ),
    (train, { alpha, beta }) => {
      const users = columnCounts(train)
      return {
        name: String(alpha),
        userWeights: Float64Array.from(
          { length: train.rows },
          (_, user) => (train.offsets[user + 1]! - train.offsets[user]!) ** -alpha,
        ),
        weight: (reached, i) => reached * users[i]! ** -alpha,
        scale: (j) => users[j]! ** -beta,
      }
    },
  )
