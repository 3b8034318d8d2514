import { expect, test } from 'vitest'
import { forecastImport } from '../../src/main/importing/forecast'
import { previewImport } from '../../src/main/importing/preview'
import type { ReadingOverrides } from '../../src/shared/reading'
import { imported, load, pairs, store, write } from './import-library'
import { mappingOf } from './recognised-mapping'

const text = `user,item\n${['ann', 'anonymous', ' anonymous', 'bob', 'unknown', 'cid', 'dan', '="anonymous"']
  .map((user, row) => `${user},i${row}`)
  .join('\n')}\n`
const preview = (reading: ReadingOverrides) =>
  previewImport({ ratings: [write('u.csv', text)], items: null, reading }, store.library)

test('users who stand for nobody are left out where a person says so, and the warning names the option with their ids', async () => {
  const unaided = await preview({})
  expect(unaided.warnings.filter((warning) => warning.includes('for nobody'))).toEqual([
    expect.stringContaining('use --drop-users "anonymous,unknown" (in the app: Leave out users)'),
  ])
  const reading: ReadingOverrides = { dropUsers: ['anonymous', 'unknown'] }
  const again = await preview(reading)
  expect(again.warnings.filter((warning) => warning.includes('for nobody'))).toEqual([])
  expect(again.choices).toContainEqual(
    expect.objectContaining({
      value: 'users left out: “anonymous”, “unknown”',
      certainty: 'certain',
      evidence: 'It was chosen. “anonymous” in 3 rows, “unknown” in 1 row.',
    }),
  )
  const result = await load(write('u.csv', text), mappingOf(again), { reading })
  expect(Object.keys(imported(result)).sort()).toEqual(['ann', 'bob', 'cid', 'dan'])
  expect([result.rejected, result.leftOut]).toEqual([0, 4])
  expect(result.choices.map(({ value }) => value)).toContain('users left out: “anonymous”, “unknown”')
  const forecast = await forecastImport(
    { ratings: [write('u.csv', text)], mapping: pairs, duplicates: 'last', reading },
    store.library,
  )
  expect([forecast.users, forecast.rejected]).toEqual([4, []])
  expect(forecast.leftOut.reduce((sum, { rows }) => sum + rows, 0)).toBe(4)
  expect(forecast.leftOut.map(({ what }) => what)).toContain('user unknown')
})

test('a user to be left out who is not in the files is reported', async () => {
  const reading: ReadingOverrides = { dropUsers: ['Anonymous'] }
  const again = await preview(reading)
  expect(again.warnings.join()).toContain('no user to leave out is called “Anonymous” is a guess')
  const result = await load(write('u.csv', text), mappingOf(again), { reading })
  expect([result.leftOut, result.users]).toEqual([0, 6])
  expect(result.choices.map(({ value }) => value)).toContain('no user to leave out is called “Anonymous”')
})
