import { describe, expect, it } from 'vitest'
import type { FilePreview } from '../../../shared/datasets'
import { checkMapping, complete, completeItems, draftOf, nameFromFile } from './mapping-checks'

const file: FilePreview = {
  name: 'ratings.csv',
  bytes: 100,
  format: 'delimited text',
  parts: [],
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
const full = { user: 'who', item: 'what', rating: 'stars', time: 'when' }
const wrong = (draft: typeof full | ReturnType<typeof draftOf>): string[] =>
  checkMapping(file, draft)
    .filter(({ ok }) => !ok)
    .map(({ text }) => text)

describe('mapping checks', () => {
  it('accepts a full mapping, decimal commas and dates', () => {
    expect(wrong(full)).toEqual([])
    expect(complete(full)).toEqual(full)
  })

  it('asks for the user column, and nothing can be sent without it', () => {
    const draft = { ...full, user: null }
    expect(wrong(draft)).toEqual(['Choose the column that holds the user.'])
    expect(complete(draft)).toBeNull()
  })

  it('names a column that is used twice', () => {
    const draft = { ...full, item: 'who' }
    expect(wrong(draft)).toEqual(['“who” is chosen twice.'])
    expect(complete(draft)).toBeNull()
  })

  it('names the value that is no number or no time', () => {
    expect(wrong({ ...full, rating: 'note' })).toEqual(['“note” holds “good”, which is not a number.'])
    expect(wrong({ ...full, time: 'note' })).toEqual(['“note” holds “good”, which is not a time.'])
  })

  it('starts empty where nothing could be guessed', () => {
    expect(complete(draftOf(null))).toBeNull()
    expect(completeItems({ item: null, title: 'title', genres: null })).toBeNull()
  })

  it('takes the file name without its ending as a first name', () => {
    expect(nameFromFile('shop events.2026.csv')).toBe('shop events.2026')
  })
})
