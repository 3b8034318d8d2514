import { expect, test } from 'vitest'
import type { PreparationStep } from './filter-steps'
import { protocolWarnings } from './protocol-warnings'
import { splitSummary, type SplitSummary } from './runs'

const step = (filter: PreparationStep['filter'], users: number, interactions: number): PreparationStep => ({
  filter,
  users,
  interactions,
  items: 9,
  rounds: null,
})
const summary = (changes: Partial<SplitSummary>): SplitSummary =>
  splitSummary.parse({
    items: 9,
    trainUsers: 400,
    validationUsers: 50,
    testUsers: 50,
    trainInteractions: 4000,
    droppedUsers: 0,
    recallDenominator: '|R|',
    ...changes,
  })

test('there is no warning if enough is left, and for runs without recorded filters', () => {
  expect(protocolWarnings(summary({}))).toEqual([])
  expect(protocolWarnings(summary({ filters: [step('all', 500, 5000), step('minimum', 250, 4000)] }))).toEqual([])
})

test('filters that leave under half of the users are pointed out, with the one that takes most', () => {
  const filters = [step('all', 500, 3971), step('threshold', 60, 160), step('minimum', 23, 122)]
  expect(protocolWarnings(summary({ filters }))).toEqual([
    'The filters leave 23 of 500 users and 122 of 3,971 interactions. Most users are excluded by the threshold for liked items: 60 of 500 remain. Lower the threshold, or let every interaction count.',
  ])
  const late = [step('all', 500, 3971), step('threshold', 450, 3000), step('minimum', 100, 900)]
  expect(protocolWarnings(summary({ filters: late })).join()).toContain(
    'minimum number of interactions: 100 of 450 remain',
  )
})

test('a sample is as small as it was asked to be', () => {
  const filters = [step('all', 500, 5000), step('sample', 50, 500), step('minimum', 40, 450)]
  expect(protocolWarnings(summary({ filters }))).toEqual([])
  const cut = [step('all', 500, 5000), step('sample', 50, 500), step('minimum', 20, 450)]
  expect(protocolWarnings(summary({ filters: cut })).join()).toContain('20 of 50 remain')
})

test('few held-out users cause a warning, also a single one and before they are measured', () => {
  expect(protocolWarnings(summary({ testUsers: 29 }))).toEqual([
    'Only 29 test users are held out: the results may be very different for other users. Hold out at least 30 users, or loosen the filters.',
  ])
  expect(protocolWarnings(summary({ testUsers: 30, validationUsers: 1 }))).toEqual([
    'Only one validation user is held out: there is no standard error, and systems cannot be compared. Hold out at least 30 users, or loosen the filters.',
  ])
})
