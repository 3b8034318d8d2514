import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { recommendedItem } from '../../src/shared/explore'
import { run } from '../../src/shared/runs'
import { appRoot } from './studio.fixture'
import { newDesk, type Desk } from './vasp.fixture'

/** Libraries that earlier code wrote, one folder each, made by `make.mjs` beside them. */
const folders = ['before-model-folders']

const told = z.array(z.object({ run: z.number(), user: z.string(), scores: z.record(z.string(), z.number()) }))
const list = z.object({ items: z.array(recommendedItem) })

describe.each(folders)('the library %s', (name) => {
  const folder = join(appRoot, 'test/fixtures/libraries', name)
  const recommended = told.parse(JSON.parse(readFileSync(join(folder, 'recommended.json'), 'utf8')))
  let desk: Desk
  beforeAll(() => {
    desk = newDesk()
    mkdirSync(desk.library)
    cpSync(join(folder, 'weights'), join(desk.library, 'weights'), { recursive: true })
    writeFileSync(join(desk.library, 'library.db'), gunzipSync(readFileSync(join(folder, 'library.db.gz'))))
  })
  afterAll(() => desk.remove())

  it('opens with every run and its weights', async () => {
    const { runs } = await desk.json(z.object({ runs: z.array(run) }), 'runs')
    expect(runs.map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual(recommended.map((of) => of.run))
    expect(runs.every(({ usable }) => usable)).toBe(true)
  })

  it.each(recommended.map((of) => [of.run, of] as const))(
    'scores by run %i as the code that trained it',
    async (id, of) => {
      const asked = ['--run', String(id), '--user', of.user, '--k', '100']
      const { items } = await desk.json(list, 'recommend', ...asked)
      expect(items.map((item) => item.id).sort()).toEqual(Object.keys(of.scores).sort())
      for (const { id: item, score } of items) {
        const before = of.scores[item] ?? Number.NaN
        expect(Math.abs(score - before), `item ${item}`).toBeLessThanOrEqual(1e-5 * Math.abs(before) + 1e-9)
      }
    },
  )

  it('explains a product by its members, and measures a run again on the same users', async () => {
    const product = recommended.at(-1)?.run
    const { items } = await desk.json(list, 'recommend', '--run', String(product), '--user', '7', '--k', '1')
    expect(items[0]?.factors.map(({ member, title }) => [member, title])).toEqual([
      ['nease', 'NEASE'],
      ['mult-vae', 'Mult-VAE'],
    ])
    const again = await desk.json(z.looseObject({ users: z.number() }), 'evaluate', '--run', '7')
    expect(again.users).toBe(6)
  })
})
