import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DatasetId, RunId } from '../../src/shared/ids'
import { ended, killedAtMoment, startCli, type Moment } from './processes.fixture'
import {
  importSample,
  newLibrary,
  resultOf,
  startStudio,
  startTraining,
  tinyVasp,
  writeRatings,
} from './studio.fixture'

/** A library with the sample and one trained run. */
let library: string
let dataset: DatasetId
let run: RunId
beforeAll(async () => {
  library = newLibrary()
  const studio = await startStudio(library)
  dataset = await importSample(studio.engine)
  run = await trained(studio.engine)
  await studio.close()
})
afterAll(() => rmSync(library, { recursive: true, force: true }))

const trained = async (engine: Parameters<typeof startTraining>[0]): Promise<RunId> => {
  const { run, job } = await startTraining(engine, dataset, 'popularity', {})
  await resultOf(engine, job)
  return run
}

const query = <Row>(sql: string): Row[] => {
  const database = new Database(join(library, 'library.db'), { readonly: true })
  try {
    return database.prepare<[], Row>(sql).all()
  } finally {
    database.close()
  }
}

/** The files in weights and exports, and the rows that name them. */
const lying = (): string[] =>
  ['weights', 'exports']
    .flatMap((folder) => readdirSync(join(library, folder)).map((name) => join(folder, name)))
    .sort()
const named = (): string[] =>
  [
    ...query<{ path: string }>(
      `SELECT path FROM checkpoint UNION SELECT path FROM run_state UNION
       SELECT json_extract(best, '$.path') FROM run_state WHERE best IS NOT NULL`,
    ).map(({ path }) => path),
    ...query<{ id: number }>("SELECT id FROM export WHERE state = 'finished'").map(
      ({ id }) => `exports/export-${id}.csv`,
    ),
  ].sort()

/** Starts a host and lets it end: it removes leftovers. */
async function nextStart(): Promise<string> {
  // A worker that has lost its host ends in a moment; its files stay until then.
  for (let tries = 0; tries < 50; tries++) {
    const { code, stderr } = await ended(startCli(library, ['runs', '--json']))
    expect(code).toBe(0)
    if (query('SELECT 1 FROM pending_file').length === 0) return stderr
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('Files are still pending after five seconds.')
}

const train = [
  ...['--model', 'vasp', '--most-popular', '20%'],
  ...Object.entries(tinyVasp).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
]

describe('a training that is killed', () => {
  const moments: Record<string, Moment> = {
    'before its weights have their name': { call: 'rename', argument: '\\.safetensors\\.\\d+\\.tmp$', when: 'before' },
    'before a row names its weights': { call: 'rename', argument: '\\.safetensors\\.\\d+\\.tmp$', when: 'after' },
    'before the weights of the epoch before are removed': {
      call: 'rmSync',
      argument: '\\.safetensors$',
      when: 'before',
    },
  }
  it.each(Object.entries(moments))('%s leaves no weights that no row names', async (_, moment) => {
    await killedAtMoment(library, ['train', '--data', String(dataset), ...train], moment)
    await nextStart()
    expect(lying()).toEqual(named())
    expect(query("SELECT 1 FROM run WHERE state IN ('queued', 'running')")).toEqual([])
  })
})

describe('a deletion that is killed', () => {
  it.each(['run', 'dataset'] as const)(
    'of a %s, between rows and files, is finished by the next start',
    async (what) => {
      const studio = await startStudio(library)
      let id: number = await trained(studio.engine)
      if (what === 'dataset') {
        const file = join(library, `${what}.csv`)
        writeRatings(file, 200, 12)
        const { job } = await studio.engine.client.datasets.import({
          name: 'to delete',
          ratings: [studio.engine.registerFile(file)],
          items: null,
          mapping: { user: 'userId', item: 'movieId', rating: 'rating', time: 'timestamp' },
          itemMapping: null,
        })
        await resultOf(studio.engine, job)
        const [newest] = await studio.engine.client.datasets.list()
        id = newest?.id ?? 0
        const begun = await startTraining(studio.engine, newest!.id, 'popularity', {})
        await resultOf(studio.engine, begun.job)
      }
      await studio.close()
      const before = lying().length
      await killedAtMoment(library, ['delete', what, String(id)], {
        call: 'rmSync',
        argument: '\\.safetensors$',
        when: 'before',
      })
      expect(lying()).toHaveLength(before)
      expect(await nextStart()).toMatch(/Removed what interrupted work had left: 1 unfinished or deleted file \(.+\)\./)
      expect(lying()).toHaveLength(before - 1)
      expect(lying()).toEqual(named())
      expect(query("SELECT 1 FROM dataset WHERE state = 'importing'")).toEqual([])
    },
  )
})

describe('an export of the command line that is killed', () => {
  const moments: Record<string, Moment> = {
    'while the list is being written': {
      call: 'rename',
      argument: 'exports/export-\\d+\\.csv\\..+\\.part$',
      when: 'before',
    },
    'when the list is whole': { call: 'rename', argument: 'exports/export-\\d+\\.csv\\..+\\.part$', when: 'after' },
    'while it is copied to its place': { call: 'link', argument: 'lists\\.csv\\..+\\.part$', when: 'before' },
  }
  it.each(Object.entries(moments))('%s leaves neither record nor file', async (_, moment) => {
    const out = join(library, 'out')
    mkdirSync(out, { recursive: true })
    writeFileSync(join(out, 'lists.csv.mine.part'), 'somebody else’s')
    await killedAtMoment(
      library,
      ['export', '--run', String(run), '--user', '1', '--out', join(out, 'lists.csv')],
      moment,
    )
    await nextStart()
    expect(query('SELECT 1 FROM export')).toEqual([])
    expect(lying()).toEqual(named())
    expect(readdirSync(out)).toEqual(['lists.csv.mine.part'])
  })
})

describe('host and worker that are killed when the result is stored', () => {
  const finished: Moment = { call: 'send', argument: '"type":"finished"' }

  it('leave an import finished', async () => {
    const file = join(library, 'ratings.csv')
    writeRatings(file, 200, 12)
    await killedAtMoment(library, ['import', file, '--name', 'committed'], finished)
    expect(await nextStart()).not.toContain('stopped')
    expect(query("SELECT state FROM job WHERE kind = 'import' ORDER BY id DESC LIMIT 1")).toEqual([
      { state: 'finished' },
    ])
    expect(query("SELECT state, users FROM dataset WHERE name = 'committed'")).toEqual([{ state: 'ready', users: 200 }])
  })

  it('leave training, evaluation and map finished', async () => {
    await killedAtMoment(library, ['train', '--data', String(dataset), ...train], finished)
    await nextStart()
    const [last] = query<{ id: number; state: string }>('SELECT id, state FROM run ORDER BY id DESC LIMIT 1')
    expect(last?.state).toBe('finished')
    await killedAtMoment(library, ['evaluate', '--run', String(last?.id)], finished)
    await killedAtMoment(library, ['map', '--run', String(last?.id), '--items', '60'], finished)
    await nextStart()
    expect(query('SELECT kind, state, result IS NOT NULL AS told FROM job ORDER BY id DESC LIMIT 3')).toEqual([
      { kind: 'map', state: 'finished', told: 1 },
      { kind: 'evaluate', state: 'finished', told: 1 },
      { kind: 'train', state: 'finished', told: 1 },
    ])
    expect(query('SELECT 1 FROM map')).toHaveLength(1)
  })
})
