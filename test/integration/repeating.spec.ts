import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DatasetId, RunId } from '../../src/shared/ids'
import type { ModelConfig } from '../../src/shared/models'
import { trainResult, type RunDetail } from '../../src/shared/runs'
import { weightsHash } from '../reliability/stored-weights'
import { fewItems, importSample, resultOf, startStudio, startTraining, tinyVasp, type Studio } from './studio.fixture'

let studio: Studio
let dataset: DatasetId
beforeAll(async () => {
  studio = await startStudio()
  dataset = await importSample(studio.engine)
})
afterAll(() => studio.remove())

const details = (run: RunId): Promise<RunDetail> => studio.engine.client.runs.get({ run })

async function repeat(run: RunId): Promise<RunDetail> {
  const started = await studio.engine.client.runs.repeat({ run })
  trainResult.parse(await resultOf(studio.engine, started.job))
  return details(started.run)
}

async function trained(model: string, overrides: ModelConfig): Promise<RunDetail> {
  const { run, job } = await startTraining(studio.engine, dataset, model, overrides, fewItems)
  await resultOf(studio.engine, job)
  return details(run)
}

describe.each([
  ['vasp', tinyVasp],
  ['ease', { lambdas: '50,100' }],
])('a repeated %s', (model, overrides) => {
  it('records what it was computed with, and ends with the same weights', async () => {
    const first = await trained(model, overrides)
    expect(first.environment).toMatchObject({
      app: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      tfjs: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      runtime: `Node ${process.versions.node}`,
      platform: `${process.platform} ${process.arch}`,
    })
    expect(first.environment?.commit).toMatch(/^([0-9a-f]{40}\+?)?$/)
    const again = await repeat(first.id)
    expect(again).toMatchObject({
      model,
      config: first.config,
      seed: first.seed,
      preparation: first.preparation,
      split: first.split,
      fingerprint: first.fingerprint,
      repeats: {
        run: first.id,
        outcome: { sameWeights: true, problem: null, sameFigures: true, differences: [] },
      },
    })
    expect(weightsHash(studio.library, again.id)).toBe(weightsHash(studio.library, first.id))
  })
})

it('says that the weights differ from those of a run with other settings', async () => {
  const [first, other] = [await trained('vasp', tinyVasp), await trained('vasp', { ...tinyVasp, hidden: 16 })]
  const again = await studio.engine.client.runs.repeat({ run: first.id })
  // Before the worker has read it: the run is compared with another one than it was made from.
  studio.engine.context.store.runs.saveRepetition(again.run, { run: other.id, name: other.name, outcome: null })
  await resultOf(studio.engine, again.job)
  expect((await details(again.run)).repeats?.outcome).toMatchObject({ sameWeights: false, sameFigures: false })
})

it('says why it cannot be compared with a run that was deleted meanwhile', async () => {
  const first = await trained('vasp', tinyVasp)
  const again = await studio.engine.client.runs.repeat({ run: first.id })
  await studio.engine.client.runs.delete({ run: first.id })
  await resultOf(studio.engine, again.job)
  const outcome = (await details(again.run)).repeats?.outcome
  expect(outcome?.sameWeights).toBeNull()
  expect(outcome?.problem).toMatch(new RegExp(`${first.id}`))
})

it('repeats a combination of trained runs from the same runs', async () => {
  const members = [await trained('vasp', tinyVasp), await trained('ease', { lambdas: '50' })]
  const { run, job } = await studio.engine.client.runs.train({
    dataset,
    model: 'hadamard',
    preset: null,
    overrides: { weights: 'validation' },
    seed: 1,
    preparation: members[0]!.preparation,
    split: members[0]!.split,
    name: null,
    members: members.map(({ id }) => id),
  })
  await resultOf(studio.engine, job)
  expect((await repeat(run)).repeats?.outcome).toMatchObject({ sameWeights: true, sameFigures: true })
})

it('refuses a run that has not finished', async () => {
  const { run, job } = await startTraining(
    studio.engine,
    dataset,
    'vasp',
    { ...tinyVasp, stages: '1e-3x500' },
    fewItems,
  )
  await expect(studio.engine.client.runs.repeat({ run })).rejects.toMatchObject({ data: { code: 'CONFLICT' } })
  await studio.engine.client.jobs.cancel({ job })
})

it('names what the two were computed with where it differs', async () => {
  const first = await trained('vasp', tinyVasp)
  process.env['VASP_BACKEND'] = 'wasm'
  try {
    const outcome = (await repeat(first.id)).repeats?.outcome
    expect(outcome?.problem).toBeNull()
    expect(outcome?.differences.map(({ what }) => what)).toContain('Backend')
    expect(outcome?.differences.find(({ what }) => what === 'Backend')?.now).toMatch(/^wasm /)
  } finally {
    delete process.env['VASP_BACKEND']
  }
})
