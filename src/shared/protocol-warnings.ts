import { filterWarning } from './filter-steps'
import { fewHeldOut } from './measured-users'
import type { SplitSummary } from './runs'

/** Warnings about a prepared and divided data set, to be read before its figures. */
export const protocolWarnings = (summary: SplitSummary): string[] => [
  ...[filterWarning(summary.filters)].filter((warning) => warning !== null),
  ...fewHeldOut(summary),
]
