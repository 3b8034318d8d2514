import type { DuplicatePolicy } from '../../../shared/datasets'

export const policies: { label: string; value: DuplicatePolicy }[] = [
  { label: 'Keep the last', value: 'last' },
  { label: 'Keep the first', value: 'first' },
  { label: 'Keep the highest value', value: 'maximum' },
  { label: 'Count them, or add up their values', value: 'count' },
]

/** What was done with repeated rows, as the end of a sentence. */
export const kept: Record<DuplicatePolicy, string> = {
  last: 'the last one of each is kept',
  first: 'the first one of each is kept',
  maximum: 'the highest one of each is kept',
  count: 'they are counted or added up',
}
