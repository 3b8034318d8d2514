import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { DatasetId, MapId, RunId } from '../../src/shared/ids'
import { importResult } from '../../src/shared/datasets'
import { defaultMapSettings, mapDetail, mapResult, type MapSettings } from '../../src/shared/maps'
import { trainResult } from '../../src/shared/runs'
import {
  endOf,
  eventsOf,
  importSample,
  resultOf,
  startStudio,
  startTraining,
  fewItems,
  tinyVasp,
  waitFor,
  writeRatings,
  type Studio,
} from './studio.fixture'
import { ended, outputMatching, newDesk, type Desk } from './vasp.fixture'

const small: MapSettings = { ...defaultMapSettings, items: 200, perplexity: 15, iterations: 100 }

describe('sensitivity maps', () => {
  let studio: Studio
  let dataset: DatasetId
  let run: RunId
  let map: MapId
  beforeAll(async () => {
    studio = await startStudio()
    dataset = await importSample(studio.engine)
    const started = await startTraining(studio.engine, dataset, 'vasp', tinyVasp, fewItems)
    await resultOf(studio.engine, started.job)
    run = started.run
  })
  afterAll(() => studio.remove())

  const mapOf = async (settings: MapSettings, of = run): Promise<MapId> => {
    const { job } = await studio.engine.client.maps.create({ run: of, settings })
    return mapResult.parse(await resultOf(studio.engine, job)).map
  }

  it('are made by a worker: the most popular items in three plots, with titles, genres and popularity', async () => {
    const { client } = studio.engine
    map = await mapOf(small)
    const detail = await client.maps.get({ id: map })
    expect(detail).toMatchObject({ run, settings: small })
    expect(detail.epoch).toBe((await client.runs.get({ run })).bestEpoch)
    expect(detail.plots.map(({ name }) => name)).toEqual(['joint', 'flvae', 'nease'])
    for (const { x, y } of detail.plots) expect([x.length, y.length]).toEqual([200, 200])
    const popularity = detail.items.map((item) => item.popularity)
    expect(popularity).toEqual([...popularity].sort((a, b) => b - a))
    expect(popularity[0]).toBeGreaterThan(100)
    expect(detail.items.slice(0, 10).map(({ title }) => title)).toContain('Pulp Fiction (1994)')
    expect(detail.items.every(({ genres }) => genres.length > 0)).toBe(true)
  })

  it('take all items of the run, and come out the same again', async () => {
    const all = { ...small, items: null, perplexity: 5 }
    const { client } = studio.engine
    const { job } = await client.maps.create({ run, settings: all })
    const events = await eventsOf(studio.engine, job)
    expect(events.some((event) => event.type === 'progress' && event.progress.stage === 'Placing items')).toBe(true)
    const last = events.at(-1)
    const first = await client.maps.get({ id: mapResult.parse(last?.type === 'finished' ? last.result : last).map })
    const { splitSummary } = await client.runs.get({ run })
    expect(first.items).toHaveLength(splitSummary?.items ?? 0)
    const again = await client.maps.get({ id: await mapOf(all) })
    expect(again.plots).toEqual(first.plots)
    // In place of the first.
    expect((await client.maps.list({ run })).map(({ id }) => id)).toEqual([again.id, map])
  })

  it('are there at once when the library is opened again', async () => {
    const before = await studio.engine.client.maps.get({ id: map })
    await studio.close()
    studio = await startStudio(studio.library)
    expect(await studio.engine.client.maps.get({ id: map })).toEqual(before)
    expect(studio.workers).toEqual([])
  })

  it('leave nothing behind when they are cancelled, and hinder their run’s deletion while they are made', async () => {
    const { client } = studio.engine
    const known = await client.maps.list({ run })
    const { job } = await client.maps.create({ run, settings: { ...small, iterations: 20_000 } })
    await waitFor(
      studio.engine,
      job,
      (event) => event.type === 'progress' && event.progress.stage === 'Placing items' && event.progress.done > 0,
    )
    await expect(client.runs.delete({ run })).rejects.toMatchObject({ data: { code: 'CONFLICT' } })
    expect(await client.jobs.cancel({ job })).toEqual({ cancelled: true })
    expect(await endOf(studio.engine, job)).toEqual({ type: 'cancelled' })
    expect(await client.maps.list({ run })).toEqual(known)
  })

  it('say why they cannot be made', async () => {
    const { client } = studio.engine
    await expect(client.maps.create({ run, settings: { ...small, items: 20, perplexity: 30 } })).rejects.toThrow(
      /Enter a number below 19: 20 items have 19 neighbours each/,
    )
    const popularity = await startTraining(studio.engine, dataset, 'popularity', {})
    await resultOf(studio.engine, popularity.job)
    await expect(client.maps.create({ run: popularity.run, settings: small })).rejects.toMatchObject({
      data: { code: 'BAD_INPUT', message: expect.stringMatching(/are not probabilities/) },
    })
  })

  it('go alone, and with their run', async () => {
    const { client } = studio.engine
    expect((await client.maps.delete({ id: map })).freedBytes).toBeGreaterThanOrEqual(0)
    await expect(client.maps.get({ id: map })).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } })
    const [other] = await client.maps.list({ run })
    if (!other) throw new Error('no map is left')
    await client.runs.delete({ run })
    await expect(client.maps.get({ id: other.id })).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } })
  })
})

describe('vasp map', () => {
  let desk: Desk
  let id = ''
  beforeAll(async () => {
    desk = newDesk()
    writeRatings(join(desk.folder, 'ratings.csv'), 200, 30)
    await desk.json(importResult, 'import', 'ratings.csv', '--name', 'planted')
    const model = ['--model', 'nease', '--set', 'stages=1e-2x20', '--test', '20', '--validation', '20']
    id = String((await desk.json(trainResult, 'train', '--data', 'planted', ...model)).run)
  })
  afterAll(() => desk.remove())

  const quick = ['--items', '100', '--perplexity', '8', '--iterations', '60']

  it('writes the coordinates as CSV and says where', async () => {
    const written = z.object({ map: z.number(), file: z.string(), rows: z.number() })
    const result = await desk.json(written, 'map', '--run', id, ...quick, '--out', 'map.csv')
    expect(result).toMatchObject({ rows: 100, file: join(desk.folder, 'map.csv') })
    const lines = readFileSync(join(desk.folder, 'map.csv'), 'utf8').trimEnd().split('\n')
    expect(lines[0]).toBe('\uFEFFplot,item,title,genres,popularity,x,y')
    expect(lines).toHaveLength(101)
    expect(lines[1]).toMatch(/^nease,\d+,\d+,,\d+,-?[\d.e-]+,-?[\d.e-]+$/)
    expect(await desk.failure('map', '--run', id, ...quick, '--out', 'map.csv')).toMatchObject({
      code: 'CONFLICT',
      exit: 2,
    })
  })

  it('gives the whole map as JSON', async () => {
    const map = await desk.json(mapDetail, 'map', '--run', id, ...quick, '--scaling', 'log')
    expect(map.plots.map(({ name, x }) => [name, x.length])).toEqual([['nease', 100]])
    expect(map.settings).toMatchObject({ scaling: 'log', perplexity: 8, items: 100 })
  })

  it('places the items of a planted block together', async () => {
    const settings = ['--items', '300', '--perplexity', '10', '--iterations', '300']
    const { items, plots } = await desk.json(mapDetail, 'map', '--run', id, ...settings)
    const [{ x, y } = { x: [], y: [] }] = plots
    // writeRatings gives block b the items 100 b … 100 b + 99.
    const block = items.map((item) => Math.floor(Number(item.id) / 100))
    const away = (i: number, j: number): number => Math.hypot(x[i]! - x[j]!, y[i]! - y[j]!)
    const shares = items.map((_, i) => {
      const near = [...items.keys()].filter((j) => j !== i).sort((a, b) => away(i, a) - away(i, b))
      return near.slice(0, 5).filter((j) => block[j] === block[i]).length / 5
    })
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeGreaterThan(0.9)
  })

  it('refuses impossible requests with a sentence', async () => {
    expect(await desk.failure('map', '--run', id, '--perplexity', '1')).toMatchObject({ code: 'BAD_INPUT', exit: 2 })
    expect(await desk.failure('map', '--run', '99')).toMatchObject({ code: 'NOT_FOUND', exit: 2 })
    expect(await desk.failure('map', '--run', id, '--items', '20')).toMatchObject({
      message: 'A perplexity of 30 does not fit 20 items.',
      exit: 2,
    })
  })

  it('stops at Ctrl-C, without a file', async () => {
    const slow = ['map', '--run', id, '--perplexity', '8', '--iterations', '20000', '--out', 'never.csv']
    const child = desk.start(...slow)
    const end = ended(child)
    await outputMatching(child, 'stderr', /Placing/)
    child.kill('SIGINT')
    expect((await end).code).toBe(130)
    expect(existsSync(join(desk.folder, 'never.csv'))).toBe(false)
  })
})
