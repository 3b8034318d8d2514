import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeLibraryFolders } from './library-folder'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'vasp-folder-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const refusal = (library: string): unknown => {
  try {
    makeLibraryFolders(library)
  } catch (error) {
    return error
  }
  return null
}

describe('the folder of a library', () => {
  it('is made with those above it', () => {
    const library = join(folder, 'a', 'b', 'library')
    makeLibraryFolders(library)
    makeLibraryFolders(library)
    expect(existsSync(join(library, 'weights'))).toBe(true)
  })

  it('is refused by name if something else is in its place', () => {
    const file = join(folder, 'file')
    writeFileSync(file, 'x')
    expect(refusal(file)).toMatchObject({ code: 'BAD_INPUT', message: `${file} is a file, not a folder.` })
    const library = join(folder, 'library')
    mkdirSync(join(library, 'library.db'), { recursive: true })
    expect(refusal(library)).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining(join(library, 'library.db')) as string,
    })
  })

  it.runIf(process.platform === 'linux')('is refused quickly if no folders can be made', () => {
    expect(refusal('/proc/library')).toMatchObject({
      code: 'BAD_INPUT',
      message: 'The library folder /proc/library cannot be created in /proc.',
    })
  })
})
