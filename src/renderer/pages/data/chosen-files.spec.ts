import { describe, expect, it } from 'vitest'
import type { FileRole } from '../../../shared/found-files'
import { type ChosenFile, nameOf, withFiles } from './chosen-files'

const file = (name: string, folder?: string): File => {
  const made = new File(['x'], name)
  if (folder !== undefined) Object.defineProperty(made, 'webkitRelativePath', { value: `${folder}/${name}` })
  return made
}
const chosen = (made: File, role: FileRole = 'ratings'): ChosenFile => ({
  file: made,
  found: { path: made.name, bytes: 1, role, certainty: 'likely', reason: 'It is a test.' },
})

describe('chosen files', () => {
  it('accept further files, and a file with the path of an earlier one replaces it', () => {
    const old = file('events.csv', 'old')
    const newer = file('events.csv')
    const [two, ten] = [file('part-2.csv'), file('part-10.csv')]
    const files = withFiles([file('events.csv'), ten, old], [two, newer])
    expect(files).toHaveLength(4)
    expect(files.map((one) => [newer, old, two, ten].indexOf(one))).toEqual([0, 1, 2, 3])
  })

  it('give the data set its first name', () => {
    expect(nameOf([chosen(file('shop events.2026.csv'))], 'shop events.2026.csv')).toBe('shop events.2026')
    const parts = ['part-1.csv', 'part-2.csv'].map((name) => chosen(file(name, 'shop')))
    expect(nameOf(parts, 'part-1.csv')).toBe('shop')
    const [first] = parts
    if (!first) throw new Error('there are two')
    expect(nameOf([first, chosen(file('movies.csv', 'shop'), 'items')], 'part-1.csv')).toBe('part-1')
  })
})
