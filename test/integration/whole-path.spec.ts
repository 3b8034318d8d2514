import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../src/main/store/open'
import { exportResult } from '../../src/shared/exports'
import type { DatasetId, RunId } from '../../src/shared/ids'
import { evaluateResult, trainResult } from '../../src/shared/runs'
import {
  eventsOf,
  fewItems,
  importSample,
  resultOf,
  startStudio,
  startTraining,
  tinyVasp,
  type Studio,
} from './studio.fixture'

let studio: Studio
let dataset: DatasetId
let run: RunId

beforeAll(async () => {
  studio = await startStudio()
  dataset = await importSample(studio.engine)
})
afterAll(() => studio.remove())

describe('from a file to a list', () => {
  it('imports the sample as its README counts it', async () => {
    const detail = await studio.engine.client.datasets.get({ id: dataset })
    expect(detail).toMatchObject({ users: 610, interactions: 100_836, rejected: 0, hasRatings: true, hasTimes: true })
    expect(detail.topItems[0]?.title).toContain('Forrest Gump')
    const [folder = ''] = readdirSync(join(studio.library, 'uploads'))
    await expect.poll(() => readdirSync(join(studio.library, 'uploads', folder))).toEqual([])
  })

  it('trains VASP: two watchers see every epoch, and the run records its settings', async () => {
    const { client } = studio.engine
    const started = await startTraining(studio.engine, dataset, 'vasp', tinyVasp, fewItems)
    run = started.run
    const [first, second] = await Promise.all([
      eventsOf(studio.engine, started.job),
      eventsOf(studio.engine, started.job),
    ])
    const epochs = first.flatMap((event) => (event.type === 'epoch' ? [event.point] : []))
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2])
    expect(second.filter(({ type }) => type === 'epoch')).toEqual(first.filter(({ type }) => type === 'epoch'))
    const last = first.at(-1)
    const result = trainResult.parse(last?.type === 'finished' ? last.result : last)
    expect(result.test['ndcg@100'].users).toBe(60)
    expect(result.peakBytes).toBeGreaterThan(1e8)

    const detail = await client.runs.get({ run })
    expect(detail).toMatchObject({
      status: { state: 'finished' },
      usable: true,
      job: null,
      bestEpoch: result.bestEpoch,
    })
    expect(detail.test).toEqual(result.test)
    expect(detail.epochs).toEqual(epochs)
    expect(detail.splitSummary).toMatchObject({ testUsers: 60, validationUsers: 60 })
    expect(detail.environment?.backend).toBeTruthy()
    expect(detail.parameters).toBeGreaterThan(1000)
    // The best epoch's weights were restored: validated again, they give the figure of that epoch.
    const best = epochs.find(({ epoch }) => epoch === result.bestEpoch)
    expect(result.validation['ndcg@100'].mean).toBeCloseTo(best?.validation['ndcg@100'].mean ?? -1, 6)
    // Per-user values were kept, and average to the reported figure.
    const perUser = studio.engine.context.store.runs.userMetric(run, 'test', 'ndcg@100') ?? new Float32Array()
    expect(perUser.length).toBe(60)
    expect(perUser.reduce((sum, value) => sum + value, 0) / 60).toBeCloseTo(result.test['ndcg@100'].mean, 6)
  })

  it('evaluates stored weights to the same figures, and chosen users by the same protocol', async () => {
    const { client } = studio.engine
    const all = await client.runs.evaluate({ run, users: null })
    const evaluated = evaluateResult.parse(await resultOf(studio.engine, all.job))
    const detail = await client.runs.get({ run })
    expect(evaluated.metrics['ndcg@100'].mean).toBeCloseTo(detail.test?.['ndcg@100'].mean ?? -1, 6)
    const chosen = await client.runs.evaluate({ run, users: ['1', '2', '3'] })
    expect(evaluateResult.parse(await resultOf(studio.engine, chosen.job)).users).toBe(3)
    const withUnknown = { run, users: ['1', '2', 'nobody'] }
    await expect(client.runs.evaluate(withUnknown)).rejects.toThrow(/1 of these 3 users: “nobody”/)
    const known = await client.runs.evaluate({ ...withUnknown, skipUnknown: true })
    expect(evaluateResult.parse(await resultOf(studio.engine, known.job)).users).toBe(2)
    const { evaluations } = await client.runs.get({ run })
    expect(evaluations.map(({ chosen, users }) => [chosen, users])).toEqual([
      [true, 2],
      [true, 3],
      [false, 60],
    ])
    expect(evaluations.at(-1)).toMatchObject({ metrics: evaluated.metrics, warnings: [] })
    const listed = (await client.runs.list({ dataset: null })).find(({ id }) => id === run)
    expect(listed?.evaluated).toMatchObject({ chosen: true, users: 2, at: evaluations[0]?.at })
  })

  it('warns of chosen users whom the model has learned from', async () => {
    const { client } = studio.engine
    const store = openStore(studio.library)
    const split = store.runs.split(run)
    if (!split) throw new Error('the run has a split')
    const [tested = [], trained = []] = [split.testUsers, split.trainUsers].map((users) =>
      Array.from(users.slice(0, 40), (user) => store.datasets.historyOf(dataset, user).externalId),
    )
    store.close()
    const measured = async (users: string[]): Promise<string[]> => {
      const { job } = await client.runs.evaluate({ run, users })
      return evaluateResult.parse(await resultOf(studio.engine, job)).warnings
    }
    expect(await measured(tested)).toEqual([])
    expect(await measured(trained)).toEqual([
      '40 of the 40 measured users are training users: the figures are better than for users whom the model has not seen.',
    ])
  })

  it('recommends unseen items with titles, each the product of its two factors', async () => {
    const { client } = studio.engine
    const answer = await client.explore.recommend({ run, who: { kind: 'user', user: '1' }, k: 20 })
    expect(answer.items.map(({ rank }) => rank)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    const seen = new Set(answer.history.map(({ id }) => id))
    for (const item of answer.items) {
      expect(seen.has(item.id)).toBe(false)
      expect(item.title).not.toBe('')
      const [f = Number.NaN, n = Number.NaN] = item.factors.map(({ value }) => value)
      expect(Math.abs(f * n - item.score)).toBeLessThanOrEqual(1e-5 * item.score)
    }
    expect((await client.system.readSettings()).lastRun).toBe(run)
    // A changed setting leaves the others as they are.
    expect(await client.system.writeSettings({ theme: 'dark' })).toMatchObject({ theme: 'dark', lastRun: run })
  })

  it('accepts a typed history, by id or exact title, and reports unknown ids', async () => {
    const { client } = studio.engine
    const items = ['1', 'heat (1995)', 'no such film']
    const answer = await client.explore.recommend({ run, who: { kind: 'history', items }, k: 3 })
    expect(answer.history.map(({ title }) => title)).toEqual(['Toy Story (1995)', 'Heat (1995)'])
    expect(answer.unknown).toEqual(['no such film'])
    const unknown = client.explore.recommend({ run, who: { kind: 'history', items: ['x1', 'x2'] }, k: 3 })
    await expect(unknown).rejects.toMatchObject({
      code: 'STUDIO_ERROR',
      data: { code: 'BAD_INPUT', message: expect.stringMatching(/x1.*x2/) },
    })
  })

  it('explains: the linear logit is the sum of the contributions of the history', async () => {
    const { client } = studio.engine
    const { explanations, history } = await client.explore.explain({
      run,
      who: { kind: 'user', user: '1' },
      item: null,
    })
    expect(explanations.length).toBe(10)
    for (const explanation of explanations) {
      const [linear, ...others] = explanation.factors.filter(({ linearSum }) => linearSum !== null)
      expect([linear?.linear, others]).toEqual([true, []])
      const contributions = linear?.linearSum?.contributions ?? []
      expect(contributions.length).toBe(history.length)
      const sum = contributions.reduce((total, { logit }) => total + logit, 0)
      expect(sum).toBeCloseTo(linear?.linearSum?.logit ?? Number.NaN, 4)
      const nease = 1 / (1 + Math.exp(-sum))
      expect(nease).toBeCloseTo(linear?.value ?? Number.NaN, 4)
      expect(explanation.factors.reduce((total, { log }) => total + log, 0)).toBeCloseTo(explanation.logScore ?? 1, 6)
    }
    const one = await client.explore.explain({ run, who: { kind: 'user', user: '1' }, item: '296' })
    expect(one.explanations.map(({ item }) => item.title)).toEqual(['Pulp Fiction (1994)'])
  })

  it('exports a list for every user, as recommended', async () => {
    const { client } = studio.engine
    const started = await client.exports.create({ run, users: 'all', k: 5 })
    const result = exportResult.parse(await resultOf(studio.engine, started.job))
    const { path, fileName } = studio.engine.exportFile(started.export)
    const text = readFileSync(path, 'utf8')
    // By the byte-order mark Excel knows UTF-8.
    expect(text.startsWith('\uFEFF')).toBe(true)
    const lines = text.slice(1).trimEnd().split('\n')
    expect(fileName).toMatch(/^vasp-.*-top-5\.csv$/)
    expect(lines[0]).toBe('user,rank,item,title,score,flvae,nease,source')
    expect(lines.length - 1).toBe(result.rows)
    expect(result.users).toBeGreaterThan(590)
    const [top] = (await client.explore.recommend({ run, who: { kind: 'user', user: '1' }, k: 1 })).items
    expect(lines.find((line) => line.startsWith('1,1,'))).toContain(`1,1,${top?.id},`)
    expect((await client.exports.list())[0]).toMatchObject({ state: 'finished', rows: result.rows, job: null })
  })

  it('trains the same again from the same seed', async () => {
    const again = await startTraining(studio.engine, dataset, 'vasp', tinyVasp, fewItems)
    const result = trainResult.parse(await resultOf(studio.engine, again.job))
    const before = await studio.engine.client.runs.get({ run })
    expect(result.test).toEqual(before.test)
    expect(result.validation).toEqual(before.validation)
  })

  it('trains EASE and popularity, which explain as far as possible', async () => {
    const { client } = studio.engine
    for (const [model, overrides] of [
      ['ease', { lambdas: '100,300' }],
      ['popularity', {}],
    ] as const) {
      const started = await startTraining(studio.engine, dataset, model, overrides)
      const { test } = trainResult.parse(await resultOf(studio.engine, started.job))
      expect(test['ndcg@100'].mean).toBeGreaterThan(0.05)
      const who = { kind: 'user', user: '1' } as const
      const { explanations } = await client.explore.explain({ run: started.run, who, item: null })
      expect(explanations[0]?.item).toMatchObject({ factors: [] })
      expect(explanations[0]?.linearSum === null).toBe(model === 'popularity')
    }
  })

  it('deletes a run with its weights and exports, then the data set with everything, and reports the freed bytes', async () => {
    const { client } = studio.engine
    const { freedBytes } = await client.runs.delete({ run })
    expect(freedBytes).toBeGreaterThan(100_000)
    expect(await client.exports.list()).toEqual([])
    await expect(client.runs.get({ run })).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } })
    expect((await client.datasets.delete({ id: dataset })).freedBytes).toBeGreaterThan(1_000_000)
    expect(await client.runs.list({ dataset: null })).toEqual([])
    expect(readdirSync(join(studio.library, 'weights'))).toEqual([])
  })
})
