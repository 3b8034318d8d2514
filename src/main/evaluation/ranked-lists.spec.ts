import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import type { Recommender } from '../models/model'
import { csrFromRows, rowOf } from '../numeric/csr'
import { eachRankedList } from './ranked-lists'

const items = 12
const user = fc.record({
  scores: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: items, maxLength: items }),
  foldIn: fc.uniqueArray(fc.nat(items - 1)),
  targets: fc.uniqueArray(fc.nat(items - 1), { minLength: 1 }),
})

beforeAll(async () => {
  await tf.setBackend('cpu')
})

it('shows the model only every user’s fold-in, and lists none of it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(user, { minLength: 1, maxLength: 6 }), async (users) => {
      const shown: number[][] = []
      const model: Recommender = {
        items,
        parameters: new Map(),
        linear: null,
        members: [],
        score(histories) {
          for (let row = 0; row < histories.rows; row++) shown.push([...rowOf(histories, row)])
          return tf.tensor2d(users.map(({ scores }) => scores))
        },
        memberLogits: () => [],
        dispose: () => undefined,
      }
      const heldOut = {
        users: Int32Array.from(users.keys()),
        foldIn: csrFromRows(
          users.map(({ foldIn }) => foldIn),
          items,
        ),
        targets: csrFromRows(
          users.map(({ targets }) => targets.filter((item) => !users.some(({ foldIn }) => foldIn.includes(item)))),
          items,
        ),
      }
      const context = { signal: new AbortController().signal, progress: () => undefined }
      const lists: Int32Array[] = []
      await eachRankedList(model, heldOut, items, context, (row, ranking) => (lists[row] = ranking))
      expect(lists).toHaveLength(users.length)
      expect(shown).toEqual(users.map(({ foldIn }) => foldIn))
      lists.forEach((list, at) => {
        const { foldIn = [], scores = [] } = users[at] ?? {}
        expect([...list].sort((a, b) => a - b)).toEqual(
          scores.map((_, item) => item).filter((item) => !foldIn.includes(item)),
        )
      })
    }),
    { numRuns: 50 },
  )
})
