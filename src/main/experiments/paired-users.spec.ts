import fc from 'fast-check'
import { expect, it } from 'vitest'
import { usersOfBoth } from './paired-users'

const users = fc.uniqueArray(fc.nat(30), { maxLength: 20 })

it('finds the users of both runs and their rows in each, whatever their order', () => {
  fc.assert(
    fc.property(users, users, (own, other) => {
      const both = usersOfBoth(Int32Array.from(own), Int32Array.from(other))
      expect([...both.users]).toEqual(own.filter((user) => other.includes(user)))
      expect(Array.from(both.rows, (row) => own[row])).toEqual([...both.users])
      expect(Array.from(both.otherRows, (row) => other[row])).toEqual([...both.users])
    }),
  )
})

it('finds all users where both runs measured the same ones', () => {
  fc.assert(
    fc.property(users, (own) => {
      const both = usersOfBoth(Int32Array.from(own), Int32Array.from(own))
      expect([...both.users]).toEqual(own)
      expect([...both.rows]).toEqual([...own.keys()])
      expect([...both.otherRows]).toEqual([...own.keys()])
    }),
  )
})
