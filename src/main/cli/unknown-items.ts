import { badInput } from '../../shared/errors'

/** Throws BAD_INPUT if a typed history has items that the run does not know: a list from half a history would mislead. */
export function refuseUnknown(unknown: readonly string[]): void {
  if (unknown.length === 0) return
  const [first = ''] = unknown
  throw badInput(
    unknown.length === 1
      ? `The run does not know the item "${first}" of the history.`
      : `The run does not know ${unknown.length} items of the history: ${unknown.slice(0, 10).join(', ')}${unknown.length > 10 ? ' …' : ''}.`,
    'Use ids from the data set’s item column, as printed by vasp recommend, or add --skip-unknown to leave them out.',
  )
}
