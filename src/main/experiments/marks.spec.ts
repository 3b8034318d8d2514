import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/random'
import { marksOf, roundsFor, type PerUser } from './marks'

const random = seededRandom(7)
const users = 200
const base = Array.from({ length: users }, () => random.uniform())
const column = (of: (value: number, user: number) => number): PerUser =>
  new Map(base.map((value, user) => [user, of(value, user)]))

test('marks the best and those tied with it, but none that is clearly worse', async () => {
  const best = column((value) => value)
  const alike = column((value, user) => value + (user % 2 === 0 ? 0.1 : -0.1) - 0.0005)
  const worse = column((value) => value - 0.05)
  const marks = await marksOf([worse, best, alike, null])
  expect(marks[1]).toEqual({ best: true, tied: false, p: null })
  expect(marks[2]).toMatchObject({ best: false, tied: true })
  expect(marks[0]).toMatchObject({ best: false, tied: false })
  expect(marks[0]?.p).toBeLessThan(0.001)
  expect(marks[3]).toBeNull()
  expect(await marksOf([worse, best, alike, null])).toEqual(marks)
})

test('corrects over the column: a difference that is significant alone may be a tie among many', async () => {
  // The same slightly weaker system, alone beside the best and as one of twelve.
  const few = (shift: (user: number) => number): PerUser =>
    new Map(base.slice(0, 40).map((value, user) => [user, value + shift(user)]))
  const best = few(() => 0)
  const weak = few((user) => (user % 3 === 0 ? 0.004 : -0.0055))
  const alone = await marksOf([best, weak])
  const among = await marksOf([best, ...Array.from({ length: 12 }, () => weak)])
  expect(alone[1]?.p).toBeLessThan(0.05)
  expect(among[1]?.p ?? 0).toBeGreaterThan(alone[1]?.p ?? 1)
  expect(among[1]?.tied).toBe(true)
})

test('compares the users that both have scored, and says nothing of an empty column', async () => {
  const best = column((value) => value)
  const half = new Map([...column((value) => value - 0.2)].slice(0, 100))
  expect((await marksOf([best, half]))[1]).toMatchObject({ tied: false })
  expect(await marksOf([null, null])).toEqual([null, null])
  expect(await marksOf([best])).toEqual([{ best: true, tied: false, p: null }])
})

test('draws fewer signs for very many users', () => {
  expect(roundsFor(60)).toBe(10_000)
  expect(roundsFor(40_000)).toBe(1250)
  expect(roundsFor(1e9)).toBe(1000)
})

test('says nothing of a difference on fewer than two users', async () => {
  const one = (value: number): PerUser => new Map([[3, value]])
  const unmarked = { best: false, tied: false, p: null }
  expect(await marksOf([one(0.9), one(0.1), null])).toEqual([unmarked, unmarked, null])
  // The best has many users, of whom the other has one.
  const marks = await marksOf([column((value) => value + 0.1), one(0)])
  expect(marks).toEqual([{ best: true, tied: false, p: null }, unmarked])
})
