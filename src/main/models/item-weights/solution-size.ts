import type { SolutionSize } from '../definition'

/**
 * Item weights B of binary X [users, items] can be solved exactly by inverting an items × items matrix or a users × users matrix. Returns whether the
 * users' way needs fewer multiplications. Small data has far fewer users than items: on MovieLens latest-small (475 users, 5,915 items) it takes a
 * tenth of the time.
 */
export const fewUsers = (users: number, items: number): boolean =>
  users * (users * users + users * items + items * items) < items ** 3

/*
 * Arrays that exist at the same time while `zero-diagonal.ts` solves, besides the weights, which are those of the last candidate until they are
 * replaced. Workers return what they free, so there are no others (`npm run bench -- memory`).
 */
/** [items, items]: G, and two of the inverse and its blocks, or the inverse and the weights computed from it. */
const ITEM_MATRICES = 3
/** [users, items] and [users, users], by the users: the two factors of the weights, the arrays from which both are made, and the one from which their diagonal is summed. */
const USER_MATRICES = 5
/** [items, items], by the users: the weights that the factors give, and a copy without their diagonal, for which only X and XXᵀ are left. */
const USER_WEIGHTS = 2

/** Blocks below 4 MiB stay on the heap of a worker; with them, the code that oneDNN has generated for matrix products. Floats, fitted to measured peaks. */
export const SMALL_BLOCKS = 16 * 2 ** 20

/** Number of floats that a solution of `zero-diagonal.ts` takes besides the weights. */
export function zeroDiagonalSolution({ items, users }: SolutionSize): number {
  if (!fewUsers(users, items)) return SMALL_BLOCKS + ITEM_MATRICES * items * items
  const ofUsers = users * (users + items)
  const forming = USER_MATRICES * ofUsers + items * items
  const formed = ofUsers + USER_WEIGHTS * items * items
  return SMALL_BLOCKS + Math.max(forming, formed)
}
