import { describe, expect, it } from 'vitest'
import { defaultMapSettings } from '../../../shared/maps'
import { settingsText } from './map-draft'

describe('settingsText', () => {
  it('names the seed only if it differs', () => {
    expect(settingsText(defaultMapSettings)).toBe('perplexity 30 · min–max over the matrix · 1000 iterations')
    expect(settingsText({ ...defaultMapSettings, seed: 2, scaling: 'log' })).toMatch(/of the log.*seed 2$/)
  })
})
