import type { SolutionSize } from '../definition'

/**
 * EASE's B of binary X [users, items] can be solved exactly by inverting an items × items matrix or a users × users matrix. Returns whether the
 * users' way needs fewer multiplications. Small data has far fewer users than items: on MovieLens latest-small (475 users, 5,915 items) it takes a
 * tenth of the time.
 */
export const fewUsers = (users: number, items: number): boolean =>
  users * (users * users + users * items + items * items) < items ** 3

/*
 * Matrices that a solution takes beside the weights, fitted to measured peaks (`npm run bench -- memory`).
 */
/** [items, items]: G and the blocks of the inverse, whose different sizes fragment the heap. */
const ITEM_MATRICES = 7
/** [users, users + items], and [items, items] besides the weights, if it solves by the users. */
const USER_MATRICES = 3
const USER_SOLUTIONS = 2.5
/** [items, items], where one candidate is solved while the weights of another are held. */
const CANDIDATE_MATRICES = 2

/** Floats that the solutions of `zero-diagonal.ts` take beside the weights. @param candidates how many are solved one after another */
export const zeroDiagonalSolution = ({ items, users }: SolutionSize, candidates: number): number =>
  (fewUsers(users, items)
    ? USER_MATRICES * users * (users + items) + USER_SOLUTIONS * items * items
    : ITEM_MATRICES * items * items) + (candidates > 1 ? CANDIDATE_MATRICES * items * items : 0)
