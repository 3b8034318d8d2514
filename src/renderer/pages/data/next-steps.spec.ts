import { expect, it } from 'vitest'
import { datasetId, runId } from '../../../shared/ids'
import { nextSteps } from './next-steps'

const films = { id: datasetId.parse(3), interactions: 9, hasRatings: true, hasTimes: true, itemsDescribed: true }
const run = (state: 'finished' | 'cancelled') => ({ id: runId.parse(7), name: 'Ash', status: { state } as const })
const keys = (...given: Parameters<typeof nextSteps>): string[] => nextSteps(...given).map(({ key }) => key)

it('suggests a first model until one is trained, and details only to items without any', () => {
  expect(keys(films, [])).toEqual(['train', 'look', 'compare'])
  expect(keys({ ...films, itemsDescribed: false }, [run('cancelled')])).toEqual(['train', 'describe', 'look'])
  expect(keys(films, [run('cancelled'), run('finished')])).toEqual(['explore', 'look', 'compare'])
  expect(nextSteps(films, [run('finished')])[0]).toMatchObject({ to: { path: '/explore', query: { run: 7 } } })
})

it('offers only columns that the data set has', () => {
  const look = (of: typeof films): string | undefined => nextSteps(of, []).find(({ key }) => key === 'look')?.text
  expect(look(films)).toBe('Check that users, items, values and times of the 9 interactions are what you expect.')
  expect(look({ ...films, hasRatings: false, hasTimes: false })).toContain('that users and items of the 9')
})
