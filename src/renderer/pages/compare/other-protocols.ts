import type { Comparison } from '../../../shared/comparisons'

/** The runs that were measured under another protocol than the baseline: their figures do not compare with its. */
export const otherProtocolsIn = ({ runs, comparable }: Comparison): ReadonlySet<number> =>
  new Set(runs.flatMap(({ id }, index) => (comparable[index] === true ? [] : [id])))

/** For the name of such a run in a legend or a table. */
export const markedName = (name: string, isApart: boolean): string => (isApart ? `${name}, other protocol` : name)
