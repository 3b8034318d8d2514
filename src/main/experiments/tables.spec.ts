import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ExperimentRequest, ExperimentTable, Subject } from '../../shared/experiments'
import type { RunId } from '../../shared/ids'
import type { HeldOutSet, SegmentName, TestMetricName } from '../../shared/metrics'
import type { StoredExperiment } from '../store/store'
import { defaultPreparation, type RunMember } from '../../shared/runs'
import { smallHistories, smallItems } from '../store/small-dataset.fixture'
import { expand, recipeOf } from './plan'
import { finishRun, plantRun, plantedLibrary, requestOf, type PlantedLibrary } from './planted-runs.fixture'
import { publishedFor } from './published'
import { tablesOf } from './tables'
import { experimentTablesText } from '../cli/experiment-text'
import { tableFile } from '../exporting/tables/table-file'

const metrics: TestMetricName[] = ['ndcg@100', 'recall@50']

let library: PlantedLibrary
beforeEach(() => (library = plantedLibrary()))
afterEach(() => library.remove())

/** An experiment whose runs are named but not trained; `runs` by position. */
function plant(
  subject: Subject,
  changes: Partial<ExperimentRequest> = {},
): { stored: StoredExperiment; runs: RunId[] } {
  const { store, dataset } = library
  const recipe = recipeOf(requestOf(dataset, subject, changes), (id) => store.datasets.get(id).valueKind)
  const planned = expand(recipe)
  const { id } = store.experiments.create({ name: 'Mine', recipe, datasets: planned.map((trial) => trial.dataset) })
  const runs: RunId[] = []
  for (const trial of planned) {
    const { model, preset, overrides } = trial.system
    const { preparation, split, seed } = trial
    const run = plantRun(store, {
      dataset: trial.dataset,
      model,
      preset,
      overrides,
      seed,
      preparation,
      split,
      name: null,
      members: trial.members.length === 0 ? null : trial.members.flatMap((position) => runs[position] ?? []),
    })
    store.experiments.fill(id, trial.position, run, { reused: false })
    runs.push(run)
  }
  return { stored: store.experiments.get(id), runs }
}

const tables = (
  stored: StoredExperiment,
  heldOut: HeldOutSet = 'test',
  segment: SegmentName | null = null,
): Promise<ExperimentTable[]> => tablesOf(library.store, stored, { metrics, heldOut, segment })

const values = (shift: number): number[] => Array.from({ length: 60 }, (_, user) => (user % 10) / 10 + shift)
const tableOne: Subject = { kind: 'table-1', presets: 'small' }

describe('a table', () => {
  it('shows means over users with their standard errors, the best and ties marked, open runs as missing', async () => {
    const { stored, runs } = plant(tableOne)
    finishRun(library.store, runs[0]!, values(0), 30)
    finishRun(library.store, runs[1]!, values(0.1), 60)
    const [table, ...others] = await tables(stored)
    expect(others).toEqual([])
    expect(table).toMatchObject({ title: 'Table I: NEASE by loss', datasetName: 'small', users: 60, published: null })
    const [mse, cosine, focal] = table?.rows ?? []
    expect(mse).toMatchObject({ label: 'NEASE (MSE)', runs: [runs[0]], missing: 0, seconds: 30 })
    expect(mse?.cells['ndcg@100']?.mean).toBeCloseTo(0.45, 6)
    // Six tens of 0, 0.1 … 0.9: sample variance 60 · 0.0825 / 59.
    expect(mse?.cells['ndcg@100']?.se).toBeCloseTo(Math.sqrt((60 * 0.0825) / 59 / 60), 6)
    expect(mse?.cells['ndcg@100']).toMatchObject({ best: false, tied: false, seedSe: null, users: 60 })
    expect(cosine?.cells['recall@50']).toMatchObject({ best: true, p: null })
    expect(focal).toMatchObject({ cells: {}, runs: [], missing: 1, seconds: null })
    expect(table?.notes[1]).toBe(
      'Data: small, version 1; liked: ratings of 4 or higher; users with at least 5 liked items; items with at least 1 user; first day: any; last day: any; most popular items: all; share of users: all; catalogue: training items; held out: whole users; split seed: 1; test users: a tenth, at most 10,000; validation users: a tenth, at most 10,000; fold-in share: 80 % of a held-out user’s items; recall divides by min(k, targets).',
    )
    expect(table?.notes.join(' ')).toMatch(/60 test users \(training seed 1\).*1 planned run has no results yet/)
  })

  it('gives one measured user neither an error nor a mark, and says why; few users are pointed out', async () => {
    const { stored, runs } = plant(tableOne)
    for (const [index, run] of runs.entries()) finishRun(library.store, run, [0.3 + index / 10])
    const [table] = await tables(stored)
    expect(table?.rows.map(({ cells }) => cells['ndcg@100'])).toEqual(
      runs.map((_, index) => ({
        mean: expect.closeTo(0.3 + index / 10, 6) as number,
        se: null,
        users: 1,
        seedSe: null,
        best: false,
        tied: false,
        p: null,
      })),
    )
    expect(table?.significance).toBeNull()
    expect(table?.notes.join(' ')).toMatch(
      /over 1 test user \(.*Only one test user was measured: there is no standard error/,
    )
    const two = plant(tableOne, { seeds: [7] })
    for (const run of two.runs) finishRun(library.store, run, [0.3, 0.5])
    expect((await tables(two.stored))[0]?.notes.join(' ')).toContain('Only 2 test users were measured')
  })

  it('averages each user over the seeds and gives the error over seeds beside it', async () => {
    const { stored, runs } = plant(tableOne, { seeds: [1, 2, 3] })
    ;[0, 0.3, 0.6].forEach((shift, index) => finishRun(library.store, runs[index]!, values(shift), 10 * (index + 1)))
    const [row] = (await tables(stored))[0]?.rows ?? []
    expect(row?.cells['ndcg@100']?.mean).toBeCloseTo(0.75, 6)
    expect(row?.cells['ndcg@100']?.se).toBeCloseTo(Math.sqrt((60 * 0.0825) / 59 / 60), 6)
    expect(row?.cells['ndcg@100']?.seedSe).toBeCloseTo(0.3 / Math.sqrt(3), 6)
    expect(row?.seconds).toBe(20)
  })

  it('shows the best of competing systems by validation, not by test', async () => {
    const { stored, runs } = plant({ kind: 'table-3', presets: 'small' })
    const open = (await tables(stored))[0]?.rows.find(({ key }) => key === 'nease')
    expect(open).toMatchObject({ label: 'NEASE', missing: 3, runs: [] })
    const nease = expand(stored.recipe).filter(({ system }) => system.row === 'nease')
    nease.forEach(({ position }, index) => finishRun(library.store, runs[position]!, values(index === 1 ? 0.1 : 0)))
    library.store.runs.saveUserMetric(runs[nease[0]!.position]!, 'test', 'ndcg@100', Float32Array.from(values(0.9)))
    const row = (await tables(stored))[0]?.rows.find(({ key }) => key === 'nease')
    expect(row).toMatchObject({ label: nease[1]?.system.label, runs: [runs[nease[1]!.position]] })
  })

  it('is the same for all thresholds on data without values', async () => {
    const { store, dataset } = library
    const writer = store.datasets.write({ name: 'clicks', source: ['clicks.csv'], importSettings: {} })
    writer.addItems(smallItems)
    writer.addHistories(smallHistories.map((history) => ({ ...history, ratings: null })))
    const clicks = writer.finish({ rejected: 0, duplicates: 0 }).id
    const preparations = [4, null].map((threshold) => ({ ...defaultPreparation, threshold }))
    const onBoth = plant(tableOne, { datasets: [dataset, clicks], preparations })
    const thresholds = (await tables(onBoth.stored)).map((table) => [table.datasetName, table.preparation.threshold])
    expect(thresholds).toEqual([
      ['small', 4],
      ['small', null],
      ['clicks', 4],
    ])
    // Where no data set has values, the second preparation is not even planned.
    expect(plant(tableOne, { datasets: [clicks], preparations }).runs).toHaveLength(3)
  })

  it('stands by itself for each split', async () => {
    const split = requestOf(library.dataset, tableOne).splits[0]!
    const { stored, runs } = plant(tableOne, { splits: [split, { ...split, seed: 2 }] })
    finishRun(library.store, runs[3]!, values(0))
    const both = await tables(stored)
    expect(both.map((table) => table.split.seed)).toEqual([1, 2])
    expect(both.map(({ rows }) => rows[0]?.runs)).toEqual([[], [runs[3]]])
    const last = plant(tableOne, { splits: [{ ...split, method: 'leave-last-out', recallDenominator: '|R|' }] })
    finishRun(library.store, last.runs[0]!, values(0))
    expect((await tables(last.stored))[0]?.notes[1]).toMatch(
      /held out: each user’s last item; .* recall divides by all targets\.$/,
    )
    expect(both[0]?.notes).toEqual([
      'No run of this table has finished yet.',
      expect.stringContaining('split seed: 1'),
      '3 planned runs have no results yet.',
    ])
  })

  it('gives what products are made of, with weights and reasons, and why runs failed', async () => {
    const { store } = library
    const { stored, runs } = plant({ kind: 'product', presets: 'small' })
    const [first, second, third, fourth, plain, best] = runs as [RunId, RunId, RunId, RunId, RunId, RunId]
    for (const run of [first, second, third, fourth]) finishRun(store, run, values(0))
    store.runs.fail(plain, { code: 'BAD_INPUT', message: 'No probability follows.', next: 'Leave it out.' })
    const member = (run: RunId, weight: number, problem: string | null = null): RunMember => {
      const { model, config } = store.runs.get(run)
      const calibration = weight === 0.5 ? { slope: 12, intercept: -3 } : null
      return { run, name: `name ${run}`, model, config, weight, calibration, problem }
    }
    const members = [member(first, 0.5), member(second, 1), member(third, 0), member(fourth, 0, 'all are alike')]
    store.runs.saveMembers(best, members)
    finishRun(store, best, values(0.1))
    const [table] = await tables(stored)
    const [plainRow, bestRow] = table?.rows.slice(-2) ?? []
    expect(plainRow).toMatchObject({ runs: [], missing: 0, combined: [] })
    expect(plainRow?.failed).toMatchObject([{ label: 'Plain product of the rows above', seed: 1, run: plain }])
    expect(bestRow?.combined).toEqual([{ run: best, members }])
    const sentences = [
      `Best product of the same (run ${best}) is made of run ${first} (name ${first}): weight 0.5, f = σ(12·s − 3.000) of its score s; run ${second} (name ${second}): weight 1; run ${third} (name ${third}): weight 0, because no weights that were tried gave a better NDCG@100 of the validation users with it; run ${fourth} (name ${fourth}): weight 0, because no probability follows from its scores (all are alike), so it cannot be multiplied.`,
      'Plain product of the rows above, seed 1, failed: No probability follows. Leave it out.',
    ]
    expect(table?.notes.slice(-2)).toEqual(sentences)
    expect(table?.notes.join(' ')).not.toContain('no results yet')
    // Every format has them.
    for (const format of ['markdown', 'csv', 'latex'] as const)
      for (const part of ['because no weights that were tried gave', '(all are alike)', 'No probability follows.'])
        expect(tableFile('x', [table!], format).text).toContain(part)
    expect(experimentTablesText([table!])).toContain(sentences.join('\n'))
  })

  it('says that every interaction counts in data without ratings, and that counts are not ratings', async () => {
    const { store } = library
    const described = async (name: string, ratings: Float32Array | null, importSettings: unknown): Promise<string> => {
      const writer = store.datasets.write({ name, source: [], importSettings })
      writer.addItems([{ index: 0, externalId: 'a', title: 'A', genres: [] }])
      writer.addHistories([{ user: 0, externalId: 'u', items: Int32Array.of(0), ratings, times: null }])
      const dataset = writer.finish({ rejected: 0, duplicates: 0 }).id
      const { stored, runs } = plant(tableOne, { datasets: [dataset] })
      finishRun(store, runs[0]!, values(0))
      return (await tables(stored))[0]?.notes[1] ?? ''
    }
    expect(await described('plain', null, {})).toContain('liked: every interaction;')
    const mapping = { user: 'u', item: 'i', rating: null, time: null, count: 'plays' }
    expect(await described('plays', Float32Array.of(7), { mapping })).toContain('liked: counts of 4 or higher;')
  })

  it('shows one segment of the users or items, from each run’s figures there, without marks', async () => {
    const { stored, runs } = plant(tableOne)
    const tail = { mean: 0.25, se: 0.05, users: 20 }
    finishRun(library.store, runs[0]!, values(0), 1, [
      { by: 'item-popularity', name: 'tail', low: 1, high: 9, members: 40, metrics: { 'ndcg@100': tail } },
    ])
    finishRun(library.store, runs[1]!, values(0.1))
    const [table] = await tables(stored, 'test', 'tail')
    expect(table).toMatchObject({ segment: 'tail', users: 20, significance: null, published: null })
    expect(table?.rows.map((row) => row.cells)).toEqual([
      { 'ndcg@100': { ...tail, seedSe: null, best: false, tied: false, p: null } },
      {},
      {},
    ])
    expect(table?.notes.join(' ')).toContain('Only targets among the tail items')
    await expect(tables(stored, 'validation', 'tail')).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect((await tables(stored, 'test', 'light'))[0]?.notes).toEqual([
      expect.stringMatching(/^No run .* light segment/),
      expect.stringContaining('first day: any'),
      '1 planned run has no results yet.',
    ])
    const [all] = await tables(stored)
    expect(all).toMatchObject({ segment: null, users: 60 })
  })

  it('chooses by validation users on request', async () => {
    const { stored, runs } = plant(tableOne)
    for (const run of runs) finishRun(library.store, run, values(0))
    library.store.runs.saveUserMetric(runs[2]!, 'validation', 'ndcg@100', Float32Array.from(values(0.2)))
    const best = async (heldOut: HeldOutSet) =>
      (await tables(stored, heldOut))[0]?.rows.findIndex((row) => row.cells['ndcg@100']?.best)
    expect([await best('validation'), await best('test')]).toEqual([2, 0])
  })
})

describe('published figures', () => {
  it('stand beside data of their shape only', () => {
    expect(publishedFor({ users: 138_493, interactions: 20_000_263 })?.rows['vasp']).toEqual({
      'ndcg@100': 0.448,
      'recall@20': 0.414,
      'recall@50': 0.552,
    })
    expect(publishedFor({ users: 480_189, interactions: 100_480_507 })?.rows['nease']?.['ndcg@100']).toBe(0.395)
    // The positives alone, as the paper counts them.
    expect(publishedFor({ users: 136_677, interactions: 9_990_682 })?.shape).toBe('MovieLens 20M')
    expect(publishedFor({ users: 463_435, interactions: 56_880_037 })?.shape).toBe('Netflix Prize')
    expect(publishedFor({ users: 463_435, interactions: 9_990_682 })).toBeNull()
    expect(publishedFor({ users: 610, interactions: 100_836 })).toBeNull()
    expect(publishedFor({ users: 138_493, interactions: 100_836 })).toBeNull()
  })
})
