import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { parse } from 'csv-parse/sync'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JobProgress } from '../../shared/jobs'
import type { MemberLogits, Recommender } from '../models/model'
import { rowsAtOnce } from '../models/rows-at-once'
import { csrFromRows, type Csr } from '../numeric/csr'
import type { JobContext } from '../numeric/job-context'
import { itemRef, recommendedItem } from '../explaining/described-items'
import { namedItem } from '../models/named-factors'
import { recommend } from '../explaining/recommend'
import { createFile } from './new-file'
import { exportAsJson } from './recommendations-json'
import { exportRecommendations } from './recommendations-csv'

/** Scores every history alike: the product of the sigmoids of two fixed logit lists. */
class TwoMembers implements Recommender {
  readonly items: number
  readonly parameters = new Map()
  readonly linear = null
  readonly members = ['flvae', 'nease'].map((name) => ({ name, linear: null }))
  readonly #flvae: number[]
  readonly #nease: number[]

  constructor(flvae: number[], nease: number[]) {
    this.items = flvae.length
    this.#flvae = flvae
    this.#nease = nease
  }

  memberLogits(histories: Csr): MemberLogits[] {
    const repeat = (row: number[]): tf.Tensor2D => tf.tidy(() => tf.tile(tf.tensor2d([row]), [histories.rows, 1]))
    return [
      { member: 'flvae', logits: [repeat(this.#flvae)] },
      { member: 'nease', logits: [repeat(this.#nease)] },
    ]
  }

  score(histories: Csr): tf.Tensor2D {
    return tf.tidy(() => {
      const [f, n] = this.memberLogits(histories).map(({ logits }) => tf.sigmoid(logits[0] ?? tf.scalar(0)))
      return tf.mul(f ?? 0, n ?? 0)
    })
  }

  dispose(): void {
    this.parameters.clear()
  }
}

const titles = ['Plain', '=HYPERLINK("x")', '+1 and more', '-dash', '@handle', '\ttab', 'a, "quoted"\nline']
const items = titles.map((title, index) => ({ externalId: String(100 + index), title }))
const model = new TwoMembers([3, 2, 1, 0, -1, -2, -3], [0, 0, 0, 0, 0, 0, 0])

let folder = ''
beforeEach(async () => {
  await tf.setBackend('cpu')
  folder = await mkdtemp(join(tmpdir(), 'vasp-export-'))
})
afterEach(() => rm(folder, { recursive: true }))

const quiet = (signal = new AbortController().signal): JobContext => ({ signal, progress: () => undefined })
const batch = (users: string[], histories: number[][]): { users: string[]; histories: Csr } => ({
  users,
  histories: csrFromRows(histories, model.items),
})
const setup = (batches: Iterable<{ users: string[]; histories: Csr }>, k = 20) => ({
  model,
  batches: () => batches,
  items,
  k,
  file: join(folder, 'lists.csv'),
  totalUsers: 2,
  popularity: new Float64Array(items.length),
  unknownUsers: 'popularity' as const,
  bom: false,
})
const written = (): Promise<string> => readFile(join(folder, 'lists.csv'), 'utf8')

describe('exporting recommendations', () => {
  it('writes one line per unseen item, best first, with the score as the product of its factors', async () => {
    const outcome = await exportRecommendations(setup([batch(['7', 'ann'], [[0, 2, 4], [1]])], 2), quiet())
    const lines = (await written()).split('\n')
    expect(lines[0]).toBe('user,rank,item,title,score,flvae,nease,source')
    expect(lines.slice(1, 5).map((line) => line.split(',').slice(0, 3))).toEqual([
      ['7', '1', '101'],
      ['7', '2', '103'],
      ['ann', '1', '100'],
      ['ann', '2', '102'],
    ])
    const [score = 0, flvae = 0, nease = 0] = (lines[3] ?? '').split(',').slice(-4, -1).map(Number)
    expect(flvae).toBeCloseTo(1 / (1 + Math.exp(-3)), 8)
    expect(nease).toBe(0.5)
    expect(score).toBeCloseTo(flvae * nease, 8)
    expect(outcome).toEqual({ users: 2, popular: 0, leftOut: 0, rows: 4, bytes: Buffer.byteLength(await written()) })
  })

  it('keeps spreadsheets from running titles or ids as formulas, and leaves numbers alone', async () => {
    await exportRecommendations(setup([batch(['=1+1', '-5', '+x'], [[], [], []])]), quiet())
    const text = await written()
    for (const guarded of ['"\'=HYPERLINK(""x"")"', ",'+1 and more,", ",'-dash,", ",'@handle,", ",'\ttab,"])
      expect(text).toContain(guarded)
    expect(text).toContain('"a, ""quoted""\nline"')
    expect(text).toMatch(/^'=1\+1,1,/m)
    expect(text).toMatch(/^-5,1,/m)
    expect(text).toMatch(/^'\+x,1,/m)
    for (const line of text.split('\n')) expect(line).not.toMatch(/(^|,)"?[=+@\t]/)
  })

  it('leaves negative scores numbers and absent factors empty for a model without members', async () => {
    const scores: Recommender = {
      items: 2,
      parameters: new Map(),
      linear: null,
      members: [],
      score: (rows) => tf.tile(tf.tensor2d([[-0.25, -3]]), [rows.rows, 1]),
      memberLogits: () => [],
      dispose: () => undefined,
    }
    const histories = csrFromRows([[]], 2)
    const popularity = new Float64Array(2)
    await exportRecommendations({ ...setup([{ users: ['u'], histories }]), model: scores, popularity }, quiet())
    expect((await written()).split('\n').slice(1, 3)).toEqual([
      'u,1,100,Plain,-0.25,,,popularity',
      'u,2,101,"\'=HYPERLINK(""x"")",-3,,,popularity',
    ])
  })

  it('lists the most popular items for users of whom the model knows no item, marked so, or leaves them out', async () => {
    const popularity = Float64Array.of(0, 5, 0, 0, 9, 0, 1)
    const users = (): ReturnType<typeof batch>[] => [batch(['known', 'stranger'], [[0], []]), batch(['other'], [[]])]
    const listed = { ...setup(users(), 2), popularity }
    expect(await exportRecommendations(listed, quiet())).toMatchObject({ users: 3, popular: 2, leftOut: 0, rows: 6 })
    const lines = parse<Record<string, string>>(await written(), { columns: true })
    expect(lines.map(({ user, item, source }) => [user, item, source])).toEqual([
      ['known', '101', 'model'],
      ['known', '102', 'model'],
      ['stranger', '104', 'popularity'],
      ['stranger', '101', 'popularity'],
      ['other', '104', 'popularity'],
      ['other', '101', 'popularity'],
    ])
    const left = { ...setup(users(), 2), popularity, unknownUsers: 'leave-out' as const }
    expect(await exportRecommendations(left, quiet())).toMatchObject({ users: 1, popular: 0, leftOut: 2, rows: 2 })
    expect(await written()).not.toMatch(/stranger|popularity/)
  })

  it('begins with a byte-order mark on request', async () => {
    const { bytes } = await exportRecommendations({ ...setup([batch(['ann'], [[0]])], 1), bom: true }, quiet())
    const text = await written()
    expect(text.startsWith('\uFEFFuser,')).toBe(true)
    expect(bytes).toBe(Buffer.byteLength(text))
    expect(parse(text, { columns: true, bom: true })).toMatchObject([{ user: 'ann' }])
    await exportRecommendations(setup([batch(['ann'], [[0]])], 1), quiet())
    expect((await written()).startsWith('user,')).toBe(true)
  })

  it('draws one batch after the other and says how far it is', async () => {
    const events: string[] = []
    function* batches() {
      for (const user of ['a', 'b']) {
        events.push(`scoring ${user}`)
        yield batch([user], [[]])
      }
    }
    const progress: Omit<JobProgress, 'secondsLeft'>[] = []
    const context: JobContext = {
      signal: new AbortController().signal,
      progress: (p) => {
        progress.push(p)
        events.push(`done ${p.done}`)
      },
    }
    await exportRecommendations(setup(batches()), context)
    expect(events).toEqual(['scoring a', 'done 1', 'scoring b', 'done 2'])
    expect(progress.at(-1)).toMatchObject({ done: 2, total: 2, unit: 'users' })
  })

  it('scores as many users at once as the memory estimate assumes', async () => {
    const asked: number[] = []
    const batches = (rows: number) => {
      asked.push(rows)
      return [batch(['a'], [[]])]
    }
    await exportRecommendations({ ...setup([]), batches }, quiet())
    expect(asked).toEqual([rowsAtOnce(model.items)])
  })

  it('leaves no file behind when cancelled, and an older file as it was', async () => {
    const file = join(folder, 'lists.csv')
    await writeFile(file, 'older')
    const abort = new AbortController()
    function* batches() {
      yield batch(['a'], [[]])
      setImmediate(() => abort.abort())
      yield batch(['b'], [[]])
      throw new Error('drew a batch after the cancel')
    }
    await expect(exportRecommendations(setup(batches()), quiet(abort.signal))).rejects.toMatchObject({
      code: 'CANCELLED',
    })
    expect(await readdir(folder)).toEqual(['lists.csv'])
    expect(await readFile(file, 'utf8')).toBe('older')
  })

  it('leaves no file behind when the histories cannot be read', async () => {
    function* batches() {
      yield batch(['a'], [[]])
      throw new Error('the histories cannot be read')
    }
    await expect(exportRecommendations(setup(batches()), quiet())).rejects.toMatchObject({
      message: 'the histories cannot be read',
    })
    expect(await readdir(folder)).toEqual([])
  })

  it('leaves as many tensors alive as it found', async () => {
    const before = tf.memory().numTensors
    await exportRecommendations(setup([batch(['a'], [[1]])]), quiet())
    expect(tf.memory().numTensors).toBe(before)
  })

  it('names the folder’s absence', async () => {
    const nowhere = { ...setup([batch(['a'], [[]])]), file: join(folder, 'gone', 'lists.csv') }
    await expect(exportRecommendations(nowhere, quiet())).rejects.toMatchObject({
      name: 'StudioError',
      code: 'NOT_FOUND',
    })
  })
})

describe('exporting as JSON', () => {
  it('writes every item as in a single list, with unchanged titles', async () => {
    const { bom: _, ...asked } = setup([batch(['=7', 'ann'], [[0, 2, 4], [1]])], 3)
    const catalogue = items.map((item, at) => ({
      ...item,
      genres: ['Drama'],
      ...(at === 1 ? { attributes: { year: '1999' } } : {}),
    }))
    const outcome = await exportAsJson({ ...asked, items: catalogue, run: 4 }, quiet())
    const document = JSON.parse(await written()) as { run: number; users: unknown[] }
    const listOf = async (user: string, history: number[]) => ({
      user,
      source: 'model',
      history: history.map((item) => itemRef(catalogue, item)),
      items: (await recommend(model, Int32Array.from(history), 3, asked.popularity)).items.map((item) =>
        namedItem(recommendedItem(catalogue, model, item)),
      ),
    })
    expect(document).toEqual({ run: 4, users: [await listOf('=7', [0, 2, 4]), await listOf('ann', [1])] })
    expect(outcome).toEqual({ users: 2, popular: 0, leftOut: 0, rows: 6, bytes: Buffer.byteLength(await written()) })
  })

  it('is complete if no user has a list', async () => {
    await exportAsJson({ ...setup([batch(['new'], [[]])]), unknownUsers: 'leave-out', items: [], run: 4 }, quiet())
    expect(JSON.parse(await written())).toEqual({ run: 4, users: [] })
  })
})

describe('creating a file', () => {
  it.runIf(process.platform === 'linux')('says that the disk is full, and leaves nothing', async () => {
    // /dev/full answers every write as a full disk does.
    const file = join(folder, 'lists.csv')
    const failure = createFile(file, async (temporary) => {
      await writeFile(temporary, 'half a line')
      await pipeline(Readable.from(['more']), createWriteStream('/dev/full'))
    })
    await expect(failure).rejects.toMatchObject({ name: 'StudioError', code: 'DISK_FULL' })
    expect(await readdir(folder)).toEqual([])
  })
})
