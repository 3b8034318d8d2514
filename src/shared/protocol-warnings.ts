import { filterWarning } from './filter-steps'
import { fewHeldOut } from './measured-users'
import type { SplitSummary } from './runs'

/** What must be said of a prepared and divided data set before its figures are believed, a sentence or more each. */
export const protocolWarnings = (summary: SplitSummary): string[] => [
  ...[filterWarning(summary.filters)].filter((warning) => warning !== null),
  ...fewHeldOut(summary),
]
