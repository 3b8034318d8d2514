import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { importResult } from '../../src/shared/datasets'
import type { DatasetId } from '../../src/shared/ids'
import { libraryBackup } from '../../src/shared/library'
import { smallDisk } from '../reliability/attacks/full-disk'
import { newDesk, type Desk } from './vasp.fixture'
import {
  ratingsMapping,
  resultOf,
  startStudio,
  startTraining,
  tinyVasp,
  waitFor,
  writeRatings,
  type Studio,
} from './studio.fixture'

/** The result of one of the library's streams, and the stages on the way. */
async function followed<Result>(
  events: AsyncIterable<{ type: 'step'; step: { stage: string } } | { type: 'done'; result: Result }>,
): Promise<{ stages: string[]; result: Result }> {
  const stages: string[] = []
  for await (const event of events) {
    if (event.type === 'done') return { stages, result: event.result }
    stages.push(event.step.stage)
  }
  throw new Error('It ended without a result.')
}

async function importPlanted({ engine, library }: Studio, name = 'planted'): Promise<DatasetId> {
  const file = join(library, 'ratings.csv')
  writeRatings(file, 300, 20)
  const { job } = await engine.client.datasets.import({
    name,
    ratings: [engine.registerFile(file)],
    items: null,
    mapping: ratingsMapping,
    itemMapping: null,
  })
  return importResult.parse(await resultOf(engine, job)).dataset
}

describe('a running host', () => {
  let studio: Studio
  let dataset: DatasetId
  beforeEach(async () => {
    studio = await startStudio()
    dataset = await importPlanted(studio)
  })
  afterEach(() => studio.remove())

  it('backs up on its own once, and again when a day has passed and something has changed', async () => {
    const { backups, store } = studio.engine.context
    const { client } = studio.engine
    await backups.look()
    await backups.look()
    const [first, ...more] = (await client.library.status()).backups
    expect(more).toEqual([])
    expect(first).toMatchObject({ reason: 'scheduled' })
    // A day later by the backup's own date.
    const description = join(studio.library, 'backups', (first?.file ?? '').replace(/\.db$/, '.json'))
    writeFileSync(
      description,
      JSON.stringify({ ...first, createdAt: new Date(Date.now() - 25 * 3_600_000).toISOString() }),
    )
    await backups.look()
    expect((await client.library.status()).backups).toHaveLength(1)
    store.datasets.rename(dataset, 'renamed')
    await backups.look()
    expect((await client.library.status()).backups).toHaveLength(2)
    await client.system.writeSettings({ automaticBackups: false })
    store.datasets.rename(dataset, 'again')
    rmSync(join(studio.library, 'backups'), { recursive: true })
    await backups.look()
    expect((await client.library.status()).backups).toEqual([])
    // A failure is reported.
    writeFileSync(join(studio.library, 'backups'), 'a file where the folder was')
    await client.system.writeSettings({ automaticBackups: true })
    await backups.look()
    expect(backups.failure).toMatchObject({ message: expect.stringMatching(/\.$|\)$/) as string })
    rmSync(join(studio.library, 'backups'))
  })

  it('checks, backs up and restores, step by step, and continues with the restored library', async () => {
    const { client } = studio.engine
    const checked = await followed(await client.library.check())
    expect(checked.result.findings).toEqual([])
    const { result: backup, stages } = await followed(await client.library.backUp())
    expect(stages).toContain('Copying the database')
    await importPlanted(studio, 'later')
    expect((await client.datasets.list()).map(({ name }) => name)).toEqual(['later', 'planted'])
    const { result } = await followed(await client.library.restore({ file: backup.file }))
    expect(result.findings).toEqual([])
    expect((await client.datasets.list()).map(({ name }) => name)).toEqual(['planted'])
    const { job } = await startTraining(studio.engine, dataset, 'popularity', {})
    await resultOf(studio.engine, job)
    expect((await client.library.status()).lastCheck?.findings).toEqual([])
    expect(await client.library.deleteBackup({ file: backup.file })).toEqual({ freedBytes: backup.bytes })
  })

  it('does not restore while a job runs', async () => {
    const { client } = studio.engine
    const { result: backup } = await followed(await client.library.backUp())
    const { job } = await startTraining(studio.engine, dataset, 'vasp', {
      ...tinyVasp,
      stages: '1e-3x1000',
      patience: 0,
    })
    await waitFor(studio.engine, job, ({ type }) => type === 'epoch')
    await expect(followed(await client.library.restore({ file: backup.file }))).rejects.toMatchObject({
      data: { code: 'CONFLICT', message: expect.stringContaining('is running') as string },
    })
    await client.jobs.cancel({ job })
  })
})

describe('commands of seconds', () => {
  let desk: Desk
  beforeEach(() => {
    desk = newDesk()
  })
  afterEach(() => desk.remove())

  const backups = (): string[] =>
    readdirSync(join(desk.library, 'backups'))
      .filter((name) => name.endsWith('.db'))
      .sort()
  /** Dates the only backup this many hours from now. */
  const date = (hours: number): void => {
    const description = join(desk.library, 'backups', (backups()[0] ?? '').replace(/\.db$/, '.json'))
    const known = libraryBackup.parse(JSON.parse(readFileSync(description, 'utf8')))
    const createdAt = new Date(Date.now() + hours * 3_600_000).toISOString()
    writeFileSync(description, JSON.stringify({ ...known, createdAt }))
  }
  const said = 'Backing up the library'
  const run = async (...args: string[]): Promise<string> => {
    const { code, stderr } = await desk.vasp(...args)
    expect(code, stderr).toBe(0)
    return stderr
  }

  it('back up once a day at their end, where they changed something, and once where the last date is in the future', async () => {
    const ratings = join(desk.folder, 'ratings.csv')
    writeRatings(ratings, 300, 20)
    expect(await run('import', ratings, '--name', 'planted')).toContain(said)
    expect(backups()).toEqual([expect.stringMatching(/^library-1-.*-scheduled\.db$/)])
    expect(await run('train', '--data', 'planted', '--model', 'popularity')).not.toContain(said)
    for (const [at, hours] of [-25, 24 * 365].entries()) {
      date(hours)
      expect(await run('runs')).not.toContain(said)
      expect(await run('rename', 'run', '1', `name ${at}`, '--json')).toContain(said)
      const [older = '', newer, ...more] = backups()
      expect([older, newer, more]).toEqual([
        expect.stringContaining(`library-${at + 1}-`),
        expect.stringContaining(`library-${at + 2}-`),
        [],
      ])
      rmSync(join(desk.library, 'backups', older))
      // Recommending writes, but nothing that a backup is for.
      date(-25)
      expect(await run('recommend', '--run', '1', '--user', '1')).not.toContain(said)
      date(-1)
      expect(await run('rename', 'run', '1', `other ${at}`)).not.toContain(said)
    }
    const silent = await desk.vasp('library', 'backups', '--json')
    expect(silent.stderr).toBe('')
  })

  it('warn where there is no room for it, and have done their work', async () => {
    const ratings = join(desk.folder, 'ratings.csv')
    writeRatings(ratings, 300, 20)
    await run('import', ratings, '--name', 'planted')
    date(-25)
    const disk = smallDisk(mkdtempSync(join(tmpdir(), 'vasp-no-room-')), desk.library, 100)
    try {
      const { code, stderr } = await desk.vasp('--library', disk.library, 'rename', 'dataset', 'planted', 'renamed')
      expect(code).toBe(0)
      expect(stderr).toMatch(/^warning: No backup was made: it needs .* Free some space/m)
      expect(stderr).not.toContain(said)
      expect((await desk.vasp('--library', disk.library, 'datasets')).stdout).toContain('renamed')
    } finally {
      disk.remove()
    }
  })
})

describe('other people on the machine', () => {
  let desk: Desk
  beforeAll(() => {
    desk = newDesk()
  })
  afterAll(() => desk.remove())

  it('see nothing of a library, and files that were asked for are as the user makes files', async () => {
    const before = process.umask(0o022)
    try {
      const ratings = join(desk.folder, 'ratings.csv')
      writeRatings(ratings, 300, 20)
      const out = join(desk.folder, 'lists.csv')
      for (const args of [
        ['import', ratings, '--name', 'planted'],
        ['train', '--data', 'planted', '--model', 'ease'],
        ['recommend', '--run', '1', '--user', '1'],
        ['export', '--run', '1', '--all', '--out', out],
        ['split', 'export', '--data', 'planted', '--out', join(desk.folder, 'split.json')],
        ['library', 'backup'],
        ['library', 'check'],
        ['library', 'restore'],
      ])
        expect((await desk.vasp(...args)).code, args.join(' ')).toBe(0)
      const open = readdirSync(desk.library, { recursive: true, encoding: 'utf8' })
        .concat('')
        .filter((name) => (lstatSync(join(desk.library, name)).mode & 0o077) !== 0)
      expect(open).toEqual([])
      expect(lstatSync(out).mode & 0o777).toBe(0o644)
      expect(lstatSync(join(desk.folder, 'split.json')).mode & 0o777).toBe(0o644)
    } finally {
      process.umask(before)
    }
  })
})
