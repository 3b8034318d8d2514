import type { SolutionSize } from '../definition'

/**
 * Whether the cheaper of two exact ways to EASE's B of binary X [users, items] is the users', by their multiplications: inverting a users × users matrix
 * instead of an items × items one. Small data has far fewer users than items: MovieLens latest-small 475 and 5,915, where it takes a tenth of the time.
 */
export const fewUsers = (users: number, items: number): boolean =>
  users * (users * users + users * items + items * items) < items ** 3

/*
 * Matrices that a solution takes beside the weights, fitted to measured peaks (`npm run bench -- memory`).
 */
/** [items, items]: G, and the inverse in the making, whose blocks of many sizes leave holes. */
const ITEM_MATRICES = 7
/** [users, users + items], and [items, items] beside the weights, where it solves by the users. */
const USER_MATRICES = 3
const USER_SOLUTIONS = 2.5

/** Floats that a solution of `zero-diagonal.ts` takes beside the weights. */
export const zeroDiagonalSolution = ({ items, users }: SolutionSize): number =>
  fewUsers(users, items)
    ? USER_MATRICES * users * (users + items) + USER_SOLUTIONS * items * items
    : ITEM_MATRICES * items * items
