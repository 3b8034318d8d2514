import { formatMoment, formatValue } from '../../../../shared/format'
import type { Reading } from '../../../../shared/reading'

export interface TimeText {
  /** The addition to “Time” in a heading. */
  readonly label: string
  of(time: number | null): string
}

/** How the times of a data set are shown: times that only order the interactions are not dates. */
export function timeText(choices: Reading): TimeText {
  const sequence = choices.some(({ about, value }) => about === 'times' && value.startsWith('a sequence'))
  return {
    label: sequence ? '' : '(UTC)',
    of: (time) => (time === null ? '–' : sequence ? formatValue(time) : formatMoment(time)),
  }
}
