import { expect, it } from 'vitest'
import { disturbanceOf, type TimeEstimate } from './time-estimate'

const estimate: TimeEstimate = {
  ...{ before: 1, epochs: 10, epoch: 2, after: 1, total: 22, error: 0.1, mayStopEarly: true, basis: 'steps' },
  ...{ measured: 5, others: { busy: 0.1, of: 2 }, meanwhile: null },
}

it.each([
  [{}, null],
  [{ others: { busy: 0.19, of: 2 } }, null],
  [{ others: { busy: 0.9, of: 16 } }, null],
  [
    { others: { busy: 1.43, of: 2 } },
    'Other programs kept about 1.4 of 2 processors busy while this was measured, so the figure may be too high. Measure again when the machine is idle.',
  ],
  [
    { meanwhile: 'Import films' },
    '“Import films” was computing while this was measured, so the figure may be too high. Measure again when the machine is idle.',
  ],
])('says of %o what disturbed the measurement', (found, sentence) => {
  expect(disturbanceOf({ ...estimate, ...found })).toBe(sentence)
})
