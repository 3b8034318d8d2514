import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileHandle, type FileHandle } from '../../shared/ids'
import { Uploads } from './uploads'

const page = 'a page'
const minute = 60_000
let library: string
let uploads: Uploads
let now: number

beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), 'vasp-uploads-'))
  mkdirSync(join(library, 'uploads'))
  now = 0
  uploads = new Uploads(library, () => now)
  uploads.pages.connected(page)
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
    const handle = await uploads.open('ratings ü.csv', 11, page)
    await uploads.receive(handle, 0, bytes('user,', 'it'))
    expect(() => uploads.complete(handle)).toThrow(/7 B of the 11 B/)
    await uploads.receive(handle, 7, bytes('em\n1'))
    const file = uploads.complete(handle)
    expect(file.name).toBe('ratings ü.csv')
    expect(readFileSync(file.path, 'utf8')).toBe('user,item\n1')
  })

  it('takes a chunk again after it broke', async () => {
    const handle = await uploads.open('a.csv', 6, page)
    await uploads.receive(handle, 0, bytes('abc'))
    await expect(uploads.receive(handle, 3, breaking('de'))).rejects.toMatchObject({ message: 'the connection broke' })
    await uploads.receive(handle, 3, bytes('def'))
    expect(readFileSync(uploads.complete(handle).path, 'utf8')).toBe('abcdef')
  })

  it('refuses chunks in the wrong place, beyond the announced size, and for unknown handles', async () => {
    const handle = await uploads.open('a.csv', 3, page)
    await expect(uploads.receive(handle, 1, bytes('b'))).rejects.toThrow(/starts at byte 1 instead of 0/)
    await expect(uploads.receive(handle, 0, bytes('abcd'))).rejects.toThrow(/longer than/)
    const unknown = fileHandle.parse('00000000-0000-4000-8000-000000000000')
    await expect(uploads.receive(unknown, 0, bytes('a'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(() => uploads.complete(unknown)).toThrow(/no longer exists/)
  })

  it('refuses files that are too large or too many', async () => {
    await expect(uploads.open('huge.csv', 2 ** 50, page)).rejects.toMatchObject({ code: 'BAD_INPUT' })
    for (let n = 0; n < 100; n++) await uploads.open(`${n}.csv`, 0, page)
    await expect(uploads.open('one more.csv', 0, page)).rejects.toThrow(/already 100 files/)
  })

  it('never writes outside its folder for any file name', async () => {
    const handle = await uploads.open('../../outside.csv', 1, page)
    await uploads.receive(handle, 0, bytes('x'))
    expect(uploads.complete(handle).path.startsWith(join(library, 'uploads'))).toBe(true)
    expect(existsSync(join(library, 'outside.csv'))).toBe(false)
  })

  it('registers files by path and never removes them', async () => {
    const path = join(library, 'mine.csv')
    writeFileSync(path, 'user,item\n')
    const handle = uploads.register(path)
    expect(uploads.complete(handle)).toEqual({ path, name: 'mine.csv' })
    expect(await uploads.discard(handle)).toBe(true)
    expect(existsSync(path)).toBe(true)
    expect(() => uploads.register(join(library, 'missing.csv'))).toThrow(/There is no file .*missing\.csv/)
    expect(() => uploads.register(library)).toThrow(/is not a file/)
  })

  it('removes its own files on discard and on close', async () => {
    const handle = await uploads.open('a.csv', 1, page)
    await uploads.receive(handle, 0, bytes('x'))
    const { path } = uploads.complete(handle)
    expect(await uploads.discard(handle)).toBe(true)
    expect(existsSync(path)).toBe(false)
    const imported = uploads.complete(await uploads.open('c.csv', 0, page))
    await uploads.discardFiles([imported.path])
    expect(existsSync(imported.path)).toBe(false)
    const again = uploads.complete(await uploads.open('b.csv', 0, page))
    await uploads.close()
    expect(existsSync(again.path)).toBe(false)
  })
})

describe('uploads of a page', () => {
  const whole = async (owner: string): Promise<ReturnType<typeof uploads.complete> & { handle: FileHandle }> => {
    const handle = await uploads.open('a.csv', 1, owner)
    await uploads.receive(handle, 0, bytes('x'))
    return { handle, ...uploads.complete(handle) }
  }
  const gone = { code: 'NOT_FOUND' }

  it('end a minute after its connection, those of other pages stay', async () => {
    uploads.pages.connected('another')
    const [mine, other] = [await whole(page), await whole('another')]
    uploads.pages.disconnected(page)
    now += minute
    await uploads.sweep()
    expect(existsSync(mine.path)).toBe(true)
    now += 1
    await uploads.sweep()
    expect(existsSync(mine.path)).toBe(false)
    expect(() => uploads.complete(mine.handle)).toThrow(expect.objectContaining(gone))
    expect(existsSync(other.path)).toBe(true)
  })

  it('survive an interruption and continue', async () => {
    const handle = await uploads.open('a.csv', 2, page)
    await uploads.receive(handle, 0, bytes('x'))
    uploads.pages.disconnected(page)
    now += minute - 1
    await uploads.sweep()
    uploads.pages.connected(page)
    now += 10 * minute
    await uploads.sweep()
    await uploads.receive(handle, 1, bytes('y'))
    expect(readFileSync(uploads.complete(handle).path, 'utf8')).toBe('xy')
  })

  it('stay while one of several connections of the page is left, and while chunks arrive', async () => {
    uploads.pages.connected(page)
    uploads.pages.disconnected(page)
    const handle = await uploads.open('a.csv', 3, page)
    now += 2 * minute
    await uploads.sweep()
    await uploads.receive(handle, 0, bytes('x'))
    uploads.pages.disconnected(page)
    for (const at of [1, 2]) {
      now += minute - 1
      await uploads.receive(handle, at, bytes('x'))
      await uploads.sweep()
    }
    expect(uploads.complete(handle).name).toBe('a.csv')
  })

  it('of disconnected pages are discarded if all space is used', async () => {
    for (let n = 0; n < 500; n++) {
      const owner = `closed ${Math.floor(n / 100)}`
      if (n % 100 === 0) uploads.pages.connected(owner)
      await uploads.open(`${n}.csv`, 0, owner)
      if (n % 100 === 99 && n < 400) uploads.pages.disconnected(owner)
    }
    await expect(uploads.open('one more.csv', 0, 'closed 4')).rejects.toThrow(/already 100 files/)
    now += 1
    const mine = await whole(page)
    expect(existsSync(mine.path)).toBe(true)
    // Those of the page that is still there were left alone.
    await expect(uploads.open('one more.csv', 0, 'closed 4')).rejects.toThrow(/already 100 files/)
  })

  it('cannot pass the limit together', async () => {
    const asked = Array.from({ length: 150 }, (_, n) => uploads.open(`${n}.csv`, 0, page))
    const outcomes = await Promise.allSettled(asked)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(100)
    expect(readdirSync(join(library, 'uploads'), { recursive: true })).toHaveLength(101)
  })

  it('end after a day without use, and not before', async () => {
    const { path } = await whole(page)
    now += 24 * 60 * minute
    await uploads.sweep()
    expect(existsSync(path)).toBe(true)
    now += 1
    await uploads.sweep()
    expect(existsSync(path)).toBe(false)
  })

  it('are never removed while they are read, and immediately afterwards', async () => {
    const { handle, path } = await whole(page)
    uploads.take([handle])
    await uploads.reading([handle], async () => {
      uploads.pages.disconnected(page)
      now += 48 * 60 * minute
      await uploads.sweep()
      expect(await uploads.discard(handle)).toBe(true)
      expect(existsSync(path)).toBe(true)
    })
    // A job has it still.
    expect(existsSync(path)).toBe(true)
    await uploads.release([path])
    expect(existsSync(path)).toBe(false)
  })

  it('stay after a failed job, but a bundled file is removed after its first one', async () => {
    const { handle, path } = await whole(page)
    uploads.take([handle])
    await uploads.release([path])
    expect(uploads.complete(handle).path).toBe(path)
    const source = join(library, 'sample.csv')
    writeFileSync(source, 'user,item\n')
    const copy = uploads.take([await uploads.copy(source)])[0]!
    await uploads.release([copy.path])
    expect(existsSync(copy.path)).toBe(false)
    expect(existsSync(source)).toBe(true)
  })

  it('take no chunk any more once they have been discarded', async () => {
    const handle = await uploads.open('a.csv', 2, page)
    const chunk = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('x')
      await uploads.discard(handle)
      yield Buffer.from('y')
    }
    await expect(uploads.receive(handle, 0, chunk())).rejects.toMatchObject(gone)
    expect(readdirSync(join(library, 'uploads'), { recursive: true })).toHaveLength(1)
  })
})
