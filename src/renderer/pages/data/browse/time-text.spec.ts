import { expect, it } from 'vitest'
import type { Choice } from '../../../../shared/reading'
import { timeText } from './time-text'

const times = (value: string): Choice => ({
  about: 'times',
  file: null,
  column: 'ts',
  value,
  certainty: 'guess',
  evidence: '',
  affectsData: true,
  control: 'Times',
  option: '--times',
})

it('shows times in UTC, with fractions if there are any, and a sequence as its numbers', () => {
  const dates = timeText([times('seconds since 1970')])
  expect(dates.label).toBe('(UTC)')
  expect(dates.of(964_982_703)).toBe('2000-07-30 18:45:03')
  expect(dates.of(964_982_703.25)).toBe('2000-07-30 18:45:03.250')
  expect(dates.of(1e17)).toBe('100000000000000000')
  expect(dates.of(null)).toBe('–')
  const sequence = timeText([times('a sequence, not dates')])
  expect(sequence.label).toBe('')
  expect(sequence.of(1234)).toBe('1,234')
})
