import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importResult, type DuplicatePolicy, type ImportTarget } from '../../src/shared/datasets'
import { datasetId, type DatasetId } from '../../src/shared/ids'
import {
  endOf,
  ratingsMapping,
  resultOf,
  startStudio,
  startTraining,
  writeRatings,
  type Studio,
} from './studio.fixture'

let studio: Studio
beforeAll(async () => {
  studio = await startStudio()
})
afterAll(() => studio.remove())

const importFile = async (file: string, name: string, into: ImportTarget | null) => {
  const { engine } = studio
  return engine.client.datasets.import({
    name,
    ratings: [engine.registerFile(file)],
    items: null,
    mapping: ratingsMapping,
    itemMapping: null,
    into,
  })
}
const imported = async (file: string, name: string, into: ImportTarget | null = null): Promise<DatasetId> =>
  importResult.parse(await resultOf(studio.engine, (await importFile(file, name, into)).job)).dataset

/** Files with the header of `writeRatings`. */
const ratings = (name: string, rows: readonly string[]): string => {
  const file = join(studio.library, name)
  writeFileSync(file, ['userId,movieId,rating,timestamp', ...rows].join('\n'))
  return file
}

describe('versions of a data set', () => {
  let first: DatasetId
  let second: DatasetId

  it('append has the same result as importing both files; the run keeps its version', async () => {
    const { client } = studio.engine
    const planted = join(studio.library, 'planted.csv')
    writeRatings(planted, 200, 12)
    first = await imported(planted, 'planted')
    const { run, job } = await startTraining(studio.engine, first, 'popularity', {})
    await resultOf(studio.engine, job)

    const newer = ratings('newer.csv', ['1,100,3,2000000', 'new,100,5,2000000', 'new,brand-new,4,2000001'])
    second = await imported(newer, 'ignored', { dataset: first, how: 'append' })
    expect(await client.datasets.get({ id: second })).toMatchObject({
      name: 'planted',
      version: 2,
      newest: true,
      origin: 'append',
      users: 201,
    })
    const { engine } = studio
    const both = await client.datasets.import({
      name: 'both at once',
      ratings: [engine.registerFile(planted), engine.registerFile(newer)],
      items: null,
      mapping: ratingsMapping,
      itemMapping: null,
    })
    const whole = importResult.parse(await resultOf(engine, both.job)).dataset
    const { fingerprint } = await client.datasets.get({ id: whole })
    expect((await client.datasets.get({ id: second })).fingerprint).toBe(fingerprint)

    const trained = await client.runs.get({ run })
    expect(trained).toMatchObject({ dataset: first, datasetVersion: 1, datasetName: 'planted' })
    expect(trained.fingerprint).toBe((await client.datasets.get({ id: first })).fingerprint)
    const { items } = await client.explore.recommend({ run, who: { kind: 'user', user: '1' }, k: 3 })
    expect(items).toHaveLength(3)
    await expect(client.explore.recommend({ run, who: { kind: 'user', user: 'new' }, k: 3 })).rejects.toMatchObject({
      data: { code: 'NOT_FOUND' },
    })
  })

  it('append keeps the rule for duplicates, and does not mix counts with ratings', async () => {
    const { engine } = studio
    const request = (name: string, rows: string[], into: ImportTarget | null, duplicates?: DuplicatePolicy) => ({
      name,
      ratings: [engine.registerFile(ratings(`${name}.csv`, rows))],
      items: null,
      mapping: { ...ratingsMapping, rating: null },
      itemMapping: null,
      into,
      ...(duplicates ? { duplicates } : {}),
    })
    const done = async (asked: ReturnType<typeof request>): Promise<DatasetId> =>
      importResult.parse(await resultOf(engine, (await engine.client.datasets.import(asked)).job)).dataset
    const counted = await done(request('plays', ['1,a,5,1', '1,a,5,2', '2,a,5,3'], null, 'count'))
    const into = { dataset: counted, how: 'append' } as const
    const more = await done(request('more', ['1,a,5,4', '3,a,5,5'], into))
    expect(await engine.client.datasets.get({ id: more })).toMatchObject({
      ratingHistogram: [
        { rating: 1, count: 2 },
        { rating: 3, count: 1 },
      ],
      duplicates: 1,
    })
    await expect(engine.client.datasets.import(request('again', ['1,a,5,4'], into, 'last'))).rejects.toMatchObject({
      data: { code: 'BAD_INPUT', message: expect.stringMatching(/counts how often/) as string },
    })
    await engine.client.datasets.delete({ id: counted, versions: 'all' })
  })

  it('refresh has only the content of the file', async () => {
    const { client } = studio.engine
    const only = ratings('only.csv', ['7,1,5,1', '7,2,5,2', '8,1,5,3'])
    const third = await imported(only, 'ignored', { dataset: second, how: 'refresh' })
    const detail = await client.datasets.get({ id: third })
    expect(detail).toMatchObject({ version: 3, users: 2, items: 2, interactions: 3 })
    expect(detail.versions.map(({ version }) => version)).toEqual([3, 2, 1])
  })

  it('a worker counts the profile of a version, once', async () => {
    const { client } = studio.engine
    const profile = await client.datasets.profile({ id: first })
    const { interactions, items } = await client.datasets.get({ id: first })
    expect(profile.overTime).toEqual([{ period: '1970-01', interactions }])
    expect(profile.popularity.at(-1)?.rank).toBe(items)
    expect(profile.perItem.reduce((sum, group) => sum + group.items, 0)).toBe(items)
    const workers = studio.workers.length
    expect(await client.datasets.profile({ id: first })).toEqual(profile)
    expect(studio.workers).toHaveLength(workers)
    await expect(client.datasets.profile({ id: datasetId.parse(999) })).rejects.toMatchObject({
      data: { code: 'NOT_FOUND' },
    })
  })

  it('a new version that fails leaves the versions as they were', async () => {
    const { client } = studio.engine
    const before = await client.datasets.list()
    const broken = ratings('broken.csv', ['1,1,nothing,1'])
    const { job } = await importFile(broken, 'ignored', { dataset: second, how: 'append' })
    expect(await endOf(studio.engine, job)).toMatchObject({ type: 'failed', error: { code: 'BAD_INPUT' } })
    expect(await client.datasets.list()).toEqual(before)
  })

  it('deleting lists what is deleted, then frees the space on the disk', async () => {
    const { client } = studio.engine
    expect(await client.datasets.dependents({ id: second })).toMatchObject({ versions: [{ version: 2 }], runs: [] })
    expect(await client.datasets.dependents({ id: second, versions: 'all' })).toMatchObject({
      versions: [{ version: 3 }, { version: 2 }, { version: 1 }],
      runs: [{ name: expect.any(String) as string }],
      exports: 0,
    })
    const big = join(studio.library, 'big.csv')
    writeRatings(big, 20_000, 20)
    const grown = await imported(big, 'planted', { dataset: first, how: 'append' })
    const file = join(studio.library, 'library.db')
    const before = statSync(file).size
    const { freedBytes } = await client.datasets.delete({ id: grown })
    expect(freedBytes).toBeGreaterThan(1_000_000)
    expect(statSync(file).size).toBeLessThan(before - 1_000_000)
    expect((await client.datasets.get({ id: first })).versions.map(({ version }) => version)).toEqual([3, 2, 1])

    await client.datasets.delete({ id: first, versions: 'all' })
    expect((await client.datasets.list()).map(({ name }) => name)).toEqual(['both at once'])
    expect(await client.runs.list({ dataset: null })).toEqual([])
  })
})
