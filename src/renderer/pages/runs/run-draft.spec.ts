import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { mostPopularFrom } from '../../../shared/most-popular'
import { runDetail, trainRequest } from '../../../shared/runs'
import { dataset, model, trainedRun } from './forms.fixture'
import { mostPopularIn, mostPopularOut, resetWithoutEffect } from './protocol-draft'
import {
  combinationForm,
  combinationOf,
  draftFromRun,
  followSuggestion,
  likedHelp,
  newDraft,
  setValue,
  shownValue,
  trainingForm,
  type RunDraft,
} from './run-draft'

/** The first error of a draft, by its field. */
const problems = (form: z.ZodType, draft: object): Record<string, string> =>
  Object.fromEntries(
    form
      .safeParse(draft)
      .error?.issues.toReversed()
      .map(({ path, message }) => [path.join('.'), message]) ?? [],
  )
const form = trainingForm(model, dataset)
const requestOf = (draft: RunDraft): z.output<typeof trainRequest> => trainRequest.parse(form.parse(draft))

describe('a run’s draft', () => {
  it('starts with the preset and makes a request that the contract accepts', () => {
    const draft = newDraft(dataset, [model])
    expect(shownValue(draft, model, 'hidden')).toBe(512)
    expect(requestOf(draft)).toMatchObject({
      dataset: 1,
      model: 'yew',
      preset: 'compact',
      overrides: {},
      preparation: { threshold: 4, minInteractions: 5 },
      split: { seed: 1, test: null, validation: null, foldIn: 0.8 },
      members: null,
    })
  })

  it('counts every interaction if the data set has no ratings', () => {
    const unrated = newDraft({ ...dataset, liked: { threshold: null, evidence: '' } }, [model])
    expect(requestOf(unrated).preparation.threshold).toBeNull()
  })

  it('sends the chosen protocol, and needs a date for a split by date', () => {
    const draft = newDraft(dataset, [model])
    draft.preparation.catalogue = 'all'
    Object.assign(draft.split, { method: 'date', foldIn: 0.5 })
    expect(problems(form, draft)).toEqual({ 'split.date': expect.stringMatching(/needs a date/) as string })
    Object.assign(draft.split, { date: '2015-01-31', test: 599 })
    expect(requestOf(draft)).toMatchObject({
      preparation: { catalogue: 'all' },
      split: { method: 'date', date: '2015-01-31', file: null, foldIn: 0.5, recallDenominator: 'min(k, |R|)' },
    })
    draft.split.method = 'leave-last-out'
    expect(requestOf(draft).split.date).toBeNull()
  })

  it('keeps the typed value of each filter', () => {
    const draft = newDraft(dataset, [model])
    for (const text of ['500', '33%', '33% of 500', ' 500 '])
      expect(mostPopularIn(mostPopularOut(mostPopularIn(text)))).toEqual(mostPopularFrom(text))
    draft.preparation.mostPopular = mostPopularIn('133%')
    expect(problems(form, draft)).toEqual({
      'preparation.mostPopular':
        'Enter a number of items such as 500, or a share of the catalogue below 100 % such as 33%.',
    })
    draft.preparation.mostPopular = mostPopularIn('33.3%')
    expect(requestOf(draft).preparation.mostPopular).toEqual({ share: 0.333, of: null })
  })

  it('sends numbers as numbers and forgets a value that is the preset’s again', () => {
    const draft = newDraft(dataset, [model])
    setValue(draft, model, 'hidden', 1024)
    setValue(draft, model, 'augment', false)
    setValue(draft, model, 'stages', '1e-4x3')
    expect(requestOf(draft).overrides).toEqual({ hidden: 1024, augment: false, stages: '1e-4x3' })
    setValue(draft, model, 'hidden', 512)
    setValue(draft, model, 'augment', true)
    setValue(draft, model, 'stages', ' 1e-3x15 ')
    expect(draft.overrides).toEqual({})
  })

  it.each([
    ['hidden', 12.5, 'Enter a whole number from 1 to 4,096.'],
    ['hidden', 5000, 'Enter a whole number from 1 to 4,096.'],
    ['hidden', 'many', 'Enter a whole number from 1 to 4,096.'],
    ['hidden', null, 'Enter a whole number from 1 to 4,096.'],
    ['alpha', 0, 'Enter a number above 0 and below 1.'],
    ['stages', '1e-3', 'Enter a rate, “x” and a number, as 1e-3x15.'],
  ])('says what is wrong with %s of %s', (key, value, message) => {
    const draft = newDraft(dataset, [model])
    setValue(draft, model, key, value)
    expect(problems(form, draft)).toEqual({ [`overrides.${key}`]: message })
  })

  it('does not start without training users', () => {
    const draft = newDraft(dataset, [model])
    Object.assign(draft.split, { test: 300, validation: 300 })
    expect(problems(form, draft)).toEqual({ 'split.test': expect.stringContaining('600 held out') as string })
    Object.assign(draft, { seed: -1, split: { ...draft.split, test: 30 } })
    expect(problems(form, draft)).toEqual({ seed: 'Enter a whole number, 0 or more.' })
  })

  it('resets invalid values that have no effect and no visible field', () => {
    const draft = newDraft(dataset, [model])
    Object.assign(draft.split, { foldIn: 'x', test: '?', validation: 0 })
    Object.assign(draft.preparation, { sampleSeed: 'x', threshold: 'x' })
    resetWithoutEffect(draft, dataset)
    expect([draft.split.foldIn, draft.preparation.sampleSeed, draft.preparation.threshold]).toEqual(['x', 1, 'x'])
    draft.split.method = 'date'
    resetWithoutEffect(draft, { ...dataset, hasRatings: false })
    expect(draft.split).toMatchObject({ foldIn: 0.8, test: '?', validation: 0 })
    expect(draft.preparation.threshold).toBeNull()
    draft.split.method = 'file'
    resetWithoutEffect(draft, dataset)
    expect(draft.split).toMatchObject({ test: null, validation: null })
  })
})

describe('a draft of trained runs', () => {
  const member = { run: 3, name: 'Fir', model: 'fir', config: {} }
  const combination = runDetail.parse({
    ...trainedRun,
    model: 'grove',
    preset: null,
    config: {},
    members: [member, { ...member, run: 4 }],
  })

  it('combines them by the protocol of the first, with the weights of the run that it begins from', () => {
    const draft = draftFromRun(combination, model)
    expect(draft.members).toEqual([3, 4])
    expect(trainRequest.parse(combinationOf(combinationForm.parse(draft), combination))).toMatchObject({
      model: 'grove',
      preset: null,
      overrides: { weights: 'equal' },
      members: [3, 4],
      preparation: { threshold: 3 },
      split: { seed: 7 },
    })
  })

  it('chooses their weights on the validation users by default', () => {
    const weighed = draftFromRun({ ...combination, config: { weights: 'validation' } }, model)
    expect(combinationOf(combinationForm.parse(weighed), combination).overrides).toEqual({ weights: 'validation' })
    expect(
      combinationOf(combinationForm.parse({ ...newDraft(dataset, [model]), members: [3, 4] }), combination).overrides,
    ).toEqual({
      weights: 'validation',
    })
  })

  it('needs two', () => {
    const draft = { ...newDraft(dataset, [model]), members: [3] }
    expect(problems(combinationForm, draft)).toEqual({
      members: 'A combination needs at least two different trained runs.',
    })
    expect(problems(combinationForm, { ...draft, members: [3, 4] })).toEqual({})
  })
})

describe('what counts as liked', () => {
  it('is explained with the value in the form, not the suggested one', () => {
    const all = { ...dataset, liked: { threshold: null, evidence: 'Counts: every interaction counts as liked.' } }
    expect(likedHelp(null, all)).toBe('Counts: every interaction counts as liked.')
    expect(likedHelp(3, all)).toBe('Interactions with a value of 3 or more count as liked.')
    expect(likedHelp(null, { ...all, liked: { threshold: 4, evidence: 'Stars.' } })).toBe(
      'Every interaction counts as liked.',
    )
  })

  const tens = { ...dataset, liked: { threshold: 8, evidence: '' } }
  const counts = { ...dataset, liked: { threshold: null, evidence: '' } }

  it('follows the data set until a person chooses a threshold', () => {
    const draft = newDraft(dataset, [model])
    expect(draft.preparation.threshold).toBe(4)
    followSuggestion(draft, tens, dataset)
    expect(draft.preparation.threshold).toBe(8)
    followSuggestion(draft, counts, tens)
    expect(draft.preparation.threshold).toBeNull()
    draft.preparation.threshold = 3
    followSuggestion(draft, dataset, counts)
    expect(draft.preparation.threshold).toBe(3)
  })
})
