import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { expectClose } from '../../../test/fixtures/closeness'
import { narrow } from '../../../test/fixtures/variants'
import type { ModelConfig } from '../../shared/models'
import { probeBackends } from '../compute/backend'
import { csrFromRows } from '../numeric/csr'
import { seededRandom } from '../numeric/random'
import { configure, fieldsOf, models, type ModelDefinition } from './registry'

/** Tries every setting of every model in a process that has never loaded native TensorFlow; only here would a missing op of a fallback show. */

const ITEMS = 20
const random = seededRandom(3)
const histories = csrFromRows(
  Array.from({ length: 9 }, () => random.shuffle(Int32Array.from({ length: ITEMS }, (_, i) => i)).slice(0, 6)),
  ITEMS,
)

/** The default settings, and each option of each setting on its own. bfloat16 is refused on the fallbacks, see training-step.spec.ts. */
function variants({ settings }: ModelDefinition): [string, ModelConfig][] {
  const fields = fieldsOf(settings)
  const base = narrow({ settings }, [6, 4])
  const choices = fields.flatMap((field): ModelConfig[] => {
    if (field.type === 'choice')
      return field.options.filter((option) => option !== 'bfloat16').map((option) => ({ [field.key]: option }))
    if (field.type === 'boolean') return [{ [field.key]: true }, { [field.key]: false }]
    if (field.type === 'several') return field.options.map((option) => ({ [field.key]: option }))
    return field.key === 'accumulate' ? [{ accumulate: 3 }] : []
  })
  return [{}, ...choices].map((choice) => [JSON.stringify(choice), { ...base, ...choice }])
}

/** Trains two steps of every sweep, or solves; the losses and the scores. */
async function trained(
  entry: ModelDefinition,
  overrides: ModelConfig,
): Promise<{ losses: number[]; scores: Float32Array }> {
  const before = tf.memory().numTensors
  const model = await configure(entry, null, overrides).create(ITEMS, seededRandom(1))
  const losses: number[] = []
  if (model.training === 'gradient') {
    model.beginStage({ learningRate: 1e-3, epochs: 1 })
    for (let sweep = 0; sweep < (model.sweeps ?? 1); sweep++) {
      model.beginSweep?.(1, sweep)
      for (let step = 0; step < 2; step++)
        losses.push((await model.trainStep({ input: histories, target: histories })).total)
    }
    model.endStage?.()
  } else for (const candidate of model.candidates.keys()) await model.fit(candidate, histories, () => undefined)
  const score = model.score(histories)
  const scores = Float32Array.from(await score.data())
  const members = model.memberLogits(histories)
  for (const { logits } of members) expect(logits.every(({ shape }) => shape[1] === ITEMS)).toBe(true)
  tf.dispose([score, ...members.flatMap(({ logits }) => logits)])
  for (const { linear } of [model, ...model.members])
    if (linear) expect(await linear.contributions(2, [1, 5])).toHaveLength(2)
  model.dispose()
  expect(tf.memory().numTensors, 'live tensors').toBe(before)
  return { losses, scores }
}

let cache = ''
beforeAll(async () => {
  cache = mkdtempSync(join(tmpdir(), 'vasp-no-native-'))
  vi.stubEnv('VASP_CACHE', cache)
  expect((await probeBackends()).map(({ available }) => available)).toEqual([false, true, true])
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(cache, { recursive: true })
})

describe.each(models.map((entry) => [entry.kind, entry] as const))('%s', (_kind, entry) => {
  it.each(variants(entry))('trains alike on both fallbacks with %s', async (_choice, overrides) => {
    await tf.setBackend('wasm')
    const wasm = await trained(entry, overrides)
    await tf.setBackend('cpu')
    const cpu = await trained(entry, overrides)
    expect(wasm.losses).toHaveLength(cpu.losses.length)
    expectClose(wasm.losses, cpu.losses, { relative: 2e-4 }, 'losses')
    expectClose(wasm.scores, cpu.scores, { relative: 5e-3, absolute: 5e-3 }, 'scores')
    expect(new Set(cpu.scores).size).toBeGreaterThan(1)
  })
})
