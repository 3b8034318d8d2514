import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { importResult, type ImportTarget } from '../../src/shared/datasets'
import type { DatasetId } from '../../src/shared/ids'
import type { JobEvent } from '../../src/shared/jobs'
import { endOf, ratingsMapping, resultOf, startStudio, writeRatings, type Studio } from './studio.fixture'

/** Two hosts on one library, with workers of their own. */
let one: Studio
let other: Studio
let first: DatasetId
beforeEach(async () => {
  one = await startStudio()
  other = await startStudio(one.library)
  const file = join(one.library, 'ratings.csv')
  writeRatings(file, 2000, 20)
  first = importResult.parse(await resultOf(one.engine, await importFile(one, file, 'films', null))).dataset
})
afterEach(async () => {
  await other.close()
  await one.remove()
})

async function importFile({ engine }: Studio, file: string, name: string, into: ImportTarget | null) {
  const { job } = await engine.client.datasets.import({
    name,
    ratings: [engine.registerFile(file)],
    items: null,
    mapping: ratingsMapping,
    itemMapping: null,
    into,
  })
  return job
}

/** A file of one user, called by its name. */
function fileOf(user: string): string {
  const file = join(one.library, `${user}.csv`)
  writeFileSync(file, `userId,movieId,rating,timestamp\n${user},100,5,1000000\n`)
  return file
}

const begin = (studio: Studio, user: string, how: ImportTarget['how'] | null, name = 'films') =>
  importFile(studio, fileOf(user), name, how && { dataset: first, how })

const has = async (id: DatasetId, user: string): Promise<boolean> =>
  (await one.engine.client.datasets.users({ id, query: user, limit: 1 })).some((found) => found.id === user)

const newest = async () => {
  const versions = await one.engine.client.datasets.list()
  return versions.filter(({ name }) => name === 'films').sort((a, b) => b.version - a.version)
}

const refused = (event: JobEvent): boolean => event.type === 'failed' && event.error.code === 'CONFLICT'

it.each([
  ['append', 'append'],
  ['append', 'refresh'],
  ['refresh', 'refresh'],
] as const)('%s and %s at once: the newest version lacks nothing of what finished before it', async (how, alsoHow) => {
  const jobs = await Promise.all([begin(one, 'ann', how), begin(other, 'bob', alsoHow)])
  const ends = await Promise.all([endOf(one.engine, jobs[0]), endOf(other.engine, jobs[1])])
  expect(ends.every((end) => end.type === 'finished' || refused(end))).toBe(true)
  const finished = ends.filter(({ type }) => type === 'finished').length
  const versions = await newest()
  expect(versions.map(({ version }) => version)).toEqual(finished === 2 ? [3, 2, 1] : [2, 1])
  const last = versions[0]
  if (!last) throw new Error('no version is left')
  for (const [at, user] of ['ann', 'bob'].entries()) {
    const mustHave = ends[at]?.type === 'finished' && (last.origin === 'append' || finished === 1)
    if (mustHave) expect(await has(last.id, user)).toBe(true)
    if (ends[at]?.type !== 'finished') expect(await has(last.id, user)).toBe(false)
  }
})

it('two appends that wait in one host are both in the newest version', async () => {
  const jobs = [await begin(one, 'ann', 'append'), await begin(one, 'bob', 'append')]
  for (const job of jobs) expect(await endOf(one.engine, job)).toMatchObject({ type: 'finished' })
  const [last] = await newest()
  expect(last?.version).toBe(3)
  expect(await has(last!.id, 'ann')).toBe(true)
  expect(await has(last!.id, 'bob')).toBe(true)
})

it('two imports of one name: one is refused and leaves nothing', async () => {
  const jobs = await Promise.all([begin(one, 'ann', null, 'series'), begin(other, 'bob', null, 'series')])
  const ends = await Promise.all([endOf(one.engine, jobs[0]), endOf(other.engine, jobs[1])])
  expect(ends.map(({ type }) => type).sort()).toEqual(['failed', 'finished'])
  expect(ends.filter(refused)).toHaveLength(1)
  expect((await one.engine.client.datasets.list()).filter(({ name }) => name === 'series')).toHaveLength(1)
})

it('deleting, and joining metadata, are refused while files are added', async () => {
  const job = await begin(one, 'ann', 'append')
  const conflict = { data: { code: 'CONFLICT' } }
  const items = join(one.library, 'items.csv')
  writeFileSync(items, 'movieId,title\n100,Heat\n')
  await expect(other.engine.client.datasets.delete({ id: first })).rejects.toMatchObject(conflict)
  const joining = { dataset: first, file: other.engine.registerFile(items), item: null }
  await expect(other.engine.client.datasets.describe(joining)).rejects.toMatchObject(conflict)
  expect(await endOf(one.engine, job)).toMatchObject({ type: 'finished' })
  expect(await newest()).toHaveLength(2)
})
