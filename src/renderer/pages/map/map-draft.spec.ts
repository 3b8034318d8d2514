import { describe, expect, it } from 'vitest'
import { defaultMapSettings } from '../../../shared/maps'
import { draftOf, readDraft, settingsText } from './map-draft'

const draft = draftOf(defaultMapSettings)

describe('the form of a map', () => {
  it('gives back the settings it was made of', () => {
    expect(readDraft(draft)).toEqual({ settings: defaultMapSettings, problems: {} })
    const all = { ...defaultMapSettings, items: null, seed: 4 }
    expect(readDraft(draftOf(all)).settings).toEqual(all)
  })

  it('says what is wrong, field by field', () => {
    const { settings, problems } = readDraft({ ...draft, items: '3', perplexity: 'x', iterations: '', seed: '1.5' })
    expect(settings).toBeNull()
    expect(Object.keys(problems)).toEqual(['items', 'perplexity', 'iterations', 'seed'])
  })

  it('refuses a perplexity that so few items cannot have', () => {
    expect(readDraft({ ...draft, items: '31', perplexity: '30' }).problems.perplexity).toMatch(/31 have 30 neighbours/)
    expect(readDraft({ ...draft, items: '32', perplexity: '30' }).problems).toEqual({})
  })
})

describe('settingsText', () => {
  it('names the seed only where it differs', () => {
    expect(settingsText(defaultMapSettings)).toBe('perplexity 30 · min–max over the matrix · 1000 iterations')
    expect(settingsText({ ...defaultMapSettings, seed: 2, scaling: 'log' })).toMatch(/of the log.*seed 2$/)
  })
})
