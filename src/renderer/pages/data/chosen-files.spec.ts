import { describe, expect, it } from 'vitest'
import { nameOf, withFiles, withRole, withRoles } from './chosen-files'

const file = (name: string): File => new File(['x'], name)
const roles = (files: ReturnType<typeof withRoles>): string[] =>
  files.map(({ file: { name }, role }) => `${name}: ${role}`)

describe('chosen files', () => {
  it('are told ratings from items by name, in any order', () => {
    expect(roles(withRoles([file('movies.csv'), file('README.txt'), file('ratings.csv')]))).toEqual([
      'movies.csv: items',
      'README.txt: none',
      'ratings.csv: ratings',
    ])
  })

  it('hold ratings where one is alone, whatever its name, or no name tells', () => {
    expect(roles(withRoles([file('items.csv')]))).toEqual(['items.csv: ratings'])
    expect(roles(withRoles([file('README'), file('LICENSE')]))).toEqual(['README: ratings', 'LICENSE: none'])
  })

  it('are parts of one table where they are called so', () => {
    expect(roles(withRoles([file('part-1.parquet'), file('part-2.parquet')]))).toEqual([
      'part-1.parquet: ratings',
      'part-2.parquet: ratings',
    ])
  })

  it('give the data set its first name', () => {
    expect(nameOf(withRoles([file('shop events.2026.csv')]), 'shop events.2026.csv')).toBe('shop events.2026')
    const parts = ['part-1.csv', 'part-2.csv'].map((name) => {
      const part = file(name)
      Object.defineProperty(part, 'webkitRelativePath', { value: `shop/${name}` })
      return part
    })
    expect(nameOf(withRoles(parts), 'part-1.csv')).toBe('shop')
  })

  it('take another role, of which items are one file only, and further files', () => {
    const files = withRoles([file('ratings.csv'), file('movies.csv'), file('tags.csv')])
    const [, , tags] = files
    if (!tags) throw new Error('three files')
    expect(roles(withRole(files, tags, 'items'))).toEqual([
      'ratings.csv: ratings',
      'movies.csv: none',
      'tags.csv: items',
    ])
    const one = withRoles([file('events.csv')])
    expect(roles(withFiles(one, [file('movies.csv'), file('events.csv')]))).toEqual([
      'movies.csv: items',
      'events.csv: ratings',
    ])
  })
})
