import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ExplainedFactor, Explanation } from '../../../shared/explore'
import { largestContributions, explanationText } from './explanation-text'

const named = (title: string) => ({ member: title.toLowerCase(), title, linear: false, weight: 1, linearSum: null })
const item = {
  id: '1',
  title: 'A',
  genres: [],
  rank: 1,
  score: 0.2,
  factors: [],
}
const explanation: Explanation = {
  item,
  logScore: Math.log(0.2),
  factors: [
    { ...named('Elm'), value: 0.8, rank: 3, log: Math.log(0.8), share: Math.log(0.8) / Math.log(0.2), lift: 2.5 },
    { ...named('Fir'), value: 0.25, rank: 90, log: Math.log(0.25), share: Math.log(0.25) / Math.log(0.2), lift: 1 },
  ],
  linearSum: null,
}

const of = (title: string, share: number, lift: number): ExplainedFactor => ({
  ...named(title),
  value: 0.5,
  rank: 1,
  log: -1,
  share,
  lift,
})

describe('explanationText', () => {
  it('names the member that limits the score and the one that lifts it', () => {
    expect(explanationText(explanation)).toEqual([
      'Fir limits the score most: 86 % of the distance from 1, in log terms.',
      'Elm lifts it most: +2.50 in log terms above this user’s average unseen item.',
    ])
  })

  it('says so where neither does', () => {
    expect(explanationText({ factors: [of('Elm', 0.5, -1), of('Fir', 0.5, -2)] })).toEqual([
      'Both members limit the score about equally.',
      'Neither member lifts it above this user’s average unseen item.',
    ])
  })

  it('names one of many members', () => {
    const factors = [of('Fir', 0.2, 1), of('Two-Maple', 0.6, -1), of('Fir (run 3)', 0.2, 3)]
    expect(explanationText({ factors })).toEqual([
      'Two-Maple limits the score most: 60 % of the distance from 1, in log terms.',
      'Fir (run 3) lifts it most: +3.00 in log terms above this user’s average unseen item.',
    ])
    expect(explanationText({ factors: factors.map(({ title }) => of(title, 1 / 3, -1)) })).toEqual([
      'All members limit the score about equally.',
      'No member lifts it above this user’s average unseen item.',
    ])
  })

  it('has nothing to say of a model with one member', () => {
    expect(explanationText({ factors: [of('Two-Maple', 1, 2)] })).toEqual([])
  })
})

describe('largestContributions', () => {
  it('keeps the sum, whatever it folds, and shows the largest in signed order', () => {
    const contribution = fc
      .integer({ min: -9999, max: 9999 })
      .map((thousandths) => ({ id: '', title: '', genres: [], logit: thousandths / 1000 }))
    fc.assert(
      fc.property(fc.array(contribution), fc.integer({ min: 1, max: 20 }), (all, count) => {
        const shown = largestContributions(all, count)
        const sum = shown.rows.reduce((total, { logit }) => total + logit, 0) + shown.foldedLogit
        expect(sum).toBeCloseTo(
          all.reduce((total, { logit }) => total + logit, 0),
          9,
        )
        expect(shown.rows.length + shown.folded).toBe(all.length)
        const least = Math.min(...shown.rows.map(({ logit }) => Math.abs(logit)))
        if (shown.folded > 0) {
          const hidden = all.filter((one) => !shown.rows.includes(one))
          expect(hidden.every(({ logit }) => Math.abs(logit) <= least)).toBe(true)
          expect(shown.rows.every(({ logit }, at) => at === 0 || logit <= shown.rows[at - 1]!.logit)).toBe(true)
        }
      }),
    )
  })
})
