import { describe, expect, it } from 'vitest'
import type { ModelConfig } from '../../../shared/models'
import { configure } from '../config'
import type { ModelDefinition } from '../definition'
import { definition as hvamp } from '../hvamp/definition'
import { definition as multDae } from '../mult-dae/definition'
import { definition as vasp } from '../vasp/definition'
import { definition } from './definition'

const completed = (model: ModelDefinition, preset: string): ModelConfig => configure(model, preset, {}).config

const chosen = (config: ModelConfig, keys: readonly string[]): ModelConfig =>
  Object.fromEntries(keys.map((key) => [key, config[key] ?? `no ${key}`]))

/** How any product is trained. */
const training = [
  'stages',
  'continueFrom',
  'patience',
  'batchRows',
  'optimiser',
  'augment',
  'neaseRate',
  'neaseEpsilon',
]

describe('the presets of products', () => {
  it.each(['vasp', 'vasp-denoising'])('%s has every setting of VASP compact', (preset) => {
    const expected = completed(vasp, 'compact')
    expect(chosen(completed(definition, preset), Object.keys(expected))).toEqual(expected)
  })

  it.each(['compact', 'paper'])('%s is trained as VASP’s preset of this name', (preset) => {
    const expected = chosen(completed(vasp, preset), training)
    expect(Object.values(expected)).not.toContainEqual(expect.stringMatching(/^no /))
    expect(chosen(completed(definition, preset), training)).toEqual(expected)
  })

  it('has the settings of further members as their own presets have them', () => {
    const small = completed(definition, 'vasp-denoising')
    expect(small.weightDecay).toBe(completed(multDae, 'compact').weightDecay)
    expect(small.warmUp).toBe(completed(hvamp, 'compact').warmUp)
    expect(completed(definition, 'paper').warmUp).toBe(completed(hvamp, 'paper').warmUp)
  })
})
