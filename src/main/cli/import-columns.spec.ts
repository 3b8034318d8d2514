import { describe, expect, it } from 'vitest'
import type { ImportPreview, SuggestedColumns } from '../../shared/datasets'
import { type Choice, noUsers } from '../../shared/reading'
import { chooseColumns, chosenColumns } from './import-columns'

const none = { user: null, item: null, rating: null, time: null }
const preview = (mapping: SuggestedColumns): ImportPreview => ({
  ratings: {
    name: 'plays.tsv',
    bytes: 1,
    format: 'delimited text',
    tables: [],
    named: true,
    delimiter: '\t',
    header: true,
    columns: ['listener', 'Track', 'stars', 'when'].map((name) => ({ name, type: 'VARCHAR', samples: [] })),
    rows: [],
  },
  items: null,
  mapping,
  itemMapping: null,
  choices: [],
  warnings: [],
  files: [],
})
const guessed = { user: 'listener', item: 'Track', rating: 'stars', time: 'when' }

describe('choosing columns', () => {
  it('prefers named columns to recognised ones', () => {
    expect(chooseColumns(preview(guessed), {})).toEqual(guessed)
    expect(chooseColumns(preview(guessed), { rating: 'none', item: 'track' })).toEqual({ ...guessed, rating: null })
    expect(chooseColumns(preview(none), { user: 'listener', item: 'Track' })).toEqual({
      user: 'listener',
      item: 'Track',
      rating: null,
      time: null,
    })
  })

  it('uses the named column of titles, or none if “none” is named', () => {
    const found = { ...guessed, title: 'when', time: null }
    expect(chooseColumns(preview(found), {})).toEqual(found)
    expect(chooseColumns(preview(found), { title: 'STARS', rating: 'none' })).toEqual({
      ...{ user: 'listener', item: 'Track', rating: null, time: null, title: 'stars' },
    })
    expect(chooseColumns(preview(found), { title: 'none' })).toEqual({ ...guessed, time: null })
    expect(chosenColumns({ title: 'none' })).toEqual({ title: null })
    expect(() => chooseColumns(preview(found), { title: 'name' })).toThrow('has no column "name"')
  })

  it('says of totals that they have no users', () => {
    const choice = { about: 'column', value: noUsers, evidence: 'It seems to hold totals.' } as Choice
    expect(() => chooseColumns({ ...preview(none), choices: [choice] }, { item: 'Track' })).toThrow(
      'was recognised as users. It seems to hold totals.',
    )
  })

  it('refuses a mapping without a user column and a column that the file lacks, naming those it has', () => {
    expect(() => chooseColumns(preview(none), { item: 'Track' })).toThrow('recognised as users')
    expect(() => chooseColumns(preview(guessed), { user: 'none' })).toThrow('recognised as users')
    expect(() => chooseColumns(preview(guessed), { user: 'person' })).toThrow('has no column "person"')
    expect(() => chooseColumns(preview(guessed), { user: 'person' })).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', next: expect.stringContaining('"listener", "Track"') as string }),
    )
  })

  it('leads to the separator and the skipped lines, if the names of columns are whole lines', () => {
    const named = (names: readonly string[]): ImportPreview => ({
      ...preview(none),
      ratings: { ...preview(none).ratings, columns: names.map((name) => ({ name, type: 'VARCHAR', samples: [] })) },
    })
    const nextOf = (names: readonly string[]): unknown => {
      try {
        return chooseColumns(named(names), {})
      } catch (error) {
        return (error as { next: string }).next
      }
    }
    for (const names of [
      ['#Version 1', 'b'],
      ['2024-03-04 GET /a b - 443 anna', 'x64)'],
    ])
      expect(nextOf(names)).toMatch(/--delimiter.*--skip LINES/)
    expect(nextOf(['seen at', 'How did you like it?'])).not.toContain('--delimiter')
  })
})
