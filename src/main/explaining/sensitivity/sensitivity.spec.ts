import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import fixture from '../../../../test/fixtures/oracle/explanation.json'
import { expectClose } from '../../../../test/fixtures/closeness'
import { asStored, type FixtureTensor } from '../../../../test/fixtures/oracle'
import { defaultMapSettings } from '../../../shared/maps'
import { loadBackend, probeBackends } from '../../compute/backend'
import type { Model } from '../../models/model'
import { configure, modelOf } from '../../models/registry'
import type { JobContext } from '../../numeric/job-context'
import { seededRandom } from '../../numeric/random'
import { mostPopular, sensitivityMap } from './map'
import { oneHotSensitivities } from './one-hot'
import { distancesOfRow, similarities } from './scaling'

const ITEMS = fixture.dims.I
const ALL = Int32Array.from({ length: ITEMS }, (_, i) => i)
const weights: Readonly<Record<string, FixtureTensor>> = fixture.weights
const golden: Readonly<Record<string, { output: FixtureTensor; distance: FixtureTensor }>> = fixture.sensitivity_one_hot
const settings = { ...defaultMapSettings, perplexity: 3, iterations: 60 }
const quiet = (signal = new AbortController().signal): JobContext => ({ signal, progress: () => undefined })

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

function distancesOf(similarity: Float32Array, n: number): Float64Array {
  const distances = new Float64Array(n * n)
  for (let row = 0; row < n; row++) distancesOfRow(similarity, n, row, distances.subarray(row * n, (row + 1) * n))
  return distances
}

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
    expect(tf.memory().numTensors, 'live tensors').toBe(before)
  })

  it('gives the outputs of one-hot rows and their distances, joint and of each member', async () => {
    const outputs = await oneHotSensitivities(model, ALL, quiet())
    expect(outputs.map(({ name }) => name)).toEqual(['joint', 'flvae', 'nease'])
    for (const { name, logs } of outputs) {
      const wanted = golden[name]
      if (!wanted) throw new Error(`the fixture has no ${name}`)
      expectClose(logs.map(Math.exp), wanted.output.data, { relative: 1e-5 }, `${name}, output`)
      const similarity = similarities({ name, logs }, ITEMS, 'matrix')
      expectClose(distancesOf(similarity, ITEMS), wanted.distance.data, { absolute: 1e-5 }, `${name}, distance`)
    }
  })

  it('reads chosen items only, in their order', async () => {
    const chosen = Int32Array.of(9, 2, 5)
    for (const { name, logs } of await oneHotSensitivities(model, chosen, quiet())) {
      const wanted = Array.from(chosen).flatMap((row) =>
        Array.from(chosen, (column) => golden[name]?.output.data[row * ITEMS + column] ?? Number.NaN),
      )
      expectClose(logs.map(Math.exp), wanted, { relative: 1e-5 }, name)
    }
  })
})

describe('scaling', () => {
  const logs = (): Float32Array => Float32Array.from([0.5, 0.25, 0.125, 0.0625], Math.log)
  const scaled = (scaling: 'matrix' | 'row' | 'log' | 'none', values = logs()): number[] =>
    Array.from(similarities({ name: 'nease', logs: values }, 2, scaling), (s) => Number(s.toFixed(6)))

  it('is min–max over the matrix, within each row, of the logs, or not at all', () => {
    expect(scaled('matrix')).toEqual([1, 0.428571, 0.142857, 0])
    expect(scaled('row')).toEqual([1, 0, 1, 0])
    expect(scaled('log')).toEqual([1, 0.666667, 0.333333, 0])
    expect(scaled('none')).toEqual([0.5, 0.25, 0.125, 0.0625])
  })

  it('takes outputs that are all alike, and outputs of 0', () => {
    expect(scaled('matrix', new Float32Array(4).fill(-1))).toEqual([0, 0, 0, 0])
    expect(scaled('log', Float32Array.of(0, -Infinity, -Infinity, -Infinity))).toEqual([1, 0, 0, 0])
  })

  it('refuses outputs that are no numbers', () => {
    expect(() => scaled('matrix', Float32Array.of(-1, Number.NaN, -1, -1))).toThrow(/nease.*diverged/)
  })
})

describe('the map', () => {
  let vasp: Model
  beforeAll(async () => {
    await loadBackend()
    await tf.setBackend('tensorflow')
    vasp = await fixtureModel()
  })
  afterAll(() => vasp.dispose())

  it('takes the most popular items, ties by index', () => {
    expect([...mostPopular([3, 9, 3, 1], 3)]).toEqual([1, 0, 2])
    expect(mostPopular([3, 9], null)).toHaveLength(2)
    expect(mostPopular([3, 9], 10)).toHaveLength(2)
  })

  it('has a plot for the product and for each member, the same again from the same seed', async () => {
    const plots = await sensitivityMap(vasp, ALL, settings, quiet())
    expect(plots.map(({ name }) => name)).toEqual(['joint', 'flvae', 'nease'])
    for (const { x, y, divergence } of plots) {
      expect(x).toHaveLength(ITEMS)
      expect([...x, ...y, divergence].every(Number.isFinite)).toBe(true)
      expect(divergence).toBeGreaterThan(0)
    }
    expect(await sensitivityMap(vasp, ALL, settings, quiet())).toEqual(plots)
    const other = await sensitivityMap(vasp, ALL, { ...settings, seed: 2 }, quiet())
    expect(other[0]?.x).not.toEqual(plots[0]?.x)
  })

  it('has one plot for a model of one member', async () => {
    const model = await configure(modelOf('nease'), null, {}).create(ITEMS, seededRandom(2))
    const plots = await sensitivityMap(model, ALL, settings, quiet())
    expect(plots.map(({ name }) => name)).toEqual(['nease'])
    model.dispose()
  })

  it('says how far it is, through every stage', async () => {
    const seen = new Map<string, { done: number; total: number | null }>()
    await sensitivityMap(vasp, ALL, settings, {
      ...quiet(),
      progress: ({ stage, done, total }) => seen.set(stage, { done, total }),
    })
    expect([...seen.keys()]).toEqual([
      'Showing the model one item at a time',
      'Finding neighbourhoods',
      'Placing items',
    ])
    expect(seen.get('Placing items')).toEqual({ done: 180, total: 180 })
  })

  it('refuses a model without members, and a perplexity that the items cannot have', async () => {
    const popularity = await configure(modelOf('popularity'), null, {}).create(ITEMS, seededRandom(1))
    await expect(sensitivityMap(popularity, ALL, settings, quiet())).rejects.toMatchObject({ code: 'BAD_INPUT' })
    popularity.dispose()
    await expect(sensitivityMap(vasp, ALL, { ...settings, perplexity: 30 }, quiet())).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: 'A perplexity of 30 needs more than 31 items, but the map has 14.',
    })
  })

  it.each(['Showing', 'Finding', 'Placing'])(
    'stops while %s when it is cancelled, and leaves no tensor',
    async (stage) => {
      const live = tf.memory().numTensors
      const abort = new AbortController()
      const work = sensitivityMap(vasp, ALL, settings, {
        signal: abort.signal,
        progress: (progress) => progress.stage.startsWith(stage) && abort.abort(),
      })
      // The one batch of 14 rows is not interrupted; the stage after it is.
      await expect(work).rejects.toMatchObject({ code: 'CANCELLED' })
      expect(tf.memory().numTensors).toBe(live)
    },
  )
})
