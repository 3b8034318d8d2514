import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { importResult } from '../../src/shared/datasets'
import type { DatasetId } from '../../src/shared/ids'
import { smallDisk, type SmallDisk } from '../reliability/attacks/full-disk'
import {
  newLibrary,
  ratingsMapping,
  resultOf,
  startStudio,
  startTraining,
  writeRatings,
  type Studio,
} from './studio.fixture'
import { newDesk } from './vasp.fixture'

let base: string
let dataset: DatasetId
let disk: SmallDisk
const listed = z.object({ runs: z.array(z.object({ id: z.number() })) })

beforeAll(async () => {
  base = newLibrary()
  const studio = await startStudio(base)
  const file = join(base, 'ratings.csv')
  writeRatings(file, 400, 30)
  const { client } = studio.engine
  const { job } = await client.datasets.import({
    name: 'planted',
    ratings: [studio.engine.registerFile(file)],
    items: null,
    mapping: ratingsMapping,
    itemMapping: null,
  })
  dataset = importResult.parse(await resultOf(studio.engine, job)).dataset
  await resultOf(studio.engine, (await startTraining(studio.engine, dataset, 'ease', { lambdas: '100' })).job)
  const { run, job: training } = await startTraining(studio.engine, dataset, 'popularity', {})
  await resultOf(studio.engine, training)
  await resultOf(studio.engine, (await client.exports.create({ run, users: 'all', k: 5 })).job)
  await studio.close()
})
afterAll(() => rmSync(base, { recursive: true, force: true }))

beforeEach(() => (disk = smallDisk(mkdtempSync(join(tmpdir(), 'vasp-full-disk-')), base, 160)))
afterEach(() => disk.remove())

describe('on a disk without a free byte', () => {
  for (const reserve of ['with its reserve', 'with its reserve used up'] as const)
    it(`a library ${reserve} opens and is read`, async () => {
      if (reserve === 'with its reserve used up') disk.useUpReserve()
      disk.fill()
      const { code, stdout, stderr } = await newDesk().vasp('--library', disk.library, 'runs', '--json')
      expect(stderr).not.toContain('error')
      expect(code).toBe(0)
      expect(listed.parse(JSON.parse(stdout)).runs).toHaveLength(2)
    })

  it('a new start deletes runs, exports and data sets, one after the other, though others take at once what that frees', async () => {
    const desk = newDesk()
    const vasp = (...args: string[]): ReturnType<typeof desk.vasp> => desk.vasp('--library', disk.library, ...args)
    for (const what of [
      ['run', '2'],
      ['run', '1'],
      ['dataset', 'planted'],
    ]) {
      disk.fill()
      expect(disk.free()).toBe(0)
      expect((await vasp('delete', ...what, '--yes')).code, what.join(' ')).toBe(0)
    }
    disk.clear()
    expect(await vasp('library', 'check')).toMatchObject({ code: 0 })
    expect(readdirSync(join(disk.library, 'weights'))).toEqual([])
    expect((await vasp('datasets')).stdout).toContain('No data sets yet')
  })

  it('a running host deletes runs, exports and data sets', async () => {
    const host: Studio = await startStudio(disk.library)
    const { client } = host.engine
    const [newest, oldest] = await client.runs.list({ dataset })
    const [written] = await client.exports.list()
    if (!newest || !oldest || !written) throw new Error('The library is not what it should be.')
    disk.fill()
    await client.exports.delete({ id: written.id })
    disk.fill()
    await client.runs.delete({ run: newest.id })
    disk.fill()
    await client.runs.delete({ run: oldest.id })
    disk.fill()
    await client.datasets.delete({ id: dataset, versions: 'all' })
    expect(await client.datasets.list()).toEqual([])
    await host.close()
    disk.clear()
    expect(await newDesk().vasp('--library', disk.library, 'library', 'check')).toMatchObject({ code: 0 })
  })

  it('with nothing left to give up, refuses in words and loses nothing', async () => {
    disk.useUpReserve()
    disk.fill()
    const desk = newDesk()
    const failure = await desk.failure('--library', disk.library, 'delete', 'run', '2', '--yes')
    expect(failure).toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining('full') as string })
    disk.clear()
    expect((await desk.vasp('--library', disk.library, 'library', 'check')).code).toBe(0)
    expect((await desk.vasp('--library', disk.library, 'delete', 'run', '2', '--yes')).code).toBe(0)
  })
})
