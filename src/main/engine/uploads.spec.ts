import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileHandle } from '../../shared/ids'
import { Uploads } from './uploads'

let library: string
let uploads: Uploads

beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), 'vasp-uploads-'))
  mkdirSync(join(library, 'uploads'))
  uploads = new Uploads(library)
})
afterEach(async () => {
  await uploads.close()
  rmSync(library, { recursive: true, force: true })
})

const bytes = (...parts: string[]): AsyncIterable<Uint8Array> => Readable.from(parts.map((part) => Buffer.from(part)))

const breaking = (part: string): AsyncIterable<Uint8Array> =>
  Readable.from(
    (function* () {
      yield Buffer.from(part)
      throw new Error('the connection broke')
    })(),
  )

describe('Uploads', () => {
  it('puts chunks together and hands the file over under its own name', async () => {
    const handle = await uploads.open('ratings ü.csv', 11)
    await uploads.receive(handle, 0, bytes('user,', 'it'))
    expect(() => uploads.complete(handle)).toThrow(/7 B of the 11 B/)
    await uploads.receive(handle, 7, bytes('em\n1'))
    const file = uploads.complete(handle)
    expect(file.name).toBe('ratings ü.csv')
    expect(readFileSync(file.path, 'utf8')).toBe('user,item\n1')
  })

  it('takes a chunk again after it broke', async () => {
    const handle = await uploads.open('a.csv', 6)
    await uploads.receive(handle, 0, bytes('abc'))
    await expect(uploads.receive(handle, 3, breaking('de'))).rejects.toMatchObject({ message: 'the connection broke' })
    await uploads.receive(handle, 3, bytes('def'))
    expect(readFileSync(uploads.complete(handle).path, 'utf8')).toBe('abcdef')
  })

  it('refuses chunks in the wrong place, beyond the announced size, and for unknown handles', async () => {
    const handle = await uploads.open('a.csv', 3)
    await expect(uploads.receive(handle, 1, bytes('b'))).rejects.toThrow(/byte 1, but byte 0 comes next/)
    await expect(uploads.receive(handle, 0, bytes('abcd'))).rejects.toThrow(/longer than/)
    const unknown = fileHandle.parse('00000000-0000-4000-8000-000000000000')
    await expect(uploads.receive(unknown, 0, bytes('a'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(() => uploads.complete(unknown)).toThrow(/no longer there/)
  })

  it('refuses what cannot fit: too large a file, and too many', async () => {
    await expect(uploads.open('huge.csv', 2 ** 50)).rejects.toMatchObject({ code: 'BAD_INPUT' })
    for (let n = 0; n < 100; n++) await uploads.open(`${n}.csv`, 0)
    await expect(uploads.open('one more.csv', 0)).rejects.toThrow(/already 100 files/)
  })

  it('never writes outside its folder, whatever a file is called', async () => {
    const handle = await uploads.open('../../outside.csv', 1)
    await uploads.receive(handle, 0, bytes('x'))
    expect(uploads.complete(handle).path.startsWith(join(library, 'uploads'))).toBe(true)
    expect(existsSync(join(library, 'outside.csv'))).toBe(false)
  })

  it('adopts files where they lie and never removes them', async () => {
    const path = join(library, 'mine.csv')
    writeFileSync(path, 'user,item\n')
    const handle = uploads.adopt(path)
    expect(uploads.complete(handle)).toEqual({ path, name: 'mine.csv' })
    expect(await uploads.discard(handle)).toBe(true)
    expect(existsSync(path)).toBe(true)
    expect(() => uploads.adopt(join(library, 'missing.csv'))).toThrow(/There is no file .*missing\.csv/)
    expect(() => uploads.adopt(library)).toThrow(/is not a file/)
  })

  it('removes its own files on discard and on close', async () => {
    const handle = await uploads.open('a.csv', 1)
    await uploads.receive(handle, 0, bytes('x'))
    const { path } = uploads.complete(handle)
    expect(await uploads.discard(handle)).toBe(true)
    expect(existsSync(path)).toBe(false)
    const imported = uploads.complete(await uploads.open('c.csv', 0))
    await uploads.discardFiles([imported.path])
    expect(existsSync(imported.path)).toBe(false)
    const again = uploads.complete(await uploads.open('b.csv', 0))
    await uploads.close()
    expect(existsSync(again.path)).toBe(false)
  })
})
