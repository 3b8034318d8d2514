import type { Repetition } from './runs'

/** How a run compares with the one that it repeats, in sentences. */
export function repetitionText({ run, name, outcome }: Repetition): string[] {
  const of = `run ${run} (${name})`
  if (outcome === null) return [`It repeats ${of}; the two are compared when it has finished.`]
  const { sameWeights, problem, sameFigures, differences } = outcome
  const weights =
    sameWeights === null
      ? `Its weights cannot be compared with those of ${of}: ${problem ?? 'they could not be read.'}`
      : `Its weights ${sameWeights ? 'are the same as' : 'differ from'} those of ${of}, by their SHA-256.`
  const figures = sameFigures ? 'The figures are the same.' : 'The figures differ.'
  const changed =
    differences.length === 0
      ? 'Both were computed with the same versions on the same device.'
      : `What they were computed with differs: ${differences.map(({ what, before, now }) => `${what} (${before}; now ${now})`).join(', ')}.`
  // Nothing is known of a run that was deleted.
  return sameWeights === null && differences.length === 0 ? [weights] : [weights, figures, changed]
}
