import { columnCounts } from '../../numeric/csr'
import type { Built } from '../factory'
import type { ClosedFormModel } from '../model'
import { NeighbourModel } from '../neighbours/neighbour-model'
import type { ItemKnnSettings } from './definition'

/**
 * ItemKNN: s_ij = |users of both| / (√(|users of i| · |users of j|) + h), the cosine of binary columns with shrinkage h; an item's score is the sum of s_ij over
 * those i of the history that are among the k items nearest to j. One candidate per h and k; validation chooses among them.
 */
export const create = ({ shrinks, neighbours }: ItemKnnSettings, built: Built): ClosedFormModel =>
  new NeighbourModel(
    built,
    shrinks.flatMap((shrink) => neighbours.map((k) => ({ label: `k = ${k}, h = ${shrink}`, neighbours: k, shrink }))),
    (train, { shrink }) => {
      const users = columnCounts(train)
      return {
        name: String(shrink),
        userWeights: new Float64Array(train.rows).fill(1),
        weight: (common, i, j) => common / (Math.sqrt(users[i]! * users[j]!) + shrink),
        scale: () => 1,
      }
    },
  )
