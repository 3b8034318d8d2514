import type { DuplicatePolicy } from './datasets'
import { formatCounted } from './format'
import type { Choice } from './reading'

const meanings: Readonly<Record<DuplicatePolicy, string>> = {
  count: 'repeated counts are added up',
  last: 'the last of repeated counts is kept',
  first: 'the first of repeated counts is kept',
  maximum: 'the highest of repeated counts is kept',
}

/**
 * The choice about rows that repeat a user and an item and have counts; none if there are no such rows. No file shows whether such counts add up or whether
 * each is the count so far.
 * @param said why the policy is certain; null: nobody chose it
 */
export function repeatedCountsChoice(
  { count }: { readonly count?: string | null | undefined },
  policy: DuplicatePolicy,
  rows: number,
  said: string | null,
): Choice[] {
  if (!count || rows === 0) return []
  const otherwise =
    policy === 'count'
      ? 'If each is the count so far, the last or the highest is right instead.'
      : 'If each is a count of its own, they add up instead.'
  return [
    {
      about: 'duplicates',
      file: null,
      column: count,
      value: meanings[policy],
      certainty: said === null ? 'guess' : 'certain',
      evidence:
        said ?? `${formatCounted(rows, 'row')} ${rows === 1 ? 'repeats' : 'repeat'} a user and an item. ${otherwise}`,
      affectsData: true,
      control: 'Same user and item again',
      option: policy === 'count' ? '--duplicates last or maximum' : '--duplicates count',
    },
  ]
}
