import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importResult } from '../../src/shared/datasets'
import type { DatasetId } from '../../src/shared/ids'
import { ratingsMapping, resultOf, startStudio, startTraining, writeRatings, type Studio } from './studio.fixture'

let studio: Studio
let dataset: DatasetId
beforeAll(async () => {
  studio = await startStudio()
  const file = join(studio.library, 'ratings.csv')
  writeRatings(file, 200, 12)
  const { job } = await studio.engine.client.datasets.import({
    name: 'planted',
    ratings: [studio.engine.adoptFile(file)],
    items: null,
    mapping: ratingsMapping,
    itemMapping: null,
  })
  dataset = importResult.parse(await resultOf(studio.engine, job)).dataset
})
afterAll(() => studio.remove())

const describeBy = (name: string, text: string, item: string | null = null) => {
  const file = join(studio.library, name)
  writeFileSync(file, text)
  return studio.engine.client.datasets.describe({ dataset, file: studio.engine.adoptFile(file), item })
}

describe('item metadata joined later', () => {
  it('names items of a run that is there, which stays as it was; both kinds of unmatched ids are told', async () => {
    const { client } = studio.engine
    const { run, job } = await startTraining(studio.engine, dataset, 'popularity', {})
    await resultOf(studio.engine, job)
    const who = { kind: 'user', user: '1' } as const
    const before = await client.explore.recommend({ run, who, k: 3 })
    const [first, second] = before.items
    if (!first || !second) throw new Error('no recommendations')
    const { fingerprint, items } = await client.datasets.get({ id: dataset })

    const result = await describeBy(
      'films.csv',
      [
        'movieId,title,genres,year,director',
        `${first.id},Amélie,Comedy|Romance,2001,Jeunet`,
        `${second.id},,,1995,`,
        'ghost,Nobody,Drama,1900,Unknown',
        ',no id,,,',
      ].join('\n'),
    )
    expect(result).toMatchObject({
      item: 'movieId',
      title: 'title',
      genres: 'genres',
      attributes: ['year', 'director'],
      matched: 2,
      unmatchedItems: items - 2,
      unknownIds: 1,
      unknownIdExamples: ['ghost'],
      unusableRows: 1,
    })

    const after = await client.explore.recommend({ run, who, k: 3 })
    expect(after.items.map(({ id, score }) => [id, score])).toEqual(before.items.map(({ id, score }) => [id, score]))
    expect(after.items[0]).toMatchObject({
      title: 'Amélie',
      genres: ['Comedy', 'Romance'],
      attributes: { year: '2001', director: 'Jeunet' },
    })
    expect(after.items[1]).toMatchObject({ title: second.title, attributes: { year: '1995' } })
    expect(after.items[2]).not.toHaveProperty('attributes')
    expect((await client.datasets.get({ id: dataset })).fingerprint).toBe(fingerprint)
    expect((await client.datasets.items({ id: dataset, query: 'amelie', limit: 5 })).map(({ id }) => id)).toEqual([
      first.id,
    ])

    // By a column that is named; what the file leaves empty stays.
    await describeBy('more.tsv', `code\tyear\tcountry\n${first.id}\t\tFrance\n`, 'code')
    expect((await client.explore.recommend({ run, who, k: 1 })).items[0]).toMatchObject({
      title: 'Amélie',
      attributes: { year: '2001', director: 'Jeunet', country: 'France' },
    })
  })

  it('refuses files that name no item, and columns that are not there, and changes nothing', async () => {
    const { client } = studio.engine
    const before = await client.datasets.items({ id: dataset, query: '', limit: 200 })
    for (const [text, item, message] of [
      ['movieId,title\nx,X\ny,Y\n', null, /None of the 2 ids in column “movieId”/],
      ['movieId,title\n1,X\n', 'isbn', /no column “isbn”/],
      ['colour,size\nred,1\n', null, /which column .* item id/],
    ] as const)
      await expect(describeBy('bad.csv', text, item)).rejects.toMatchObject({
        data: { code: 'BAD_INPUT', message: expect.stringMatching(message) as string },
      })
    expect(await client.datasets.items({ id: dataset, query: '', limit: 200 })).toEqual(before)
  })
})
