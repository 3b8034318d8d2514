import { describe, expect, it } from 'vitest'
import type { FilePreview } from '../../../shared/datasets'
import type { Choice, Reading } from '../../../shared/reading'
import { checkMapping, complete, completeItems, type DraftMapping, draftOf, rolesOf } from './mapping-checks'

const file: FilePreview = {
  name: 'ratings.csv',
  bytes: 100,
  format: 'delimited text',
  tables: [],
  named: true,
  delimiter: ',',
  header: true,
  columns: [
    { name: 'who', type: 'VARCHAR', samples: ['a', 'b'] },
    { name: 'what', type: 'VARCHAR', samples: ['x', 'y'] },
    { name: 'stars', type: 'VARCHAR', samples: ['4,5', '3'] },
    { name: 'when', type: 'VARCHAR', samples: ['2026-11-24', '964982703'] },
    { name: 'note', type: 'VARCHAR', samples: ['good'] },
  ],
  rows: [],
}
const full: DraftMapping = { ...draftOf(null), user: 'who', item: 'what', rating: 'stars', time: 'when' }
const wrong = (draft: DraftMapping): string[] =>
  checkMapping(file, draft)
    .filter(({ mark }) => mark === 'problem')
    .map(({ text }) => text)

describe('mapping checks', () => {
  it('accepts a full mapping, decimal commas and dates', () => {
    expect(wrong(full)).toEqual([])
    expect(complete(full)).toEqual({ user: 'who', item: 'what', rating: 'stars', time: 'when' })
  })

  it('sends nothing without the user column', () => {
    expect(complete({ ...full, user: null })).toBeNull()
  })

  it('names a column that is used twice', () => {
    const draft = { ...full, item: 'who' }
    expect(wrong(draft)).toEqual(['“who” is chosen twice.'])
    expect(complete(draft)).toBeNull()
  })

  it('sends the column of titles, which has no other part', () => {
    const titled = { ...full, title: 'note' }
    expect(complete(titled)).toEqual({ user: 'who', item: 'what', rating: 'stars', time: 'when', title: 'note' })
    expect(draftOf(complete(titled))).toEqual(titled)
    expect(rolesOf(titled)).toMatchObject({ what: 'item', note: 'title' })
    expect(wrong({ ...full, title: 'what' })).toEqual(['“what” is chosen twice.'])
  })

  it('names the value that is no number or no time', () => {
    expect(wrong({ ...full, rating: 'note' })).toEqual(['“note” contains “good”, which is not a number.'])
    expect(wrong({ ...full, time: 'note' })).toEqual(['“note” contains “good”, which is not a time.'])
  })

  it('says how the value of an interaction is stored, and takes one of rating, count and weight', () => {
    const plays = { ...full, rating: null, count: 'stars' }
    const weights = [{ type: 'good', weight: 3 }]
    const texts = (draft: DraftMapping): string[] => checkMapping(file, draft).map(({ text }) => text)
    expect(complete(plays)).toEqual({ user: 'who', item: 'what', rating: null, time: 'when', count: 'stars' })
    expect(texts(plays)).toContain('Stored as an interaction’s value, on which thresholds work: the count.')
    expect(texts({ ...plays, event: 'note', counted: weights })).toContain(
      'Stored as an interaction’s value, on which thresholds work: the count times the weight of its event type.',
    )
    expect(texts({ ...full, rating: null, event: 'note' })).toContain(
      'No rating column: every row counts as one interaction.',
    )
    expect(complete({ ...full, count: 'note' })).toBeNull()
    expect(complete({ ...full, event: 'note', counted: weights })).toBeNull()
    expect(complete({ ...plays, event: 'note', counted: [] })).toBeNull()
    expect(complete({ ...full, event: 'note' })).toMatchObject({ event: { column: 'note', counted: null } })
  })

  it('ticks no column whose rows the forecast rejects, even if its first rows look right', () => {
    const rejected = [
      { what: 'rating is not a number', rows: 1, examples: [] },
      { what: 'no user id', rows: 3, examples: [] },
    ]
    const checks = checkMapping(file, full, { rows: 1, rejected })
    const of = (column: string) => checks.filter(({ text }) => text.includes(`“${column}”`))
    expect(of('stars')).toEqual([
      { mark: 'problem', text: '“stars”: 1 of 1 row cannot be used: rating is not a number.' },
    ])
    expect(of('who')).toEqual([{ mark: 'problem', text: '“who”: 3 of 1 row cannot be used: no user id.' }])
    expect(of('when')).toEqual([{ mark: 'fine', text: 'Times in “when” can be read.' }])
    expect(checkMapping(file, full).map(({ mark }) => mark)).not.toContain('fine')
  })

  it('neither ticks times that are left out nor repeats the reading’s message about them', () => {
    const rejected = [{ what: 'no time', rows: 3, examples: [] }]
    const of = (choices: Reading): string[] =>
      checkMapping(file, full, { rows: 9, rejected }, choices)
        .map(({ text }) => text)
        .filter((text) => text.includes('“when”'))
    expect(of([])).toEqual(['“when”: 3 of 9 rows cannot be used: no time.'])
    const leftOut: Choice = {
      about: 'times',
      file: null,
      column: 'when',
      value: 'rows without a time are left out',
      certainty: 'guess',
      evidence: '3 rows have no time.',
      affectsData: true,
      control: 'Missing times',
      option: '--missing-times oldest',
    }
    expect(of([leftOut])).toEqual([])
    expect(of([{ ...leftOut, column: 'stars' }])).toHaveLength(1)
  })

  it('starts empty if nothing was recognised', () => {
    expect(complete(draftOf(null))).toBeNull()
    expect(completeItems({ item: null, title: 'title', genres: null })).toBeNull()
  })
})
