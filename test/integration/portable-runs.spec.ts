import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importResult } from '../../src/shared/datasets'
import { errorShape, type ErrorShape } from '../../src/shared/errors'
import type { DatasetId, RunId } from '../../src/shared/ids'
import { userMetricNames } from '../../src/shared/metrics'
import { importedRun, type ImportedRun } from '../../src/shared/portable-runs'
import type { RunDetail } from '../../src/shared/runs'
import type { Engine } from '../../src/main/engine/engine'
import { killedAtMoment, type Moment } from './processes.fixture'
import {
  fewItems,
  importSample,
  newLibrary,
  resultOf,
  startStudio,
  startTraining,
  tinyVasp,
  type Studio,
} from './studio.fixture'

/** A library with the sample and two runs; their files. */
let studio: Studio
let dataset: DatasetId
let run: RunId
let folder: string
beforeAll(async () => {
  studio = await startStudio()
  folder = newLibrary()
  dataset = await importSample(studio.engine)
  run = await trained(studio.engine, dataset)
  await written(studio.engine, run, false, 'run.vasprun')
  await written(studio.engine, run, true, 'with-data.vasprun')
})
afterAll(async () => {
  await studio.remove()
  rmSync(folder, { recursive: true, force: true })
})

async function trained(engine: Engine, of: DatasetId): Promise<RunId> {
  const started = await startTraining(engine, of, 'vasp', tinyVasp, fewItems)
  await resultOf(engine, started.job)
  return started.run
}

async function written(engine: Engine, id: RunId, withData: boolean, name: string): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of engine.runFile(id, withData).bytes) chunks.push(chunk as Buffer)
  const file = join(folder, name)
  writeFileSync(file, Buffer.concat(chunks))
  return file
}

const imported = async (engine: Engine, name: string): Promise<ImportedRun> =>
  importedRun.parse(await engine.client.runs.import({ file: engine.registerFile(join(folder, name)) }))

/** The error of an import that must be refused and leave nothing. */
async function refusal(engine: Engine, name: string): Promise<ErrorShape> {
  const before = contents(engine)
  const error: unknown = await imported(engine, name).then(
    () => new Error(`${name} was imported`),
    (refused: unknown) => refused,
  )
  expect(contents(engine)).toEqual(before)
  if (error instanceof Error && 'data' in error) return errorShape.parse(error.data)
  throw error
}

const contents = ({ context: { store } }: Engine) => ({
  datasets: store.datasets.list().map(({ id }) => id),
  runs: store.runs.list(null).map(({ id }) => id),
  weights: readdirSync(join(store.library, 'weights')),
})

/** A run without its numbers in its library. */
const portable = ({ id: _, dataset: _d, imported: _i, job: _j, ...detail }: RunDetail) => {
  const { evaluations: _e, evaluated: _l, ...rest } = detail
  return rest
}

async function onAnother(work: (engine: Engine, other: Studio) => Promise<void>): Promise<void> {
  const other = await startStudio()
  try {
    await work(other.engine, other)
  } finally {
    await other.remove()
  }
}

const lists = async ({ client }: Engine, of: RunId): Promise<unknown> =>
  (await client.explore.recommend({ run: of, who: { kind: 'user', user: '1' }, k: 20 })).items

/** The run there is the run here in everything that people see and use. */
async function expectSame(engine: Engine, id: RunId): Promise<void> {
  const [there, here] = [await engine.client.runs.get({ run: id }), await studio.engine.client.runs.get({ run })]
  expect(portable(there)).toEqual(portable(here))
  for (const name of userMetricNames)
    expect(engine.context.store.runs.userMetric(id, 'test', name), name).toEqual(
      studio.engine.context.store.runs.userMetric(run, 'test', name),
    )
  expect(engine.context.store.runs.split(id)).toEqual(studio.engine.context.store.runs.split(run))
  expect(await lists(engine, id)).toEqual(await lists(studio.engine, run))
}

describe('a run in another library', () => {
  it('belongs to the same data, gives the same lists, is measured alike, and repeats with the same weights', () =>
    onAnother(async (engine) => {
      const of = await importSample(engine)
      const { run: id, ...result } = await imported(engine, 'run.vasprun')
      expect(result).toMatchObject({ dataset: of, madeDataset: false })
      await expectSame(engine, id)
      expect((await engine.client.runs.get({ run: id })).imported).toMatchObject({ file: 'run.vasprun', run })
      const { job } = await engine.client.runs.evaluate({ run: id, users: null })
      await resultOf(engine, job)
      const { evaluations, test } = await engine.client.runs.get({ run: id })
      expect(evaluations[0]?.metrics['ndcg@100']).toEqual(test?.['ndcg@100'])
      const again = await engine.client.runs.repeat({ run: id })
      await resultOf(engine, again.job)
      expect((await engine.client.runs.get({ run: again.run })).repeats?.outcome).toMatchObject({ sameWeights: true })
    }))

  it('brings its data, which are those of the original', () =>
    onAnother(async (engine) => {
      const { run: id, dataset: of, madeDataset } = await imported(engine, 'with-data.vasprun')
      expect(madeDataset).toBe(true)
      await expectSame(engine, id)
      const [there, here] = [
        await engine.client.datasets.get({ id: of }),
        await studio.engine.client.datasets.get({ id: dataset }),
      ]
      const { createdAt: _t, id: _ti, series: _ts, runs: _tr, versions: _tv, ...copied } = there
      const { createdAt: _h, id: _hi, series: _hs, runs: _hr, versions: _hv, ...original } = here
      expect(copied).toEqual(original)
      expect([...engine.context.store.datasets.histories(of)]).toEqual([
        ...studio.engine.context.store.datasets.histories(dataset),
      ])
      // The whole library is as it should be.
      for await (const event of await engine.client.library.check())
        if (event.type === 'done') expect(event.result.findings).toEqual([])
    }))

  it('brings its data under another name if the library has other data of that name', () =>
    onAnother(async (engine) => {
      const { name } = await studio.engine.client.datasets.get({ id: dataset })
      const ratings = join(folder, 'other.csv')
      writeFileSync(ratings, 'userId,movieId,rating,timestamp\n1,2,5,1000000\n2,3,4,1000001\n')
      const { job } = await engine.client.datasets.import({
        name,
        ratings: [engine.registerFile(ratings)],
        items: null,
        mapping: { user: 'userId', item: 'movieId', rating: 'rating', time: 'timestamp' },
        itemMapping: null,
      })
      importResult.parse(await resultOf(engine, job))
      expect(await imported(engine, 'with-data.vasprun')).toMatchObject({
        datasetName: `${name} (imported)`,
        madeDataset: true,
      })
    }))

  it('is refused without its data, naming them and what to do', () =>
    onAnother(async (engine) => {
      const { code, message, next } = await refusal(engine, 'run.vasprun')
      const { name, fingerprint } = await studio.engine.client.datasets.get({ id: dataset })
      expect(code).toBe('NOT_FOUND')
      expect(message).toContain(name)
      expect(message).toContain(fingerprint.slice(0, 16))
      expect(next).toContain('--with-data')
    }))

  it('is refused where it is already, also where it was trained', async () => {
    expect(await refusal(studio.engine, 'run.vasprun')).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(`run ${run} `) as string,
    })
    await onAnother(async (engine) => {
      await imported(engine, 'with-data.vasprun')
      expect(await refusal(engine, 'run.vasprun')).toMatchObject({ code: 'CONFLICT' })
    })
  })
})

it('keeps values exactly: signs of zero, missing times, line separators in titles, details that were joined later', async () => {
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const rows = Array.from({ length: 40 }, (_, user) =>
    Array.from(
      { length: 8 },
      (__, n) => `u${user},i${(user + n * 3) % 20},${n === 0 ? '-0' : (n % 5) + 0.1},${n === 1 ? '' : 1e9 + n}`,
    ),
  ).flat()
  const { engine } = studio
  const { job } = await engine.client.datasets.import({
    name: 'exact',
    ratings: [engine.registerFile(write('exact.csv', `userId,movieId,rating,timestamp\n${rows.join('\n')}\n`))],
    items: engine.registerFile(write('titles.csv', 'movieId,title\ni0,"A\u2028B\u0085C"\ni1,"Ünï “x” \\ \\n"\n')),
    mapping: { user: 'userId', item: 'movieId', rating: 'rating', time: 'timestamp' },
    itemMapping: { item: 'movieId', title: 'title', genres: null },
    reading: { missingTimes: 'oldest' },
  })
  const of = importResult.parse(await resultOf(engine, job)).dataset
  await engine.client.datasets.describe({
    dataset: of,
    file: engine.registerFile(write('more.csv', 'movieId,title,year\ni2,Joined later,1999\n')),
    item: 'movieId',
  })
  const started = await engine.client.runs.train({
    dataset: of,
    model: 'popularity',
    preset: null,
    overrides: {},
    seed: 1,
    preparation: { threshold: 1, minInteractions: 2 },
    split: { seed: 1, test: 5, validation: 5, foldIn: 0.5 },
    name: null,
  })
  await resultOf(engine, started.job)
  await written(engine, started.run, true, 'exact.vasprun')
  await onAnother(async (other) => {
    const there = await imported(other, 'exact.vasprun')
    const [copied, original] = [other.context.store.datasets, engine.context.store.datasets]
    expect(copied.items(there.dataset)).toEqual(original.items(of))
    const histories = [...original.histories(of)]
    expect([...copied.histories(there.dataset)]).toEqual(histories)
    expect(histories.some(({ ratings }) => ratings?.some((value) => Object.is(value, -0)))).toBe(true)
  })
})

describe('a file that is not as it was written', () => {
  const entries = () => unzipSync(readFileSync(join(folder, 'with-data.vasprun')))
  const rewrite = (name: string, changed: Record<string, Uint8Array>): void =>
    writeFileSync(join(folder, name), zipSync(changed, { level: 0 }))

  it('is refused with the entry that has changed, whichever it is', () =>
    onAnother(async (engine) => {
      const whole = entries()
      const names = Object.keys(whole).filter((name) => name !== 'manifest.json')
      expect(names.length).toBeGreaterThan(8)
      for (const name of names) {
        const changed = Uint8Array.from(whole[name]!)
        const at = Math.floor(changed.length / 2)
        if (changed.length === 0) continue
        changed[at] = changed[at]! ^ 1
        rewrite('changed.vasprun', { ...whole, [name]: changed })
        const { code, message } = await refusal(engine, 'changed.vasprun')
        expect({ name, code }).toEqual({ name, code: 'DAMAGED_FILE' })
        expect(message).toContain(`${name} cannot be used`)
      }
    }))

  it('is refused if an entry is missing or shorter, or the file is cut off', () =>
    onAnother(async (engine) => {
      const whole = entries()
      for (const name of ['run.json', 'weights.safetensors', 'data/histories.jsonl']) {
        const { [name]: removed, ...others } = whole
        rewrite('missing.vasprun', others)
        expect((await refusal(engine, 'missing.vasprun')).message).toContain(
          `${name} cannot be used, because it is missing`,
        )
        rewrite('short.vasprun', { ...whole, [name]: removed!.subarray(0, removed!.length - 1) })
        expect((await refusal(engine, 'short.vasprun')).message).toContain(`${name} cannot be used, because its size`)
      }
      const bytes = readFileSync(join(folder, 'with-data.vasprun'))
      for (const share of [0, 0.3, 0.9, 0.999]) {
        writeFileSync(join(folder, 'cut.vasprun'), bytes.subarray(0, Math.floor(share * bytes.length)))
        expect((await refusal(engine, 'cut.vasprun')).message).toMatch(/cut\.vasprun/)
      }
    }))

  it('is refused if it is of a newer version, or no file of a run, or leads out of its folder', () =>
    onAnother(async (engine) => {
      const whole = entries()
      const manifest = JSON.parse(strFromU8(whole['manifest.json']!)) as object
      rewrite('newer.vasprun', { ...whole, 'manifest.json': strToU8(JSON.stringify({ ...manifest, version: 2 })) })
      expect((await refusal(engine, 'newer.vasprun')).message).toMatch(/newer version/)
      rewrite('another.zip', { 'ratings.csv': strToU8('user,item\n') })
      expect((await refusal(engine, 'another.zip')).message).toMatch(/not the file of a run/)
      writeFileSync(join(folder, 'text.vasprun'), 'no archive')
      expect(await refusal(engine, 'text.vasprun')).toMatchObject({ code: 'BAD_INPUT' })
      rewrite('outside.vasprun', { ...whole, '../../outside.txt': strToU8('x') })
      expect((await refusal(engine, 'outside.vasprun')).message).toMatch(/outside/)
    }))

  it('is not written at all if the weights are no longer those that were stored', async () => {
    const id = await trained(studio.engine, dataset)
    const checkpoint = studio.engine.context.store.runs.checkpoint(id)!
    const path = join(studio.library, checkpoint.path)
    const bytes = readFileSync(path)
    bytes[bytes.length - 1] = bytes.at(-1)! ^ 1
    writeFileSync(path, bytes)
    await expect(written(studio.engine, id, false, 'damaged.vasprun')).rejects.toMatchObject({ code: 'DAMAGED_FILE' })
    rmSync(path)
    await expect(written(studio.engine, id, false, 'damaged.vasprun')).rejects.toMatchObject({ code: 'DAMAGED_FILE' })
  })
})

describe('an import that is killed', () => {
  it.each<Moment>([
    { call: 'rename', argument: 'imported-', when: 'before' },
    { call: 'rename', argument: 'imported-', when: 'after' },
  ])('$when its weights are in place leaves nothing', async (moment) => {
    const library = newLibrary()
    try {
      await killedAtMoment(library, ['run', 'import', join(folder, 'with-data.vasprun')], moment)
      const other = await startStudio(library)
      try {
        await expect.poll(() => contents(other.engine)).toEqual({ datasets: [], runs: [], weights: [] })
        await imported(other.engine, 'with-data.vasprun')
      } finally {
        await other.close()
      }
    } finally {
      rmSync(library, { recursive: true, force: true })
    }
  })
})
