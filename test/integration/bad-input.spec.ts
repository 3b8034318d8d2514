import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { datasetId, exportId, runId, type DatasetId } from '../../src/shared/ids'
import type { ErrorCode } from '../../src/shared/errors'
import {
  endOf,
  importSample,
  newLibrary,
  ratingsMapping,
  startStudio,
  startTraining,
  fewItems,
  tinyVasp,
  writeRatings,
  type Studio,
} from './studio.fixture'

/** Every failure says a sentence with the cause and one with what to do. */
const sentence = (code: ErrorCode, message: RegExp): unknown => ({
  code,
  message: expect.stringMatching(message),
  next: expect.stringMatching(/^[A-Z].+\.$/s),
})

describe('bad input', () => {
  let studio: Studio
  let folder: string

  beforeAll(async () => {
    studio = await startStudio()
    folder = mkdtempSync(join(tmpdir(), 'vasp-bad-'))
  })
  afterAll(async () => {
    await studio.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  const write = (name: string, content: string | Buffer): string => {
    const file = join(folder, name)
    writeFileSync(file, content)
    return file
  }

  const sample = async (): Promise<DatasetId> =>
    (await studio.engine.client.datasets.list())[0]?.id ?? (await importSample(studio.engine))

  async function failureOfImport(file: string, mapping = ratingsMapping): Promise<unknown> {
    const { job } = await studio.engine.client.datasets.import({
      name: 'bad',
      ratings: [studio.engine.registerFile(file)],
      items: null,
      mapping,
      itemMapping: null,
    })
    const end = await endOf(studio.engine, job)
    expect(await studio.engine.client.datasets.list()).toEqual([])
    return end.type === 'failed' ? end.error : end
  }

  it('an empty file', async () => {
    expect(await failureOfImport(write('empty.csv', ''))).toEqual(sentence('BAD_INPUT', /empty\.csv.*empty/))
  })

  it('a file with a header and no rows, and one with no usable row', async () => {
    const header = 'userId,movieId,rating,timestamp\n'
    expect(await failureOfImport(write('header.csv', header))).toEqual(sentence('BAD_INPUT', /header\.csv|row/))
    const unusable = write('unusable.csv', `${header},,4,1\n,2,4,1\n`)
    expect(await failureOfImport(unusable)).toEqual(sentence('BAD_INPUT', /row/))
  })

  it('a file that is no table', async () => {
    const pdf = write('ratings.csv', Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(4096, 0)]))
    expect(await failureOfImport(pdf)).toEqual(sentence('BAD_INPUT', /ratings\.csv/))
  })

  it('a column that the file does not have', async () => {
    const file = write('columns.csv', 'userId,movieId\n1,2\n')
    const mapping = { ...ratingsMapping, user: 'person' }
    expect(await failureOfImport(file, mapping)).toEqual(sentence('BAD_INPUT', /person/))
  })

  it('a mapping without a user column', async () => {
    const ratings = [studio.engine.registerFile(write('m.csv', 'userId,movieId\n1,2\n'))]
    const request = { name: 'x', ratings, items: null, mapping: { ...ratingsMapping, user: '' }, itemMapping: null }
    await expect(studio.engine.client.datasets.import(request)).rejects.toMatchObject({
      data: sentence('BAD_INPUT', /mapping\.user/),
    })
  })

  it('a file that is not there, and a folder', () => {
    expect(() => studio.engine.registerFile(join(folder, 'missing.csv'))).toThrow(/There is no file .*missing\.csv/)
    expect(() => studio.engine.registerFile(folder)).toThrow(/not a file/)
  })

  it('ids of nothing', async () => {
    const { client } = studio.engine
    const nothing = 4711
    const run = runId.parse(nothing)
    const id = datasetId.parse(nothing)
    const who = { kind: 'user', user: '1' } as const
    const failing: (() => Promise<unknown>)[] = [
      () => client.runs.get({ run }),
      () => client.runs.delete({ run }),
      () => client.runs.evaluate({ run, users: null }),
      () => client.explore.recommend({ run, who, k: 1 }),
      () => client.explore.explain({ run, who, item: null }),
      () => client.exports.create({ run, users: 'all', k: 1 }),
      () => client.exports.delete({ id: exportId.parse(nothing) }),
      () => client.datasets.get({ id }),
      () => client.datasets.delete({ id }),
      () => startTraining(studio.engine, id, 'vasp', {}),
    ]
    for (const ask of failing) {
      await expect(ask()).rejects.toMatchObject({ data: sentence('NOT_FOUND', /4711/) })
    }
  })

  it('a setting that the model does not have, or cannot have', async () => {
    const id = await sample()
    const { client } = studio.engine
    for (const [key, value] of [
      ['hiden', 5],
      ['hidden', -1],
    ] as const) {
      await expect(startTraining(studio.engine, id, 'vasp', { [key]: value })).rejects.toMatchObject({
        data: sentence('BAD_INPUT', new RegExp(key)),
      })
    }
    expect(await client.runs.list({ dataset: null })).toEqual([])
  })

  it('a threshold that leaves nothing to train on', async () => {
    const dataset = await sample()
    const started = await studio.engine.client.runs.train({
      dataset,
      model: 'popularity',
      preset: null,
      overrides: {},
      seed: 1,
      preparation: { threshold: 100, minInteractions: 5 },
      split: { seed: 1, test: 60, validation: 60, foldIn: 0.8 },
      name: null,
    })
    const end = await endOf(studio.engine, started.job)
    expect(end.type === 'failed' && end.error).toEqual(sentence('BAD_INPUT', /\S/))
    expect(await studio.engine.client.runs.get({ run: started.run })).toMatchObject({ usable: false })
    const who = { kind: 'user', user: '1' } as const
    await expect(studio.engine.client.explore.recommend({ run: started.run, who, k: 1 })).rejects.toMatchObject({
      data: sentence('BAD_INPUT', /no trained weights/),
    })
  })

  it('weights that were damaged on disk, until they are put right', async () => {
    const dataset = await sample()
    const { run, job } = await startTraining(
      studio.engine,
      dataset,
      'vasp',
      { ...tinyVasp, stages: '1e-3x1' },
      fewItems,
    )
    expect((await endOf(studio.engine, job)).type).toBe('finished')
    const weights = join(studio.library, 'weights')
    const name = readdirSync(weights).find((file) => file.startsWith(`run-${run}-`)) ?? ''
    const intact = readFileSync(join(weights, name))
    const flipped = Buffer.from(intact)
    flipped[flipped.length - 2] = (flipped.at(-2) ?? 0) ^ 1
    const who = { kind: 'user', user: '1' } as const
    for (const content of [flipped, 'not tensors']) {
      writeFileSync(join(weights, name), content)
      await expect(studio.engine.client.explore.recommend({ run, who, k: 1 })).rejects.toMatchObject({
        data: sentence('DAMAGED_FILE', /run-.*SHA-256/),
      })
    }
    writeFileSync(join(weights, name), intact)
    expect((await studio.engine.client.explore.recommend({ run, who, k: 1 })).items).toHaveLength(1)
  })
})

describe('a database of a newer version', () => {
  it('opens read-only, shows what it holds and says why nothing can be changed', async () => {
    const library = newLibrary()
    const before = await startStudio(library)
    const id = await importSample(before.engine)
    await before.close()
    const database = new Database(join(library, 'library.db'))
    // A newer version has other tables; a version number alone is taken for damage.
    database.exec('CREATE TABLE newer (id INTEGER PRIMARY KEY)')
    database.pragma('user_version = 999')
    database.close()

    const studio = await startStudio(library)
    const { client } = studio.engine
    expect(await client.system.about()).toMatchObject({ readOnly: true })
    expect((await client.datasets.list()).map((found) => found.id)).toEqual([id])
    for (const change of [
      () => client.datasets.rename({ id, name: 'x' }),
      () => client.datasets.delete({ id }),
      () => client.datasets.importSample(),
      () => startTraining(studio.engine, id, 'popularity', {}),
    ]) {
      await expect(change()).rejects.toMatchObject({ data: sentence('NEWER_DATABASE', /newer version/) })
    }
    await studio.remove()
  })
})

/** A small file system of its own can be mounted by root only. */
const mayMount = process.platform === 'linux' && process.getuid?.() === 0

describe.skipIf(!mayMount)('a full disk (needs root to mount a small one)', () => {
  it('fails the import with the cause, leaves no data set and the library usable', async () => {
    const library = join(newLibrary(), 'small')
    mkdirSync(library)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', library])
    const folder = newLibrary()
    const studio = await startStudio(library)
    try {
      const file = join(folder, 'ratings.csv')
      writeRatings(file, 40_000, 60)
      const { job } = await studio.engine.client.datasets.import({
        name: 'too large',
        ratings: [studio.engine.registerFile(file)],
        items: null,
        mapping: ratingsMapping,
        itemMapping: null,
      })
      const end = await endOf(studio.engine, job)
      expect(end.type === 'failed' && end.error).toEqual(sentence('DISK_FULL', /full|space/))
      expect(await studio.engine.client.datasets.list()).toEqual([])
      expect((await studio.engine.client.jobs.list())[0]).toMatchObject({ id: job, state: 'failed' })
      await expect(
        studio.engine.client.system.openUpload({ name: 'large.csv', bytes: 50_000_000 }),
      ).rejects.toMatchObject({ data: sentence('DISK_FULL', /large\.csv/) })
      expect(readdirSync(join(library, 'weights'))).toEqual([])
    } finally {
      await studio.close()
      execFileSync('umount', [library])
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
