import { expect, test } from 'vitest'
import { usersIn } from './user-list'

test('a list of users is read from lines, commas, semicolons and tabs, each user once', () => {
  expect(usersIn('7\r\nann, bob ;7\tmary ann\n\n')).toEqual({ users: ['7', 'ann', 'bob', 'mary ann'], header: null })
  expect(usersIn(' \n,').users).toEqual([])
})

test('ids may be quoted, and contain separators and quotes', () => {
  expect(usersIn('"=half"\n"a, b";c\n"say ""x"""\n5" disc, "half\n').users).toEqual([
    '=half',
    'a, b',
    'c',
    'say "x"',
    '5" disc',
    '"half',
  ])
})

test('a header is no user, and of a table only the column of users is taken', () => {
  expect(usersIn('\uFEFFuser\r\nu1\r\nu2\r\n')).toEqual({ users: ['u1', 'u2'], header: 'user' })
  expect(usersIn('"Customer ID"\n7\n')).toEqual({ users: ['7'], header: 'Customer ID' })
  expect(usersIn('item,userId,rating\na,u1,5\nb,u2,1\nc,u1,2\n')).toEqual({ users: ['u1', 'u2'], header: 'userId' })
  // Cells may be empty.
  expect(usersIn('item,userId,rating\na,u1,\n,u2,1\nc,,2\n')).toEqual({ users: ['u1', 'u2'], header: 'userId' })
  // A user by that name among others, in one line or in lines of other lengths.
  expect(usersIn('user, ann, bob').users).toEqual(['user', 'ann', 'bob'])
  expect(usersIn('user, ann\nbob').users).toEqual(['user', 'ann', 'bob'])
  expect(usersIn('user').users).toEqual(['user'])
  expect(usersIn('user7\nann').users).toEqual(['user7', 'ann'])
})
