import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import fixture from '../../../test/fixtures/oracle/explanation.json'
import { expectClose } from '../../../test/fixtures/closeness'
import { asStored, type FixtureTensor } from '../../../test/fixtures/oracle'
import { loadBackend, probeBackends } from '../compute/backend'
import { calibrated } from '../models/calibrated'
import type { Model, Recommender } from '../models/model'
import { ProductOfRuns } from '../models/product-of-runs'
import { configure, modelOf } from '../models/registry'
import { csrFromRows, type Csr } from '../numeric/csr'
import { seededRandom } from '../numeric/random'
import { memberOf } from './described-items'
import { explain as explained, type ItemExplanation } from './explain'
import { recommend as recommended, type RankedItem } from './recommend'

const ITEMS = fixture.dims.I

/** All items equally popular: these models have no equal scores. */
const even = (model: Recommender): Float64Array => new Float64Array(model.items)
const explain = async (model: Recommender, history: Int32Array, items: Int32Array): Promise<ItemExplanation[]> =>
  (await explained(model, history, items, even(model))).items
const recommend = async (model: Recommender, history: Int32Array, k: number): Promise<RankedItem[]> =>
  (await recommended(model, history, k, even(model))).items
const weights: Readonly<Record<string, FixtureTensor>> = fixture.weights

/** VASP with the fixture's weights. */
async function fixtureModel(): Promise<Model> {
  const sizes = { hidden: fixture.dims.H, latent: fixture.dims.L, heads: '2' }
  const model = await configure(modelOf('vasp'), null, sizes).create(ITEMS, seededRandom(1))
  for (const [name, parameter] of model.parameters) {
    const weight = weights[name]
    if (!weight) throw new Error(`the fixture has no ${name}`)
    const { shape, data } = asStored(name, weight)
    tf.tidy(() => parameter.assign(tf.tensor(data, shape)))
  }
  return model
}

/** EASE, solved for invented histories. */
async function solvedEase(): Promise<Model> {
  const histories = Array.from({ length: 30 }, (_, user) => [user % 7, (user + 1) % 7, 7 + (user % (ITEMS - 7))])
  const model = await configure(modelOf('ease'), null, { lambdas: '5' }).create(ITEMS, seededRandom(1))
  if (model.training !== 'closed-form') throw new Error('EASE is solved')
  await model.fit(0, csrFromRows(histories, ITEMS), () => undefined)
  return model
}

const close = (actual: number | null, expected: number, what: string): void =>
  expectClose([actual ?? Number.NaN], [expected], { relative: 1e-5, absolute: 1e-6 }, what)

beforeAll(async () => {
  const unavailable = (await probeBackends()).filter(({ available }) => !available)
  expect(unavailable).toEqual([])
})

describe.each(['tensorflow', 'cpu'])('the golden fixture on %s', (backend) => {
  let model: Model
  let before = 0
  beforeAll(async () => {
    await tf.setBackend(backend)
    before = tf.memory().numTensors
    model = await fixtureModel()
  })
  afterAll(() => {
    model.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it.each(fixture.users.map((user, u) => ({ user, u })))(
    'lists the unseen items of user $u in order',
    async ({ user }) => {
      const listed = await recommend(model, Int32Array.from(user.history), ITEMS)
      expect(listed.map(({ item }) => item)).toEqual(user.ranking_unseen)
      expect(listed.map(({ rank }) => rank)).toEqual(user.ranking_unseen.map((_, index) => index + 1))
      for (const { score, factors } of listed)
        expect(score).toBe(factors.reduce((product, { value }) => product * value, 1))
    },
  )

  it.each(fixture.users.map((user, u) => ({ user, u })))('explains the targets of user $u', async ({ user }) => {
    const explained = await explain(
      model,
      Int32Array.from(user.history),
      Int32Array.from(user.targets, ({ item }) => item),
    )
    expect(explained).toHaveLength(user.targets.length)
    user.targets.forEach((wanted, t) => {
      const found = explained[t]
      if (!found) throw new Error(`target ${wanted.item} is not explained`)
      expect(found.item.item).toBe(wanted.item)
      expect(found.item.rank).toBe(user.ranking_unseen.indexOf(wanted.item) + 1)
      close(found.item.score, wanted.p, 'p')
      const [f, n] = found.factors
      expect([f?.member, n?.member]).toEqual(['flvae', 'nease'])
      close(f?.value ?? null, wanted.flvae_p, 'f')
      close(n?.value ?? null, wanted.nease_p, 'n')
      close(found.logScore, wanted.log_p, 'log p')
      close(f?.log ?? null, wanted.log_f, 'log f')
      close(n?.log ?? null, wanted.log_n, 'log n')
      close(f?.share ?? null, wanted.share_flvae, 'share of FLVAE')
      close(n?.share ?? null, wanted.share_nease, 'share of NEASE')
      close(f?.lift ?? null, wanted.lift_flvae, 'lift of FLVAE')
      close(n?.lift ?? null, wanted.lift_nease, 'lift of NEASE')
      close((f?.lift ?? 0) + (n?.lift ?? 0), wanted.lift_total, 'total lift')
      expect([found.linearSum, f?.linearSum]).toEqual([null, null])
      close(n?.linearSum?.logit ?? null, wanted.nease_logit, 'NEASE logit')
      const contributions = n?.linearSum?.contributions ?? []
      const byItem = new Map(contributions.map(({ item, logit }) => [item, logit]))
      expect(byItem.size).toBe(wanted.contributions.length)
      for (const { item, logit } of wanted.contributions)
        close(byItem.get(item) ?? null, logit, `contribution of ${item}`)
      const logits = contributions.map(({ logit }) => logit)
      expect(logits).toEqual([...logits].sort((a, b) => b - a))
    })
  })

  it('leaves as many tensors alive as it found', async () => {
    const live = tf.memory().numTensors
    await explain(model, Int32Array.of(1, 2), Int32Array.of(3, 4))
    await recommend(model, Int32Array.of(1, 2), 5)
    expect(tf.memory().numTensors).toBe(live)
  })

  it('gives each member’s own rank: the order by that member alone', async () => {
    const listed = await recommend(model, Int32Array.from(fixture.users[0]?.history ?? []), ITEMS)
    for (const m of [0, 1]) {
      const byFactor = [...listed].sort((a, b) => (b.factors[m]?.value ?? 0) - (a.factors[m]?.value ?? 0))
      expect(byFactor.map((item) => item.factors[m]?.rank)).toEqual(listed.map((_, index) => index + 1))
    }
  })
})

describe('explaining', () => {
  let vasp: Model
  beforeAll(async () => {
    await loadBackend()
    vasp = await fixtureModel()
  })
  afterAll(() => vasp.dispose())

  const one = async (model: Recommender, history: number[], item: number): Promise<ItemExplanation> => {
    const [explained] = await explain(model, Int32Array.from(history), Int32Array.of(item))
    if (!explained) throw new Error('nothing explained')
    return explained
  }

  it('counts a repeated history item once', async () => {
    expect(await one(vasp, [3, 4, 4, 3], 6)).toEqual(await one(vasp, [3, 4], 6))
  })

  it('explains a new user without history, and a user who has seen everything', async () => {
    const nobody = await one(vasp, [], 6)
    expect(nobody.factors[1]?.linearSum).toEqual({ logit: 0, intercept: 0, contributions: [] })
    expect(nobody.factors[1]?.value).toBe(0.5)
    const everything = Array.from({ length: ITEMS }, (_, i) => i)
    expect(await recommend(vasp, Int32Array.from(everything), 5)).toEqual([])
    expect((await one(vasp, everything, 6)).factors.map(({ lift }) => lift)).toEqual([null, null])
  })

  it('puts a history item where it would stand if it were unseen', async () => {
    const listed = await recommend(vasp, Int32Array.of(3, 4), ITEMS)
    const { item } = await one(vasp, [3, 4], 3)
    expect(item.rank).toBe(1 + listed.filter(({ score }) => score > item.score).length)
  })

  it('shows NEASE alone as the only member', async () => {
    const model = await configure(modelOf('nease'), null, {}).create(ITEMS, seededRandom(2))
    const { item, logScore, factors } = await one(model, [1, 2], 5)
    const [only] = factors
    expect(factors).toHaveLength(1)
    expect(only).toMatchObject({ member: 'nease', value: item.score, rank: item.rank, log: logScore, share: 1 })
    model.dispose()
  })

  it('gives Mult-VAE’s softmax as its only factor', async () => {
    const small = { hidden: 5, latent: 3 }
    const model = await configure(modelOf('mult-vae'), null, small).create(ITEMS, seededRandom(2))
    const listed = await recommend(model, Int32Array.of(1, 2), ITEMS)
    const scores = model.score(csrFromRows([[1, 2]], ITEMS))
    const values = Array.from(await scores.data())
    scores.dispose()
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5)
    for (const { item, score, factors } of listed) {
      expect(factors.map(({ member }) => member)).toEqual(['mult-vae'])
      expect(score).toBeCloseTo(values[item] ?? Number.NaN, 6)
    }
    model.dispose()
  })

  it('splits a product of three members, with shares that sum to 1', async () => {
    const config = configure(modelOf('hadamard'), null, {
      members: 'nease,mult-dae,flvae',
      hidden: 5,
      latent: 3,
    })
    const model = await config.create(ITEMS, seededRandom(2))
    const { item, logScore, factors } = await one(model, [1, 2], 5)
    expect(factors.map(({ member }) => member)).toEqual(['nease', 'mult-dae', 'flvae'])
    expect(factors.reduce((product, { value }) => product * value, 1)).toBeCloseTo(item.score, 12)
    expect(Math.exp(logScore ?? Number.NaN)).toBeCloseTo(item.score, 12)
    expect(factors.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(1, 12)
    expect(factors.map(({ linearSum }) => linearSum?.contributions.length)).toEqual([2, undefined, undefined])
    model.dispose()
  })

  it('gives EASE’s score as the exact sum of its contributions', async () => {
    const model = await solvedEase()
    const { item, linearSum, logScore } = await one(model, [0, 2, 8], 5)
    expect(linearSum?.logit).toBeCloseTo(item.score, 6)
    expect(linearSum?.contributions).toHaveLength(3)
    expect([item.factors, logScore]).toEqual([[], null])
    model.dispose()
  })

  it('has nothing to split for popularity, but its score and rank', async () => {
    const model = await configure(modelOf('popularity'), null, {}).create(4, seededRandom(1))
    if (model.training !== 'closed-form') throw new Error('popularity is counted')
    await model.fit(0, csrFromRows([[0, 1], [1], [1, 2]], 4), () => undefined)
    const { item, linearSum } = await one(model, [1], 2)
    expect(item).toMatchObject({ score: 1, rank: 2, factors: [] })
    expect(linearSum).toBeNull()
    model.dispose()
  })
})

describe('explaining several linear members', () => {
  const [history, target] = [[0, 2, 8], 5]
  beforeAll(() => loadBackend())

  /** A value of the target's for the history, from what a model computes for all items. */
  const valueFor = (of: (histories: Csr) => tf.Tensor2D): number =>
    tf.tidy(() => of(csrFromRows([history], ITEMS)).dataSync<'float32'>()[target] ?? Number.NaN)
  /** Its only logit. */
  const logitOf = (model: Recommender, member = 0): number =>
    valueFor((histories) => model.memberLogits(histories)[member]!.logits[0]!)

  const explainedBy = async (model: Recommender): Promise<ItemExplanation> => {
    const [explanation] = await explain(model, Int32Array.from(history), Int32Array.of(target))
    if (!explanation) throw new Error('nothing explained')
    return explanation
  }
  /** Holds each linear member's sum to the logit that the member itself gives, and its factor to the sum. */
  const expectSums = ({ factors, linearSum }: ItemExplanation, logits: readonly (number | null)[]): void => {
    expect(linearSum).toBeNull()
    expect(factors).toHaveLength(logits.length)
    for (const [m, { linearSum: sum, log, weight }] of factors.entries()) {
      const logit = logits[m] ?? null
      expect(sum === null).toBe(logit === null)
      if (sum === null || logit === null) continue
      expect([...sum.contributions].map(({ item }) => item).sort((a, b) => a - b)).toEqual(history)
      expect(sum.contributions.reduce((total, one) => total + one.logit, sum.intercept)).toBeCloseTo(logit, 5)
      expect(sum.logit).toBeCloseTo(logit, 5)
      expect(log).toBeCloseTo(-weight * Math.log1p(Math.exp(-logit)), 5)
    }
  }
  const nease = (seed: number): Promise<Model> =>
    configure(modelOf('nease'), null, {}).create(ITEMS, seededRandom(seed))
  const calibration = { slope: 3, intercept: -0.5 }

  it('splits EASE × NEASE into the contributions to either, the calibrated score with its intercept', async () => {
    const before = tf.memory().numTensors
    const [ease, other] = [await solvedEase(), await nease(2)]
    const product = new ProductOfRuns([
      { label: 'run 1', model: calibrated(ease, 'ease', calibration), weight: 1 },
      { label: 'run 2', model: other, weight: 0.5 },
    ])
    const explanation = await explainedBy(product)
    expect(explanation.factors.map(({ member }) => member)).toEqual(['ease', 'nease'])
    const score = valueFor((histories) => ease.score(histories))
    expectSums(explanation, [3 * score - 0.5, logitOf(other)])
    expect(explanation.factors.map(({ linearSum }) => linearSum?.intercept)).toEqual([-0.5, 0])
    const lists = ['ease', 'nease', 'flvae'].map((member) => memberOf(product, member))
    expect(lists).toEqual([
      { title: 'EASE', linear: true },
      { title: 'NEASE', linear: true },
      { title: 'FLVAE', linear: false },
    ])
    product.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('splits members that are trained together', async () => {
    const settings = { members: 'nease,mult-dae,elsa', hidden: 5, latent: 3, dimension: 4 }
    const model = await configure(modelOf('hadamard'), null, settings).create(ITEMS, seededRandom(2))
    expectSums(await explainedBy(model), [logitOf(model, 0), null, logitOf(model, 2)])
    expect(logitOf(model, 0)).not.toBeCloseTo(logitOf(model, 2), 3)
    model.dispose()
  })

  it('splits the members of a product within a product, each under its own name and to the power of both weights', async () => {
    const [first, second, vasp] = [await nease(2), await nease(3), await fixtureModel()]
    const inner = new ProductOfRuns([
      { label: 'run 1', model: calibrated(await solvedEase(), 'ease', calibration), weight: 1 },
      { label: 'run 2', model: first, weight: 0.5 },
    ])
    const product = new ProductOfRuns([
      { label: 'run 3', model: inner, weight: 0.25 },
      { label: 'run 4', model: second, weight: 1 },
      { label: 'run 5', model: vasp, weight: 0.75 },
    ])
    const explanation = await explainedBy(product)
    expect(explanation.factors.map(({ member, weight }) => [member, weight])).toEqual([
      ['ease', 0.25],
      ['nease (run 3)', 0.125],
      ['nease (run 4)', 1],
      ['flvae', 0.75],
      ['nease (run 5)', 0.75],
    ])
    expectSums(explanation, [logitOf(inner, 0), logitOf(first), logitOf(second), null, logitOf(vasp, 1)])
    const score = valueFor((histories) => product.score(histories))
    expect(explanation.logScore).toBeCloseTo(score, 4)
    product.dispose()
  })
})
