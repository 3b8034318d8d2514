import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { errorShape, notFound } from '../../shared/errors'
import { uploadChunkBytes } from '../../shared/files'
import { answer } from './answer'
import type { ByteStore } from './byte-routes'
import { interfaceFiles, type InterfaceFiles } from './interface-files'

const handle = '0a0a0a0a-1111-2222-3333-444444444444'
let folder = ''
let files: InterfaceFiles

/** A store of one upload and one export, on the real disk. */
const store: ByteStore = {
  async receiveChunk(asked, offset, body) {
    if (asked !== handle) throw notFound('There is no such upload.', 'Choose the file again.')
    if (offset === 0) await writeFile(join(folder, 'upload'), '')
    for await (const part of body) await appendFile(join(folder, 'upload'), part)
  },
  exportFile(id) {
    if (id !== 7) throw notFound('There is no such export.', 'Choose another.')
    return { path: join(folder, 'lists.csv'), fileName: 'lists "é".csv' }
  },
  runFile(id, withData) {
    if (id !== 7) throw notFound('There is no such run.', 'Choose another.')
    return { fileName: 'films.vasprun', bytes: Readable.from([Buffer.from(withData ? 'run and data' : 'run')]) }
  },
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vasp-routes-'))
  await mkdir(join(folder, 'renderer', 'assets'), { recursive: true })
  await writeFile(join(folder, 'renderer', 'index.html'), '<!doctype html>the page')
  await writeFile(join(folder, 'renderer', 'assets', 'index-a1b2.js'), 'export {}')
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await writeFile(join(folder, 'lists.csv'), 'user,rank\n1,1\n')
  files = await interfaceFiles(join(folder, 'renderer'))
})
afterEach(() => rm(folder, { recursive: true }))

const get = (path: string): Promise<Response> => answer(store, files, new Request(`http://127.0.0.1${path}`))
const put = (path: string, body: BodyInit, headers: Record<string, string> = {}): Promise<Response> =>
  answer(store, files, new Request(`http://127.0.0.1${path}`, { method: 'PUT', body, headers, ...{ duplex: 'half' } }))

describe('answering the interface', () => {
  it('sends the page for the root and for routes of the page, with a strict policy', async () => {
    for (const path of ['/', '/runs/3']) {
      const response = await get(path)
      expect(await response.text()).toBe('<!doctype html>the page')
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self';/)
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    }
    const script = await get('/assets/index-a1b2.js')
    expect(script.headers.get('content-type')).toContain('text/javascript')
    expect(script.headers.get('cache-control')).toContain('immutable')
  })

  it('serves nothing outside the built interface for any path', async () => {
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/..%5c..%5csecret.txt',
      '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
      '//secret.txt',
      `/${folder}/secret.txt`,
      '/secret.txt%00.js',
      '/%ff.txt',
      '/%',
      '/%00',
      '/runs/%0d%0a3',
      '/exports/%00',
      '/exports/%',
      '/files/%2e%2e/x.js',
      '/missing.js',
    ]) {
      const response = await get(path)
      expect(response.status, path).toBe(404)
      expect(await response.text(), path).not.toContain('secret')
    }
  })

  it('refuses methods that it has no use for', async () => {
    const response = await answer(store, files, new Request('http://127.0.0.1/', { method: 'POST', body: 'x' }))
    expect(response.status).toBe(405)
  })

  it('refuses addresses that are too long', async () => {
    for (const path of [`/${'a'.repeat(5000)}`, `/?q=${'%41'.repeat(3000)}`, `/files/${'f'.repeat(5000)}?offset=0`]) {
      const response = await get(path)
      expect(response.status).toBe(414)
      expect(errorShape.parse(await response.json()).code).toBe('BAD_INPUT')
    }
    expect((await get(`/?q=${'a'.repeat(3000)}`)).status).toBe(200)
  })

  it('answers any path, offset, range and method with the file or a 4xx, and never rejects', async () => {
    const part = fc.oneof(fc.webPath(), fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('%', '%00', '..'))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('', 'files/', 'exports/', `files/${handle}?offset=`, 'assets/'),
        part,
        fc.constantFrom('GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS'),
        fc.constantFrom('', 'bytes=0-', 'bytes=9-1', 'bytes=-1', '0'),
        async (room, tail, method, range) => {
          const url = URL.parse(`http://127.0.0.1/${room}${tail}`)
          if (url === null) return
          const body = method === 'PUT' || method === 'POST' ? { body: 'x' } : {}
          const { status } = await answer(store, files, new Request(url, { method, headers: { range }, ...body }))
          expect(status === 200 || status === 204 || (status >= 400 && status < 500), `${status} ${url.href}`).toBe(
            true,
          )
        },
      ),
    )
  })

  it('says what to do if the interface has not been built', async () => {
    await expect(interfaceFiles(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('the byte routes', () => {
  it('takes an upload in chunks', async () => {
    expect((await put(`/files/${handle}?offset=0`, 'user,item\n')).status).toBe(204)
    expect((await put(`/files/${handle}?offset=10`, '1,2\n')).status).toBe(204)
    expect(await readFile(join(folder, 'upload'), 'utf8')).toBe('user,item\n1,2\n')
  })

  it('stops at the size of a chunk, whether the body says its length or not', async () => {
    const said = await put(`/files/${handle}?offset=0`, 'x', { 'content-length': String(uploadChunkBytes + 1) })
    expect(said.status).toBe(413)
    const piece = new Uint8Array(1024 * 1024)
    const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({ pull: (controller) => controller.enqueue(piece) })
    const streamed = await put(`/files/${handle}?offset=0`, endless)
    expect(streamed.status).toBe(413)
    expect((await readFile(join(folder, 'upload'))).length).toBeLessThanOrEqual(uploadChunkBytes)
  })

  it('answers a bad handle, a missing offset and a wrong method with their cause', async () => {
    for (const [path, status] of [
      ['/files/unknown?offset=0', 404],
      ['/files/ffffffff-1111-2222-3333-444444444444?offset=0', 404],
      [`/files/${handle}`, 400],
      [`/files/${handle}?offset=-1`, 400],
      [`/files/${handle}?offset=1e3`, 400],
    ] as const) {
      const response = await put(path, 'x')
      expect(response.status, path).toBe(status)
      expect(errorShape.parse(await response.json()).next).not.toBe('')
    }
    expect((await get(`/files/${handle}?offset=0`)).status).toBe(405)
  })

  it('sends an export as an attachment under its own name', async () => {
    const response = await get('/exports/7')
    expect(await response.text()).toBe('user,rank\n1,1\n')
    expect(response.headers.get('content-length')).toBe('14')
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="lists ___.csv"; filename*=UTF-8''lists%20%22%C3%A9%22.csv`,
    )
    expect((await get('/exports/8')).status).toBe(404)
    expect((await get('/exports/x')).status).toBe(404)
    await rm(join(folder, 'lists.csv'))
    expect((await get('/exports/7')).status).toBe(404)
  })

  it('sends a run as one file, with or without its data', async () => {
    const response = await get('/run-files/7')
    expect(await response.text()).toBe('run')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="films\.vasprun"/)
    expect(await (await get('/run-files/7?data=1')).text()).toBe('run and data')
    expect((await get('/run-files/8')).status).toBe(404)
    expect((await get('/run-files/x')).status).toBe(404)
    expect((await put('/run-files/7', 'x')).status).toBe(405)
  })
})
