import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import type { Contract } from '../../src/shared/contract'
import { uploadChunkBytes, uploadPath } from '../../src/shared/files'
import { ended, outputMatching, newDesk, type Desk } from './vasp.fixture'

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

let desk: Desk
let child: ChildProcess
let address: { url: string; port: number }
let token: string
let cookie: string

/** A raw request: `fetch` would not let a test choose Host, Origin or an unnormalised path. */
function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: Buffer } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = options
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: address.port, path, method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
const own = (): string => `http://127.0.0.1:${address.port}`
const socket = (headers: Record<string, string>, path = '/rpc'): WebSocket =>
  new WebSocket(`ws://127.0.0.1:${address.port}${path}`, { headers })
/** 101 if a WebSocket is accepted, otherwise the status of the refusal. */
const upgrade = (headers: Record<string, string>, path?: string): Promise<number> =>
  new Promise((resolve) => {
    const asked = socket(headers, path)
    asked.on('open', () => {
      asked.close()
      resolve(101)
    })
    asked.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0)
      response.resume()
    })
    asked.on('error', () => undefined)
  })

beforeAll(async () => {
  desk = newDesk()
  child = desk.start('serve', '--json')
  address = z
    .object({ url: z.string(), port: z.number() })
    .parse(JSON.parse(await outputMatching(child, 'stdout', /\}\s*$/)))
  token = new URL(address.url).searchParams.get('token') ?? ''
  const letIn = await ask(`/?token=${token}`)
  expect(letIn).toMatchObject({ status: 303, headers: { location: '/' } })
  const [set = ''] = letIn.headers['set-cookie'] ?? []
  expect(set).toMatch(/HttpOnly; SameSite=Strict/)
  cookie = set.split(';')[0] ?? ''
})
afterAll(async () => {
  child.kill('SIGKILL')
  await new Promise((resolve) =>
    child.exitCode === null && child.signalCode === null ? child.once('close', resolve) : resolve(null),
  )
  desk.remove()
})

describe('the browser host', () => {
  it('refuses access without the token', async () => {
    for (const path of [
      '/',
      '/index.html',
      '/?token=',
      `/?token=${token.slice(0, -1)}`,
      `/?token=${randomBytes(32).toString('base64url')}`,
      `/index.html?token=${token}`,
      '/exports/1',
    ]) {
      const answer = await ask(path)
      expect(answer.status, path).toBe(401)
      expect(answer.headers['set-cookie'], path).toBeUndefined()
    }
    expect((await ask('/', { headers: { cookie: 'vasp=1' } })).status).toBe(401)
    expect((await ask('/', { headers: { accept: 'text/html' } })).body).toContain('vasp serve')
  })

  it('serves the built page under a strict policy to who came with it', async () => {
    const page = await ask('/', { headers: { cookie } })
    expect(page.status).toBe(200)
    expect(page.body).toContain('<title>VASP Studio</title>')
    expect(page.headers['content-security-policy']).toContain(`connect-src 'self' ws://127.0.0.1:${address.port};`)
    const script = /src="\.?(\/assets\/[^"]+\.js)"/.exec(page.body)?.[1] ?? ''
    expect((await ask(script, { headers: { cookie } })).headers['content-type']).toContain('text/javascript')
  })

  it('answers to loopback names only, whatever cookie comes with a rebound name', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${address.port}`,
      '192.168.1.5',
      `127.0.0.1.evil.example:${address.port}`,
    ])
      expect((await ask('/', { headers: { cookie, host } })).status, host).toBe(403)
    expect((await ask('/', { headers: { cookie, host: `localhost:${address.port}` } })).status).toBe(200)
  })

  it('refuses other origins, and changes that do not say where they come from', async () => {
    for (const origin of [
      'http://evil.example',
      'null',
      `http://127.0.0.1:${address.port + 1}`,
      `https://127.0.0.1:${address.port}`,
    ])
      expect((await ask('/', { headers: { cookie, origin } })).status, origin).toBe(403)
    expect(
      (await ask(uploadPath('0a0a0a0a-1111-2222-3333-444444444444', 0), { method: 'PUT', headers: { cookie } })).status,
    ).toBe(403)
    expect((await ask('/', { method: 'POST', headers: { cookie, origin: own() } })).status).toBe(405)
  })

  it('has nothing outside the built page', async () => {
    for (const path of [
      '/../main/cli.js',
      '/..%2fmain%2fcli.js',
      '/%2e%2e/package.json',
      '/assets/../../../package.json',
      '//etc/passwd',
      '/etc/passwd.txt',
      '/exports/..%2flibrary.db',
      '/files/../library.db',
    ]) {
      const { status, body } = await ask(path, { headers: { cookie } })
      expect(body, path).not.toMatch(/root:|vasp-studio"|SQLite format/)
      if (status === 200) expect(body, path).toContain('<title>VASP Studio</title>')
    }
  })

  it('opens sockets only for its own page', async () => {
    expect(await upgrade({ cookie, origin: own() })).toBe(101)
    expect(await upgrade({ cookie })).toBe(403)
    expect(await upgrade({ cookie, origin: 'http://evil.example' })).toBe(403)
    expect(await upgrade({ origin: own() })).toBe(401)
    expect(await upgrade({ cookie, origin: own(), host: 'evil.example' })).toBe(403)
    expect(await upgrade({ cookie, origin: own() }, '/')).toBe(404)
  })
})

describe('through the browser host', () => {
  /** Calls the engine as the page does, over a WebSocket. */
  async function connected<T>(work: (client: ContractRouterClient<Contract>) => Promise<T>): Promise<T> {
    // The same interface by another name: ws describes its events with types of its own.
    const open = socket({ cookie, origin: own() })
    const client: ContractRouterClient<Contract> = createORPCClient(
      new RPCLink({ websocket: open as unknown as globalThis.WebSocket }),
    )
    try {
      return await work(client)
    } finally {
      open.close()
    }
  }
  const put = (handle: string, offset: number, body: Buffer, headers: Record<string, string> = {}): Promise<Answer> =>
    ask(uploadPath(handle, offset), { method: 'PUT', headers: { cookie, origin: own(), ...headers }, body })

  it('takes a file in chunks, previews it, and gives typed errors', async () => {
    await connected(async (client) => {
      expect(await client.system.about()).toMatchObject({ host: 'browser', library: desk.library })
      const content = Buffer.from('userId,movieId,rating\n1,10,5\n2,20,3\n')
      const { handle } = await client.system.openUpload({ name: 'ratings.csv', bytes: content.length })
      expect((await put(handle, 0, content.subarray(0, 20))).status).toBe(204)
      expect((await put(handle, 20, content.subarray(20))).status).toBe(204)
      const preview = await client.datasets.preview({ ratings: [handle], items: null })
      expect(preview.mapping).toMatchObject({ user: 'userId', item: 'movieId', rating: 'rating' })
      await expect(client.runs.list({ dataset: null })).resolves.toEqual([])
      await expect(
        client.exports.create({ run: z.number().brand<'RunId'>().parse(9), users: 'all', k: 5 }),
      ).rejects.toMatchObject({
        data: { code: 'NOT_FOUND' },
      })
    })
  })

  it('refuses chunks that are too large and uploads that nobody announced', async () => {
    const { handle } = await connected((client) =>
      client.system.openUpload({ name: 'big.csv', bytes: 64 * 1024 * 1024 }),
    )
    expect((await put(handle, 0, Buffer.alloc(uploadChunkBytes + 1))).status).toBe(413)
    const streamed = await put(handle, 0, Buffer.alloc(uploadChunkBytes + 1), { 'transfer-encoding': 'chunked' })
    expect(streamed.status).toBe(413)
    expect((await put('0a0a0a0a-1111-2222-3333-444444444444', 0, Buffer.from('x'))).status).toBe(404)
  })

  it('says when its port is taken', async () => {
    expect(await desk.failure('serve', '--port', String(address.port), '--library', `${desk.library}-2`)).toMatchObject(
      {
        exit: 2,
        code: 'CONFLICT',
        message: expect.stringContaining(String(address.port)) as string,
      },
    )
  })

  it('stops at once and in order when it is told to, with pages still open', async () => {
    const page = socket({ cookie, origin: own() })
    const closed = new Promise<number>((resolve) => page.once('close', resolve))
    await new Promise((resolve) => page.once('open', resolve))
    const end = ended(child)
    child.kill('SIGINT')
    expect((await end).code).toBe(0)
    expect(await closed).toBe(1001)
  })
})
