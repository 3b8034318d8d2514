import { expect, test } from 'vitest'
import { usersIn } from './user-list'

test('a list of users is read from lines, commas, semicolons and tabs, each user once', () => {
  expect(usersIn('7\r\nann, bob ;7\tmary ann\n\n')).toEqual(['7', 'ann', 'bob', 'mary ann'])
  expect(usersIn(' \n,')).toEqual([])
})
