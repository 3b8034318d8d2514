import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { importResult } from '../../src/shared/datasets'
import { explanation, explanations, recommendedItem, type ExplainedFactor } from '../../src/shared/explore'
import { runMember, trainResult, type TrainResult } from '../../src/shared/runs'
import { seededRandom } from '../../src/main/numeric/random'
import { writeRatings } from './studio.fixture'
import { newDesk, type Desk } from './vasp.fixture'

const list = z.object({
  run: z.number(),
  items: z.array(recommendedItem.extend({ flvae: z.number().nullable(), nease: z.number().nullable() })),
})
/** What is also stored beside the factors, where one linear sum explains an item. */
const flat = explanations.extend({
  explanations: z.array(
    explanation.extend({ linearLogit: z.number().nullable(), contributions: z.array(z.unknown()).nullable() }),
  ),
})
const combined = trainResult.extend({ members: z.array(runMember) })
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

/** Holds the factor of each linear member to its sum, and the sum to its terms. */
function expectLinear(factors: readonly ExplainedFactor[], members: readonly string[]): void {
  const linear = factors.filter((factor) => factor.linear)
  expect(linear.map(({ member }) => member)).toEqual(
    factors.map(({ member }) => member).filter((member) => members.includes(member)),
  )
  for (const { linearSum, weight, log } of linear) {
    const { logit, intercept, contributions } = linearSum!
    expect(contributions.reduce((sum, contribution) => sum + contribution.logit, intercept)).toBeCloseTo(logit, 12)
    expect(-weight * Math.log1p(Math.exp(-logit))).toBeCloseTo(log, 4)
  }
}

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
    for (const { logScore, factors } of why.explanations) {
      expect(factors.reduce((sum, { log }) => sum + log, 0)).toBeCloseTo(logScore ?? Number.NaN, 12)
      expect(factors.map(({ linearSum }) => linearSum?.contributions.length)).toEqual([why.history.length, undefined])
    }
    expect((await desk.vasp('explain', '--run', String(run), '--user', '7')).stdout).toMatch(/NEASE .* × Mult-VAE /)

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

  it('scores by the product of the runs’ probabilities, also after its members are deleted', async () => {
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

  it('weighs them on the validation users, scores among them, and explains by the weights after it is read again', async () => {
    const ease = await train('--model', 'ease', '--set', 'lambdas=20,100')
    const members = [nease.run, multVae.run, ease.run]
    const made = await desk.json(combined, 'combine', ...members.map(String), '--name', 'Weighed')
    const [n, m, e] = made.members
    expect(made.members.map(({ run }) => run)).toEqual(members)
    expect(Math.max(...made.members.map(({ weight }) => weight ?? 0))).toBe(1)
    expect([n?.calibration, m?.calibration]).toEqual([null, null])
    expect(e?.calibration?.slope).toBeGreaterThan(0)
    for (const { validation } of [nease, multVae, ease])
      expect(made.validation['ndcg@100'].mean).toBeGreaterThanOrEqual(validation['ndcg@100'].mean)

    // EASE beside another, so that its intercept and the powers are seen whatever the weights above are.
    const plain = await desk.json(combined, 'combine', String(multVae.run), String(ease.run), '--weights', 'equal')
    for (const { run, members: weighed } of [made, plain]) {
      const kept = weighed.filter(({ weight }) => weight !== 0)
      const why = await desk.json(explanations, 'explain', '--run', String(run), '--user', '7')
      for (const { item, logScore, factors } of why.explanations) {
        expect(factors.map(({ member }) => member)).toEqual(kept.map(({ model }) => model))
        expect(factors.map(({ weight }) => weight)).toEqual(kept.map(({ weight }) => weight))
        expect(factors.reduce((product, { value }) => product * value, 1)).toBeCloseTo(item.score, 12)
        expect(factors.reduce((sum, { log }) => sum + log, 0)).toBeCloseTo(logScore ?? Number.NaN, 12)
        expectLinear(factors, ['nease', 'ease'])
      }
      const [first] = why.explanations
      await desk.vasp('export', '--run', String(run), '--user', '7', '--out', `lists-${run}.csv`)
      const [header = '', line = ''] = readFileSync(join(desk.folder, `lists-${run}.csv`), 'utf8').split('\n')
      const at = (column: string): number => Number(line.split(',').at(header.split(',').indexOf(column)))
      for (const { member, value } of first?.factors ?? []) expect(at(member)).toBeCloseTo(value, 6)
    }
    expect((await desk.vasp('explain', '--run', String(plain.run), '--user', '7')).stdout).toMatch(
      /intercept of the calibration/,
    )
    expect((await desk.vasp('combine', String(multVae.run), String(ease.run), '--weights', 'equal')).stdout).toMatch(
      /EASE search +1 +σ\(\S+·s [+−] \S+\) of its score s/,
    )
  })

  it('explains every linear member by the items of the history', async () => {
    const ease = await train('--model', 'ease', '--set', 'lambdas=20,100')
    const { run } = await desk.json(combined, 'combine', String(ease.run), String(nease.run), '--weights', 'equal')
    const asked = ['explain', '--run', String(run), '--user', '7']
    const why = await desk.json(flat, ...asked)
    expect(why.explanations).toHaveLength(10)
    for (const { factors, linearLogit, contributions } of why.explanations) {
      expect(factors.map(({ title, linear }) => [title, linear])).toEqual([
        ['EASE', true],
        ['NEASE', true],
      ])
      expectLinear(factors, ['ease', 'nease'])
      // Only EASE's score is calibrated.
      expect(factors.map(({ linearSum }) => linearSum?.intercept === 0)).toEqual([false, true])
      expect(factors.map(({ linearSum }) => linearSum?.contributions.length)).toEqual([
        why.history.length,
        why.history.length,
      ])
      // Which of both they would be could not be told.
      expect([linearLogit, contributions]).toEqual([null, null])
    }
    const [first] = await desk.json(list, 'recommend', '--run', String(run), '--user', '7').then(({ items }) => items)
    expect(first?.factors.map(({ linear }) => linear)).toEqual([true, true])
    const { stdout } = await desk.vasp(...asked, '--item', why.explanations[0]?.item.id ?? '')
    expect(stdout.match(/^linear sum of .*? [+−][\d.]+, made up of$/gm)).toHaveLength(2)
    expect(stdout).toMatch(/^linear sum of EASE (.*\n)+.* intercept of the calibration\n+linear sum of NEASE /m)
  })

  it('gives a run without a calibration the weight 0, and says why, whichever command combines', async () => {
    const { members } = await desk.json(combined, 'combine', String(nease.run), String(popularity.run))
    expect(members).toMatchObject([
      { run: nease.run, weight: 1, problem: null },
      { run: popularity.run, weight: 0, problem: expect.stringMatching(/no higher on average/) as string },
    ])
    const trained = combine([popularity.run, nease.run], '--set', 'weights=validation')
    expect(await desk.json(combined, ...trained)).toMatchObject({ members: [{ weight: 0 }, { weight: 1 }] })
    for (const command of [['combine', String(popularity.run), String(nease.run)], trained])
      expect((await desk.vasp(...command)).stdout).toMatch(
        /Popularity default +0 +none\n(.*\n)+Run \d+ has the weight 0, because no probability follows from its scores \(.* no higher on average .*\), so it cannot be multiplied\./,
      )
  })

  it('refuses runs that cannot be multiplied, with the reason', async () => {
    const refusal = async (...args: string[]): Promise<string> => (await desk.failure(...args)).message
    expect(await refusal(...combine([nease.run]))).toMatch(/at least two different trained runs/)
    expect(await refusal(...combine([nease.run, nease.run]))).toMatch(/at least two/)
    expect(await refusal(...combine([nease.run, 999]))).toMatch(/no run 999/)
    // Popularity knows nothing of the planted tastes.
    expect(await refusal('combine', String(nease.run), String(popularity.run), '--weights', 'equal')).toMatch(
      /No probability follows from the scores of run \d+ \(Popularity default\), so they cannot be multiplied: .* targets score no higher on average than other items/,
    )
    expect(await refusal(...combine([nease.run, multVae.run], '--threshold', '5'))).toMatch(
      /a different preparation or split than requested\. Requested: liked: ratings of 5 or higher instead of /,
    )
    expect(await refusal(...combine([nease.run, multVae.run], '--set', 'hidden=3'))).toMatch(
      /its only setting is weights=equal/,
    )
    expect(await refusal(...combine([nease.run, multVae.run], '--set', 'weights=best'))).toMatch(/weights=validation/)
    expect(
      await refusal('train', '--data', 'planted', '--model', 'vasp', '--members', `${nease.run},${multVae.run}`),
    ).toMatch(/VASP cannot combine trained runs/)
    expect(
      await refusal('train', '--data', 'other', '--model', 'hadamard', '--members', `${nease.run},${multVae.run}`),
    ).toMatch(/trained on “planted”/)

    const elsewhere = await desk.json(
      trainResult,
      ...['train', '--data', 'other', '--model', 'nease', '--set', 'stages=1e-2x1', ...sizes],
    )
    expect(await refusal(...combine([nease.run, elsewhere.run]))).toMatch(/the data sets differ/)
    const otherSplit = await train('--model', 'nease', '--set', 'stages=1e-2x1', '--split-seed', '2')
    expect(await refusal(...combine([nease.run, otherSplit.run]))).toMatch(
      /preparation or split differ \(split seed: 2 instead of 1\)\.$/,
    )
    const fewerItems = await train('--model', 'nease', '--set', 'stages=1e-2x1', '--most-popular', '50%')
    expect(await refusal(...combine([nease.run, fewerItems.run]))).toMatch(
      /preparation or split differ \(most popular items: 50 % .* instead of all\)\.$/,
    )
  })
})

describe('a run that ranks best but whose scores give no probability', () => {
  const runs: Record<string, TrainResult> = {}
  /**
   * Training users like most popular items and `top`, or a few rare ones. Held-out users like popular items; their targets are `top`, which a
   * neighbour model ranks first, and a rare item, which it gives less than any popular one: over all pairs, targets score lower than other items.
   */
  beforeAll(async () => {
    const random = seededRandom(6)
    const popular = Array.from({ length: 20 }, (_, item) => `a${item}`)
    const rare = Array.from({ length: 8 }, (_, item) => `b${item}`)
    const some = (items: readonly string[], size: number): string[] => {
      const left = [...items]
      return Array.from({ length: size }, () => left.splice(random.integer(left.length), 1)).flat()
    }
    const trained = Array.from({ length: 120 }, (_, user) => ({
      user: `t${user}`,
      items: user % 2 === 0 ? [...some(popular, 16), 'top'] : some(rare, 6),
    }))
    const heldOut = (prefix: string) =>
      Array.from({ length: 40 }, (_, user) => ({
        user: `${prefix}${user}`,
        foldIn: some(popular, 6),
        targets: ['top', ...some(rare, 1)],
      }))
    const [validation, test] = [heldOut('v'), heldOut('x')]
    const split = { catalogue: [...popular, 'top', ...rare], train: trained.map(({ user }) => user), validation, test }
    const rows = [
      ...trained,
      ...[...validation, ...test].map(({ user, foldIn, targets }) => ({ user, items: [...foldIn, ...targets] })),
    ].flatMap(({ user, items }) => items.map((item) => `${user},${item}\n`))
    writeFileSync(join(desk.folder, 'split-best.json'), JSON.stringify(split))
    writeFileSync(join(desk.folder, 'best.csv'), `user,item\n${rows.join('')}`)
    await desk.json(importResult, 'import', 'best.csv', '--name', 'best')
    const on = ['train', '--data', 'best', '--split', 'split-best.json', '--model']
    runs['best'] = await desk.json(trainResult, ...on, 'itemknn')
    runs['worse'] = await desk.json(trainResult, ...on, 'nease', '--set', 'stages=1e-4x1')
  })

  it('is the product alone, by its own scores, and is explained and exported like that run', async () => {
    const [best, worse] = [runs['best']!, runs['worse']!]
    expect(best.validation['ndcg@100'].mean).toBeGreaterThan(worse.validation['ndcg@100'].mean)
    const made = await desk.json(combined, 'combine', String(worse.run), String(best.run))
    expect(made.members).toMatchObject([
      { weight: 0, problem: null },
      { weight: 1, calibration: null, problem: expect.stringMatching(/no higher on average/) as string },
    ])
    expect([made.validation, made.test]).toEqual([best.validation, best.test])
    expect((await desk.vasp('combine', String(worse.run), String(best.run))).stdout).toMatch(
      /has the weight 0, because no weights that were tried .*\nRun \d+ has the weight 1, because alone, by its own scores, .* no probability follows from them \(/,
    )
    const explained = async (run: number): Promise<unknown> => {
      const { run: _, ...why } = await desk.json(explanations, 'explain', '--run', String(run), '--user', 'x1')
      return why
    }
    expect(await explained(made.run)).toEqual(await explained(best.run))
    for (const run of [made.run, best.run])
      await desk.vasp('export', '--run', String(run), '--user', 'x1', '--out', `best-${run}.csv`)
    const exported = (run: number): string => readFileSync(join(desk.folder, `best-${run}.csv`), 'utf8')
    expect(exported(made.run)).toBe(exported(best.run))
    expect((await desk.failure('map', '--run', String(made.run), '--out', 'map.csv')).message).toMatch(
      /are not probabilities, so there is nothing to map/,
    )
  })
})
