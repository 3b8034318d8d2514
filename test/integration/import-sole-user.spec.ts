import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewImport } from '../../src/main/importing/preview'
import type { ImportPreview } from '../../src/shared/datasets'
import { store, write } from './import-library'

/** A history of tracks, of which few rows have an episode of a show instead. */
const historyOf = async (
  rows: number,
  columns: Readonly<Record<string, (row: number) => string>>,
): Promise<ImportPreview> => {
  const names = ['ts', 'track_uri', ...Object.keys(columns)]
  const lines = Array.from({ length: rows }, (_, row) =>
    [
      new Date(1_640_000_000_000 + row * 7_919_000).toISOString(),
      row % 9 === 0 ? '' : `spotify:track:${(row * row + 3 * row) % 40}`,
      ...Object.values(columns).map((cell) => cell(row)),
    ].join(','),
  )
  const file = write('history.csv', `${names.join(',')}\n${lines.join('\n')}\n`)
  return await previewImport({ ratings: [file], items: null }, store.library)
}
const sparse = (row: number): string => (row % 9 === 0 ? `spotify:episode:${(row / 9) % 17}` : '')

describe('a history of one person', () => {
  test('has the column that is called a user as its user, whatever ids few rows have', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 40, max: 400 }),
        fc.constantFrom('username', 'User', 'customer_id', 'Benutzer'),
        fc.constantFrom('spotify_episode_uri', 'show_ref', 'xq_id'),
        fc.boolean(),
        async (rows, name, other, first) => {
          const user = { [name]: (): string => 'alexq7' }
          const columns = first ? { ...user, [other]: sparse } : { [other]: sparse, ...user }
          const { mapping, warnings } = await historyOf(rows, columns)
          expect(mapping).toMatchObject({ user: name, item: 'track_uri', time: 'ts' })
          expect(warnings.filter((warning) => warning.includes(': user is a guess'))).toEqual([
            expect.stringContaining(`all ${rows} rows are of one user, “alexq7”`) as string,
          ])
        },
      ),
      { numRuns: 12 },
    )
  })

  test('yields to ids of people in all rows, for whom the user is only who made the export', async () => {
    const columns = { username: (): string => 'admin', xq_id: (row: number): string => `q${(row * 7) % 31}` }
    expect((await historyOf(400, columns)).mapping.user).toBe('xq_id')
  })
})
