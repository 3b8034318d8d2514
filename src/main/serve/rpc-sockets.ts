import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { z } from 'zod'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { rpcSocketPath } from '../../shared/connection'
import type { Engine } from '../engine/engine'
import { logDefect } from '../jobs/log'
import { answerCalls, type RpcCalls } from '../routes/rpc-calls'
import { checkSource, type Access } from './access'
import { addressOf, type Connections } from './connections'
import { readTarget } from './http-messages'
import { refuseSocket } from './refuse-socket'
import { SocketLimits } from './socket-limits'

/** The largest message of a browser: a list of every user of a large data set fits, but not a file (files use the byte route). */
const maxMessageBytes = 16 * 1024 * 1024
/** The maximum number of WebSockets, of one remote address and of all; a tab has one. */
const mostPerAddress = 32
const mostInAll = 64
/** A lost browser (closed lid, cut tunnel) is noticed after at most two of these. */
const heartbeatMs = 30_000

export interface RpcSockets {
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void
  close(): void
}

/** Connects the engine's router to WebSockets of browsers with the session cookie and this origin. */
export function rpcSockets(engine: Engine, access: Access, connections: Connections): RpcSockets {
  const answer = answerCalls(engine, logDefect)
  const limits = new SocketLimits()
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: maxMessageBytes })
  const answering = new Set<WebSocket>()
  const calling = new Map<WebSocket, RpcCalls>()

  const accept = (webSocket: WebSocket, socket: Socket, page: string): void => {
    answering.add(webSocket)
    limits.watch(webSocket, socket)
    connections.countWebSocket(socket)
    const calls = answer(
      engine.connect(page),
      (message) => {
        if (limits.reads(webSocket)) webSocket.send(message)
        else webSocket.terminate()
      },
      (reason) => webSocket.close(1008, reason),
    )
    calling.set(webSocket, calls)
    webSocket.on('pong', () => answering.add(webSocket))
    webSocket.on('close', () => {
      answering.delete(webSocket)
      calling.delete(webSocket)
      calls.close()
    })
    // ws closes the connection itself after a protocol error or an oversized message; without a listener Node would end the process.
    webSocket.on('error', () => webSocket.terminate())
    webSocket.on('message', (data, isBinary) => {
      if (webSocket.readyState !== webSocket.OPEN) return
      if (limits.allows(webSocket)) void calls.message(isBinary ? bytesOf(data) : bytesOf(data).toString())
      else webSocket.terminate()
    })
  }

  const heartbeat = setInterval(() => {
    limits.endSlow()
    for (const socket of server.clients) {
      if (!answering.delete(socket)) socket.terminate()
      else socket.ping()
    }
  }, heartbeatMs)
  heartbeat.unref()

  /** The status with which an upgrade is refused; null if it is allowed. */
  const refused = (request: IncomingMessage, socket: Socket, url: URL | null): number | null => {
    if (url === null || request.headers.upgrade?.toLowerCase() !== 'websocket') return 400
    if (url.pathname !== rpcSocketPath) return 404
    const foreign = checkSource(request.headers, true)
    if (foreign) return foreign.status
    if (!access.hasSession(request.headers)) return 401
    if (server.clients.size >= mostInAll || connections.webSockets(addressOf(socket)) >= mostPerAddress) return 503
    return null
  }

  return {
    upgrade(request, socket, head) {
      const url = readTarget(request.url)
      const status = refused(request, socket, url)
      if (status !== null) {
        refuseSocket(socket, status)
        return
      }
      connections.recognise(socket)
      server.handleUpgrade(request, socket, head, (accepted) => accept(accepted, socket, pageOf(url)))
    },
    close() {
      clearInterval(heartbeat)
      for (const socket of server.clients) socket.close(1001, 'VASP Studio was stopped.')
      // The engine closes next, and a page may take its time to confirm: running calls would read a library that is closed.
      for (const calls of calling.values()) calls.close()
      server.close()
    },
  }
}

/** The page's name for itself; without one, each connection counts as a new page. */
function pageOf(url: URL | null): string {
  const page = z.uuid().safeParse(url?.searchParams.get('page'))
  return page.success ? page.data : randomUUID()
}

const bytesOf = (data: RawData): Buffer<ArrayBuffer> =>
  Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : Buffer.from(data)
