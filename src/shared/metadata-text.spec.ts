import { expect, it } from 'vitest'
import { metadataResult } from './datasets'
import { metadataSentences } from './metadata-text'

const told = (title: string | null, genres: string | null, attributes: string[]): string =>
  metadataSentences(
    metadataResult.parse({
      dataset: 1,
      item: 'sku',
      title,
      genres,
      attributes,
      matched: 3,
      unmatchedItems: 0,
      unmatchedItemExamples: [],
      unknownIds: 0,
      unknownIdExamples: [],
      unusableRows: 0,
      choices: [],
    }),
  ).join(' ')

it('says how to use a column as the title or the genres if none was used', () => {
  expect(told(null, null, ['label', 'kind'])).toContain(
    'No column was recognised as title or genres. If one of the attributes is, choose it (--title COLUMN or --genres COLUMN; in the app: Title or Genres).',
  )
  expect(told('name', null, ['kind'])).toContain(
    'recognised as genres. If one of the attributes is, choose it (--genres',
  )
  expect(told('name', null, [])).not.toContain('No column')
  expect(told('name', 'kind', ['price'])).not.toContain('No column')
})
