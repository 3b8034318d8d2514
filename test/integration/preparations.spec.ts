import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { importResult } from '../../src/shared/datasets'
import { namedPreparation, preparationPreview } from '../../src/shared/preparations'
import { trainResult, type RunDetail } from '../../src/shared/runs'
import { join } from 'node:path'
import { appRoot, startStudio } from './studio.fixture'
import { newDesk, type Desk } from './vasp.fixture'

let desk: Desk
beforeAll(() => {
  desk = newDesk()
})
afterAll(() => desk.remove())

const sample = join(appRoot, 'resources/sample/ml-latest-small')

describe('preparations', () => {
  it('show their effect, are kept by name, and are what a run uses', async () => {
    await desk.json(importResult, 'import', join(sample, 'ratings.csv'), '--name', 'films')
    const filters = ['--min-per-item', '10', '--most-popular', '2000', '--until', '2017-12-31', '--sample', '0.8']
    const preview = await desk.json(preparationPreview, 'prepare', '--data', 'films', ...filters, '--save', 'dense')
    expect(preview.problem).toBeNull()
    expect(preview.steps.map(({ filter }) => filter)).toEqual([
      'all',
      'threshold',
      'days',
      'sample',
      'popular',
      'minimum',
    ])
    expect(preview.steps[0]).toMatchObject({ users: 610, items: 9724, interactions: 100_836 })
    for (const [at, { interactions }] of preview.steps.entries())
      expect(interactions).toBeLessThanOrEqual(preview.steps[at - 1]?.interactions ?? Infinity)
    expect(preview.steps.at(-1)?.rounds).toBeGreaterThan(1)
    expect(preview.split?.checks.map(({ violations }) => violations)).toEqual([0, 0, 0])

    const { preparations } = await desk.json(z.object({ preparations: z.array(namedPreparation) }), 'preparations')
    expect(preparations).toMatchObject([
      { name: 'dense', preparation: { minPerItem: 10, mostPopular: 2000, sample: 0.8 } },
    ])

    const { run } = await desk.json(
      trainResult,
      ...['train', '--data', 'films', '--model', 'popularity', '--preparation', 'dense', '--min-interactions', '6'],
    )
    const studio = await startStudio(desk.library)
    const detail: RunDetail = await studio.engine.client.runs.get({ run })
    await studio.close()
    expect(detail.preparation).toEqual({ ...preparations[0]?.preparation, minInteractions: 6 })
    expect(detail.splitSummary?.items).toBeLessThan(2000)
  })

  it('refuse a name that is not there, and say why nothing is left', async () => {
    expect(
      await desk.failure('train', '--data', 'films', '--model', 'popularity', '--preparation', 'sparse'),
    ).toMatchObject({ exit: 2, code: 'NOT_FOUND', next: 'The library has "dense".' })
    expect(await desk.failure('prepare', '--data', 'films', '--min-per-item', '5000')).toMatchObject({
      code: 'BAD_INPUT',
    })
  })

  it('are renamed and deleted by name; runs keep their own copy', async () => {
    const names = async () =>
      (await desk.json(z.object({ preparations: z.array(namedPreparation) }), 'preparations')).preparations.map(
        ({ name }) => name,
      )
    await desk.vasp('prepare', '--data', 'films', '--min-per-item', '2', '--save', 'thin')
    expect((await desk.vasp('rename', 'preparation', 'dense', 'core')).stdout).toBe(
      'The preparation "dense" is now "core".\n',
    )
    expect(await names()).toEqual(['core', 'thin'])
    expect(await desk.failure('rename', 'preparation', 'thin', 'core')).toMatchObject({ exit: 2, code: 'CONFLICT' })
    expect(await desk.failure('rename', 'preparation', 'dense', 'x')).toMatchObject({ exit: 2, code: 'NOT_FOUND' })
    expect((await desk.vasp('delete', 'preparation', 'core')).stdout).toBe('Deleted preparation "core".\n')
    expect(await names()).toEqual(['thin'])
    expect(await desk.failure('delete', 'preparation', 'core')).toMatchObject({ exit: 2, code: 'NOT_FOUND' })

    const studio = await startStudio(desk.library)
    const { client } = studio.engine
    const [run] = await client.runs.list({ dataset: null })
    const detail = run && (await client.runs.get({ run: run.id }))
    expect(detail?.preparation.mostPopular).toBe(2000)
    await studio.close()
  })
})
