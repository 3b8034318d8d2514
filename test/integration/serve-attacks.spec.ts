import type { ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import type { Contract } from '../../src/shared/contract'
import { importResult } from '../../src/shared/datasets'
import { rpcSocketAddress } from '../../src/shared/connection'
import { uploadPath } from '../../src/shared/files'
import type { FileHandle, JobId } from '../../src/shared/ids'
import type { JobEvent } from '../../src/shared/jobs'
import { rawRequests } from '../reliability/attacks/raw-requests'
import { fewItems, startStudio, tinyVasp } from './studio.fixture'
import { ended, outputMatching, newDesk, type Desk } from './vasp.fixture'
import { mappingOf } from './recognised-mapping'

type Client = ContractRouterClient<Contract>
interface Host {
  readonly desk: Desk
  readonly child: ChildProcess
  readonly port: number
  readonly url: string
  readonly cookie: string
  readonly own: string
  /** What it has said on both streams. */
  said(): string
}

let host: Host | null = null
const open: (Socket | WebSocket)[] = []

/** Exchanges the token of `url` for a cookie; null if it is not valid. */
function letIn(url: string): Promise<string | null> {
  return new Promise((resolve, reject) => {
    request(url, (response) => {
      response.resume()
      resolve(response.headers['set-cookie']?.[0]?.split(';')[0] ?? null)
    })
      .on('error', reject)
      .end()
  })
}

async function serve(env: Record<string, string> = {}, ...args: string[]): Promise<Host> {
  const desk = newDesk()
  Object.assign(process.env, env)
  const child = desk.start('serve', '--json', ...args)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const { url, port } = z
    .object({ url: z.string(), port: z.number() })
    .parse(JSON.parse(await outputMatching(child, 'stdout', /\}\s*$/)))
  const cookie = (await letIn(url)) ?? ''
  host = { desk, child, port, url, cookie, own: `http://127.0.0.1:${port}`, said: () => said }
  return host
}

afterEach(async () => {
  for (const socket of open.splice(0)) {
    if (socket instanceof WebSocket) socket.terminate()
    else socket.destroy()
  }
  if (!host) return
  const { child, desk } = host
  host = null
  if (child.exitCode === null && child.signalCode === null) {
    const end = ended(child)
    child.kill('SIGKILL')
    await end
  }
  desk.remove()
})

const alive = ({ child }: Host): boolean => child.exitCode === null && child.signalCode === null

/** A WebSocket as the page opens it, and the engine behind it. */
async function page({ port, cookie, own }: Host, name: string): Promise<{ socket: WebSocket; client: Client }> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${rpcSocketAddress(name)}`, { headers: { cookie, origin: own } })
  open.push(socket)
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  // The same interface by another name: ws describes its events with types of its own.
  const client: Client = createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }))
  return { socket, client }
}
const closing = (socket: WebSocket): Promise<number> => new Promise((resolve) => socket.once('close', resolve))

/** Sends bytes on a separate connection and resolves with everything that is received until it closes. */
function sent({ port }: Host, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    open.push(socket)
    let text = ''
    socket.on('data', (data: Buffer) => (text += data.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(text))
    socket.write(bytes, 'latin1')
  })
}
const status = async (to: Host, bytes: string): Promise<number> =>
  Number(/^HTTP\/1\.1 (\d{3})/.exec(await sent(to, bytes))?.[1])

function put({ port, cookie, own }: Host, handle: FileHandle, offset: number, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const path = uploadPath(handle, offset)
    const headers = { cookie, origin: own }
    request({ host: '127.0.0.1', port, path, method: 'PUT', headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end(body)
  })
}

async function lastEvent(client: Client, job: JobId): Promise<JobEvent | undefined> {
  let last: JobEvent | undefined
  for await (const event of await client.jobs.watch({ job })) last = event
  return last
}

/** Imports the sample and begins a training of some seconds. */
async function trainingOn(client: Client): Promise<JobId> {
  const imported = await lastEvent(client, (await client.datasets.importSample()).job)
  const { dataset } = importResult.parse(imported?.type === 'finished' ? imported.result : null)
  const { job } = await client.runs.train({
    dataset,
    model: 'vasp',
    preset: null,
    overrides: { ...tinyVasp, stages: '1e-3x40' },
    seed: 1,
    preparation: { threshold: 4, minInteractions: 5, ...fewItems },
    split: { seed: 1, test: 60, validation: 60, foldIn: 0.8 },
    name: null,
  })
  return job
}

describe('a browser host under attack', () => {
  it('answers, lives and trains on while raw bytes, resets and malformed frames come', async () => {
    const attacked = await serve()
    const { client } = await page(attacked, crypto.randomUUID())
    const job = await trainingOn(client)
    const end = lastEvent(client, job)
    const { port, cookie } = attacked
    for (const attack of [
      { port, count: 1200, seed: 12 },
      { port, count: 1200, seed: 13, cookie },
    ]) {
      const { wrong, refused, statuses, reset } = await rawRequests(attack)
      expect(wrong).toEqual([])
      expect(refused).toBe(0)
      expect(reset).toBeGreaterThan(100)
      expect(statuses['400']).toBeGreaterThan(100)
    }
    expect(alive(attacked), attacked.said()).toBe(true)
    const meanwhile = await client.jobs.list()
    expect(meanwhile.find(({ id }) => id === job)?.state).toMatch(/running|finished/)
    expect(await end).toMatchObject({ type: 'finished' })
    expect(await (await page(attacked, crypto.randomUUID())).client.system.about()).toMatchObject({ host: 'browser' })
    expect(attacked.said()).not.toMatch(/Invalid URL|ECONNRESET/)
  })

  it('answers bad requests with their 4xx, with a session as without', async () => {
    const attacked = await serve()
    const { port, cookie, own } = attacked
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
    const key = `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n`
    for (const session of ['', `Cookie: ${cookie}\r\n`]) {
      const ask = (line: string, more = '', to = `127.0.0.1:${port}`): Promise<number> =>
        status(
          attacked,
          `${line} HTTP/1.1\r\nHost: ${to}\r\nOrigin: ${own}\r\nConnection: close\r\n${session}${more}\r\n`,
        )
      expect(await ask('GET //')).toBe(400)
      expect(await ask('GET //evil.example/x')).toBe(400)
      expect(await ask('GET http://127.0.0.1/')).toBe(400)
      expect(await ask('GET http://[')).toBe(400)
      expect(await ask('OPTIONS *')).toBe(400)
      expect(await ask('CONNECT 127.0.0.1:80')).toBe(405)
      expect(await ask('GET /', '', '127.0.0.1:99999').catch(() => 0)).toBe(400)
      expect(await ask('TRACE /')).toBe(session === '' ? 401 : 405)
      expect(await ask(`GET /?q=${'a'.repeat(10_000)}`)).toBe(session === '' ? 401 : 414)
      expect(await ask(`GET /?q=${'a'.repeat(40_000)}`)).toBe(431)
      expect(await ask('GET /', `X-Long: ${'x'.repeat(40_000)}\r\n`)).toBe(431)
      expect(await ask('G@T /')).toBe(400)
      for (const line of ['GET //', 'GET //rpc', 'GET http://[/', 'GET \\rpc'])
        expect(
          await status(attacked, `${line} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${upgrade}${key}${session}\r\n`),
        ).toBe(400)
      expect(
        await status(
          attacked,
          `GET /rpc HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${own}\r\n${upgrade}${session}\r\n`,
        ),
      ).toBe(session === '' ? 401 : 400)
    }
    expect(alive(attacked)).toBe(true)
  })

  it('says that a search is too long, not that something is wrong inside', async () => {
    const attacked = await serve()
    const { client } = await page(attacked, crypto.randomUUID())
    const imported = await lastEvent(client, (await client.datasets.importSample()).job)
    const { dataset } = importResult.parse(imported?.type === 'finished' ? imported.result : null)
    for (const search of [client.datasets.users, client.datasets.items]) {
      await expect(search({ id: dataset, query: '%'.repeat(60_000), limit: 5 })).rejects.toMatchObject({
        data: { code: 'BAD_INPUT', message: expect.stringContaining('at most 1,000 characters') },
      })
      expect(await search({ id: dataset, query: '%'.repeat(1000), limit: 5 })).toEqual([])
    }
  })

  it('lives on when refused upgrades are reset', async () => {
    const attacked = await serve()
    for (let n = 0; n < 200; n++) {
      const socket = connect({ port: attacked.port, host: '127.0.0.1' })
      socket.on('error', () => undefined)
      await new Promise((resolve) => socket.once('connect', resolve))
      socket.write('GET /rpc HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
      if (n % 2 === 0) await new Promise((resolve) => setImmediate(resolve))
      socket.resetAndDestroy()
    }
    expect(await letIn(attacked.url)).toBe(attacked.cookie)
  })

  it('closes only a WebSocket that sends invalid messages or too many', async () => {
    const attacked = await serve()
    const good = await page(attacked, crypto.randomUUID())
    for (const message of ['{', 'null', '{"i":"1","p":{"u":"http://["}}', Buffer.from([255, 0, 1])]) {
      const { socket } = await page(attacked, crypto.randomUUID())
      const closed = closing(socket)
      socket.send(message)
      expect(await closed).toBe(1008)
    }
    const { socket } = await page(attacked, crypto.randomUUID())
    const closed = closing(socket)
    socket.on('error', () => undefined)
    for (let n = 0; n < 5000; n++) socket.send('{"i":"1","t":4}')
    await closed
    expect(await good.client.system.about()).toMatchObject({ host: 'browser' })
  })

  it('answers a browser with a session however many without one wait, and closes those that are slow', async () => {
    const attacked = await serve()
    const waiting = Array.from({ length: 300 }, () => sent(attacked, 'GET / HTTP/1.1\r\nHost: x\r\nX-'))
    const ended = Promise.all(waiting)
    const { client } = await page(attacked, crypto.randomUUID())
    expect(await client.system.about()).toMatchObject({ host: 'browser' })
    // Closed to make room, or after a timeout.
    for (const answer of await ended) expect(answer).toMatch(/^$|^HTTP\/1\.1 408 /)
  })

  it('limits the WebSockets of one address, and takes further ones when some have closed', async () => {
    const attacked = await serve()
    const pages = []
    for (let n = 0; n < 32; n++) pages.push(await page(attacked, crypto.randomUUID()))
    await expect(page(attacked, crypto.randomUUID())).rejects.toThrow(/503/)
    const closed = closing(pages[0]!.socket)
    pages[0]!.socket.close()
    await closed
    expect(await (await page(attacked, crypto.randomUUID())).client.system.about()).toMatchObject({ host: 'browser' })
  })

  it('holds 64 MiB of unfinished messages at most', async () => {
    const attacked = await serve()
    const resident = (): number =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${attacked.child.pid}/status`, 'utf8'))?.[1]) / 1024
    const before = resident()
    const sockets = []
    for (let n = 0; n < 20; n++) sockets.push((await page(attacked, crypto.randomUUID())).socket)
    const closed = Promise.race(sockets.map(closing))
    for (const socket of sockets) {
      socket.on('error', () => undefined)
      // Ten of the sixteen megabytes that one message may have, and never the rest.
      socket.send(Buffer.alloc(10 * 1024 * 1024), { fin: false })
    }
    await closed
    const { client } = await page(attacked, crypto.randomUUID())
    expect(await client.system.about()).toMatchObject({ host: 'browser' })
    expect(resident() - before).toBeLessThan(200)
  })
})

describe('a defect in the browser host', () => {
  it('is logged if a connection caused it, and otherwise ends the host with its jobs in an orderly way', async () => {
    const folder = newDesk()
    // Throws outside of every handler, on request.
    const planted = join(folder.folder, 'planted.mjs')
    writeFileSync(
      planted,
      `const plant = (signal, error) => process.on(signal, () => setImmediate(() => { throw error }))
plant('SIGUSR2', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))
plant('SIGHUP', new TypeError('a planted defect'))
`,
    )
    try {
      const attacked = await serve({ NODE_OPTIONS: `--import=${planted}` })
      delete process.env.NODE_OPTIONS
      const { client } = await page(attacked, crypto.randomUUID())
      const job = await trainingOn(client)
      const running = async (): Promise<string | undefined> =>
        (await client.jobs.list()).find(({ id }) => id === job)?.state
      while ((await running()) === 'queued') await new Promise((resolve) => setTimeout(resolve, 20))

      attacked.child.kill('SIGUSR2')
      while (!attacked.said().includes('read ECONNRESET')) await new Promise((resolve) => setTimeout(resolve, 20))
      expect(await running()).toBe('running')

      const end = ended(attacked.child)
      attacked.child.kill('SIGHUP')
      expect((await end).code).toBe(1)
      expect(attacked.said()).toMatch(/TypeError: a planted defect\n +at /)
      expect(attacked.said()).toContain('VASP Studio stopped because of a defect')
      const after = await startStudio(attacked.desk.library)
      try {
        const left = { state: 'paused', left: true, reason: 'VASP Studio ended before this was done.' }
        expect((await after.engine.client.jobs.list()).find(({ id }) => id === job)).toMatchObject(left)
      } finally {
        await after.close()
      }
    } finally {
      delete process.env.NODE_OPTIONS
      folder.remove()
    }
  })
})

describe('uploads of the browser host', () => {
  const csv = 'userId,movieId,rating\n1,10,5\n2,20,3\n1,20,4\n'

  it('of a closed tab do not keep a new tab from importing', async () => {
    const attacked = await serve()
    const tab = await page(attacked, crypto.randomUUID())
    await Promise.all(
      Array.from({ length: 100 }, (_, n) => tab.client.system.openUpload({ name: `${n}.csv`, bytes: 5 })),
    )
    const closed = closing(tab.socket)
    tab.socket.close()
    await closed

    const { client } = await page(attacked, crypto.randomUUID())
    const { handle } = await client.system.openUpload({ name: 'ratings.csv', bytes: csv.length })
    expect(await put(attacked, handle, 0, csv)).toBe(204)
    const mapping = mappingOf(await client.datasets.preview({ ratings: [handle], items: null }))
    const { job } = await client.datasets.import({
      name: 'mine',
      ratings: [handle],
      items: null,
      mapping,
      itemMapping: null,
      into: null,
    })
    expect(await lastEvent(client, job)).toMatchObject({ type: 'finished' })
  })

  it('under way survive a reconnection of their page', async () => {
    const attacked = await serve()
    const name = crypto.randomUUID()
    const before = await page(attacked, name)
    const { handle } = await before.client.system.openUpload({ name: 'ratings.csv', bytes: csv.length })
    expect(await put(attacked, handle, 0, csv.slice(0, 20))).toBe(204)
    before.socket.terminate()
    const after = await page(attacked, name)
    expect(await put(attacked, handle, 20, csv.slice(20))).toBe(204)
    const { mapping } = await after.client.datasets.preview({ ratings: [handle], items: null })
    expect(mapping).toMatchObject({ user: 'userId' })
  })
})

describe('vasp serve --open', () => {
  it('puts a token on the command line that is worthless after one use, and logs none', async () => {
    const folder = newDesk()
    const programs = join(folder.folder, 'bin')
    const seen = join(folder.folder, 'seen')
    mkdirSync(programs)
    // Reads its own command line, as any other user can.
    writeFileSync(
      join(programs, 'xdg-open'),
      `#!/bin/sh\ntr '\\0' '\\n' < /proc/$$/cmdline > ${seen}.part\nmv ${seen}.part ${seen}\n`,
    )
    chmodSync(join(programs, 'xdg-open'), 0o755)
    const path = process.env.PATH ?? ''
    try {
      const opening = await serve({ PATH: `${programs}:${path}` }, '--open')
      const { url } = opening
      while (!existsSync(seen)) await new Promise((resolve) => setTimeout(resolve, 20))
      const opened = /http:\S+/.exec(readFileSync(seen, 'utf8'))?.[0] ?? ''
      const [token, printed] = [opened, url].map((address) => new URL(address).searchParams.get('token') ?? '')
      expect(token).toHaveLength(43)
      expect(token).not.toBe(printed)
      expect(await letIn(opened)).toMatch(/^vasp-\d+=/)
      expect(await letIn(opened)).toBeNull()
      // The printed address stays good, for a second browser.
      expect(await letIn(url)).toMatch(/^vasp-\d+=/)
      expect(opening.said().split(printed!)).toHaveLength(2)
      expect(opening.said()).not.toContain(token)
    } finally {
      process.env.PATH = path
      folder.remove()
    }
  })
})
