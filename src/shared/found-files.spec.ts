import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileChoices } from './file-choices'
import { fileRole, type FileRole, type FoundFile, headBytes, mostFiles, withRole, withRoles } from './found-files'
import { warningsOf } from './reading'

const found = (path: string, role: FileRole, certainty: FoundFile['certainty'] = 'likely'): FoundFile => ({
  path,
  bytes: 10,
  role,
  certainty,
  reason: `It has columns of ${role}.`,
})
const rolesOf = (files: readonly FoundFile[]): string[] => files.map(({ path, role }) => `${path}: ${role}`)

describe('files of a folder', () => {
  it('get the chosen role, and only one file has the items', () => {
    const files = [found('a.csv', 'ratings'), found('b.csv', 'items'), found('c.csv', 'left out')]
    expect(rolesOf(withRoles(files, { 'c.csv': 'items' }))).toEqual([
      'a.csv: ratings',
      'b.csv: left out',
      'c.csv: items',
    ])
    expect(withRoles(files, { 'a.csv': 'left out' })[0]).toMatchObject({
      certainty: 'certain',
      reason: 'It was chosen.',
    })
    expect(withRoles(files, {})).toEqual(files)
  })

  it('have items in one file at most, after any sequence of choices', () => {
    const path = fc.constantFrom('a', 'b', 'c', 'd')
    const files = [found('a', 'ratings'), found('b', 'items'), found('c', 'left out'), found('d', 'ratings')]
    fc.assert(
      fc.property(fc.array(fc.tuple(path, fc.constantFrom(...fileRole.options))), (choices) => {
        let roles: Record<string, FileRole> = {}
        for (const [file, role] of choices) {
          roles = withRole(roles, file, role)
          const now = withRoles(files, roles)
          expect(now.find((one) => one.path === file)?.role).toBe(role)
          expect(now.filter((one) => one.role === 'items').length).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('are choices of the reading, those with the same reason together, and warn if they are a guess', () => {
    const many = Array.from({ length: 12 }, (_, i) => found(`part-${i}.csv`, 'ratings'))
    const choices = fileChoices([...many, found('x.csv', 'items', 'guess')])
    expect(choices.map(({ value }) => value)).toEqual([
      'ratings: part-0.csv, part-1.csv, part-2.csv, part-3.csv, part-4.csv, part-5.csv, part-6.csv, part-7.csv, … (12 files)',
      'items: x.csv',
    ])
    expect(warningsOf(choices)).toEqual([
      'files: items: x.csv is a guess. It has columns of items. If it is wrong, use --file-role PATH=ratings|items|joined|left-out (in the app: Files).',
    ])
  })

  it('are looked at by as many bytes as one message takes', () => {
    expect(headBytes(1)).toBe(64 * 1024)
    for (const files of [1, 60, 500, mostFiles]) expect(files * headBytes(files)).toBeLessThanOrEqual(4 * 1024 * 1024)
  })
})
