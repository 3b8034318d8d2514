import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { importResult } from '../../src/shared/datasets'
import { explanations, recommendedItem } from '../../src/shared/explore'
import { trainResult, type TrainResult } from '../../src/shared/runs'
import { writeRatings } from './studio.fixture'
import { newDesk, type Desk } from './vasp.fixture'

const list = z.object({
  run: z.number(),
  items: z.array(recommendedItem.extend({ flvae: z.number().nullable(), nease: z.number().nullable() })),
})
const sizes = ['--test', '20', '--validation', '20']

let desk: Desk
beforeAll(async () => {
  desk = newDesk()
  writeRatings(join(desk.folder, 'ratings.csv'), 200, 30)
  writeRatings(join(desk.folder, 'other.csv'), 150, 20)
  await desk.json(importResult, 'import', 'ratings.csv', '--name', 'planted')
  await desk.json(importResult, 'import', 'other.csv', '--name', 'other')
})
afterAll(() => desk.remove())

const train = (...args: string[]): Promise<TrainResult> =>
  desk.json(trainResult, 'train', '--data', 'planted', ...sizes, ...args)

describe('members trained together', () => {
  it('recommends, explains and exports the product of NEASE and Mult-VAE', async () => {
    const settings = ['members=nease,mult-vae', 'hidden=32', 'latent=16', 'stages=3e-3x3'].flatMap((set) => [
      '--set',
      set,
    ])
    const { run, test } = await train('--model', 'hadamard', ...settings)
    expect(test['ndcg@100'].users).toBe(20)

    const { items } = await desk.json(list, 'recommend', '--run', String(run), '--user', '7', '--k', '5')
    for (const { score, factors, flvae, nease } of items) {
      expect(factors.map(({ member }) => member)).toEqual(['nease', 'mult-vae'])
      expect(factors.reduce((product, { value }) => product * value, 1)).toBeCloseTo(score, 12)
      expect([flvae, nease]).toEqual([null, factors[0]?.value])
    }
    expect((await desk.vasp('recommend', '--run', String(run), '--user', '7')).stdout).toMatch(
      /rank +id +title +score +nease +mult-vae/,
    )
    const why = await desk.json(explanations, 'explain', '--run', String(run), '--user', '7')
    for (const { logScore, factors, contributions } of why.explanations) {
      expect(factors.reduce((sum, { log }) => sum + log, 0)).toBeCloseTo(logScore ?? Number.NaN, 12)
      expect(contributions).toHaveLength(why.history.length)
    }
    expect((await desk.vasp('explain', '--run', String(run), '--user', '7')).stdout).toMatch(/nease .* × mult-vae /)

    await desk.vasp('export', '--run', String(run), '--user', '7', '--out', 'lists.csv')
    const [header, first] = readFileSync(join(desk.folder, 'lists.csv'), 'utf8').split('\n')
    expect(header).toBe('\uFEFFuser,rank,item,title,score,flvae,nease,mult-vae,source')
    expect(Number(first?.split(',').at(-2))).toBeCloseTo(items[0]?.factors[1]?.value ?? Number.NaN, 6)
  })
})

describe('trained runs combined', () => {
  let nease: TrainResult
  let multVae: TrainResult
  let popularity: TrainResult
  beforeAll(async () => {
    nease = await train('--model', 'nease', '--set', 'stages=1e-2x3')
    multVae = await train('--model', 'mult-vae', '--set', 'stages=3e-3x4', '--set', 'hidden=32', '--set', 'latent=16')
    popularity = await train('--model', 'popularity')
  })
  const combine = (runs: readonly (number | string)[], ...args: string[]): string[] => [
    'train',
    '--data',
    'planted',
    '--model',
    'hadamard',
    '--members',
    runs.join(','),
    ...args,
  ]
  const scoresOf = async (run: number): Promise<Map<string, number>> => {
    const { items } = await desk.json(list, 'recommend', '--run', String(run), '--user', '7', '--k', '1000')
    return new Map(items.map(({ id, score }) => [id, score]))
  }

  it('scores by the product of what each run scores, also after its members are gone', async () => {
    const { run, bestEpoch, test } = await desk.json(trainResult, ...combine([nease.run, multVae.run]))
    expect([bestEpoch, test['ndcg@100'].users]).toEqual([1, 20])
    const [n, m, product] = [await scoresOf(nease.run), await scoresOf(multVae.run), await scoresOf(run)]
    expect(product.size).toBeGreaterThan(100)
    for (const [id, score] of product) {
      const expected = (n.get(id) ?? Number.NaN) * (m.get(id) ?? Number.NaN)
      expect(Math.abs(score - expected)).toBeLessThanOrEqual(1e-4 * expected)
    }

    const again = await train('--model', 'nease', '--set', 'stages=1e-2x1')
    const twice = await desk.json(trainResult, ...combine([nease.run, again.run]))
    await desk.vasp('delete', 'run', String(again.run), '--yes')
    const left = readdirSync(join(desk.library, 'weights'))
    expect(left.filter((name) => name.startsWith(`run-${again.run}-`))).toEqual([])
    const { items } = await desk.json(list, 'recommend', '--run', String(twice.run), '--user', '7', '--k', '3')
    expect(items[0]?.factors.map(({ member }) => member)).toEqual([
      `nease (run ${nease.run})`,
      `nease (run ${again.run})`,
    ])
  })

  it('refuses what cannot be multiplied, with the reason', async () => {
    const refusal = async (...args: string[]): Promise<string> => (await desk.failure(...args)).message
    expect(await refusal(...combine([nease.run]))).toMatch(/at least two different trained runs/)
    expect(await refusal(...combine([nease.run, nease.run]))).toMatch(/at least two/)
    expect(await refusal(...combine([nease.run, 999]))).toMatch(/no run 999/)
    expect(await refusal(...combine([nease.run, popularity.run]))).toMatch(/scores, not probabilities.*Popularity/)
    expect(await refusal(...combine([nease.run, multVae.run], '--threshold', '5'))).toMatch(
      /another preparation or split/,
    )
    expect(await refusal(...combine([nease.run, multVae.run], '--set', 'hidden=3'))).toMatch(/no preset or settings/)
    expect(
      await refusal('train', '--data', 'planted', '--model', 'vasp', '--members', `${nease.run},${multVae.run}`),
    ).toMatch(/VASP is not made of trained runs/)
    expect(
      await refusal('train', '--data', 'other', '--model', 'hadamard', '--members', `${nease.run},${multVae.run}`),
    ).toMatch(/trained on “planted”/)

    const elsewhere = await desk.json(
      trainResult,
      ...['train', '--data', 'other', '--model', 'nease', '--set', 'stages=1e-2x1', ...sizes],
    )
    expect(await refusal(...combine([nease.run, elsewhere.run]))).toMatch(/the data sets differ/)
    const otherSplit = await train('--model', 'nease', '--set', 'stages=1e-2x1', '--split-seed', '2')
    expect(await refusal(...combine([nease.run, otherSplit.run]))).toMatch(/“Split seed” differs/)
    const fewerItems = await train('--model', 'nease', '--set', 'stages=1e-2x1', '--set', 'itemShare=0.5')
    expect(await refusal(...combine([nease.run, fewerItems.run]))).toMatch(/the catalogues differ/)
    const autorec = await train('--model', 'autorec', '--set', 'stages=1e-2x1', '--set', 'hidden=8')
    expect(await refusal(...combine([nease.run, autorec.run]))).toMatch(/AutoRec/)
  })
})
