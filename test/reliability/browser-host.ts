import { request } from 'node:http'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { rpcSocketPath } from '../../src/shared/connection'
import type { Contract } from '../../src/shared/contract'
import { uploadPath } from '../../src/shared/files'
import type { FileHandle } from '../../src/shared/ids'
import { endOfGroup, type Ended, type Product, type Started, type StartOptions } from './product'
import { waitUntil, within } from './waiting'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export interface Asked {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: Buffer
}

export interface Connection {
  readonly client: ContractRouterClient<Contract>
  readonly socket: WebSocket
  close(): void
}

/** A running `vasp serve` and a browser that was let in. */
export interface BrowserHost {
  readonly pid: number
  readonly port: number
  readonly token: string
  readonly cookie: string
  readonly started: Started
  /** A request as it is asked for, whatever that is: nothing is normalised. */
  ask(path: string, asked?: Asked): Promise<Answer>
  /** The same with the session's cookie and its own origin. */
  askAsPage(path: string, asked?: Asked): Promise<Answer>
  connect(): Promise<Connection>
  /** Hands a file over as the page does. */
  upload(client: Connection['client'], name: string, bytes: Buffer): Promise<FileHandle>
  /** Ends it by SIGTERM, and by SIGKILL if it does not end. */
  stop(): Promise<Ended>
}

const answerWithin = 60_000

/** Whether the host has not ended yet. */
export const isAlive = ({ started }: BrowserHost): boolean =>
  started.child.exitCode === null && started.child.signalCode === null

/** Starts `vasp serve` on a free port and lets a browser in. */
export async function startBrowserHost(product: Product, options: StartOptions): Promise<BrowserHost> {
  const started = product.start(['serve', '--json'], options)
  const hasSaid = await waitUntil(() => /\}\s*$/.test(started.said().stdout) || started.child.exitCode !== null, 30_000)
  if (!hasSaid || started.child.exitCode !== null)
    throw new Error(`vasp serve did not start: ${started.said().stderr}${started.said().stdout}`)
  const { url, port } = z.object({ url: z.string(), port: z.number() }).parse(JSON.parse(started.said().stdout))
  const ask = (path: string, asked: Asked = {}): Promise<Answer> => askAt(port, path, asked)
  const letIn = await ask(new URL(url).pathname + new URL(url).search)
  const cookie = z.array(z.string()).min(1).parse(letIn.headers['set-cookie'])[0]?.split(';')[0] ?? ''
  const origin = `http://127.0.0.1:${port}`
  const askAsPage = (path: string, { headers = {}, ...asked }: Asked = {}): Promise<Answer> =>
    ask(path, { ...asked, headers: { cookie, origin, ...headers } })

  return {
    pid: started.pid,
    port,
    token: new URL(url).searchParams.get('token') ?? '',
    cookie,
    started,
    ask,
    askAsPage,
    async connect() {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${rpcSocketPath}`, { headers: { cookie, origin } })
      await new Promise((resolve, reject) => {
        socket.once('open', resolve)
        socket.once('error', reject)
      })
      socket.on('error', () => undefined)
      // The same interface by another name: ws describes its events with types of its own.
      const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })
      return { client: createORPCClient(link), socket, close: () => socket.terminate() }
    },
    async upload(client, name, bytes) {
      const { handle } = await client.system.openUpload({ name, bytes: bytes.length })
      const { status, body } = await askAsPage(uploadPath(handle, 0), { method: 'PUT', body: bytes })
      if (status !== 204) throw new Error(`The upload was answered by ${status}: ${body}`)
      return handle
    },
    async stop() {
      started.child.kill('SIGTERM')
      await endOfGroup(started.pid, 15_000)
      return started.ended
    },
  }
}

function askAt(port: number, path: string, { method = 'GET', headers = {}, body }: Asked): Promise<Answer> {
  const answer = new Promise<Answer>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
    })
    sent.on('error', reject)
    sent.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' })
    })
    sent.end(body)
  })
  return within(answer, answerWithin, `The answer to ${method} ${path.slice(0, 80)}`)
}
