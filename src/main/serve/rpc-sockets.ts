import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer, type WebSocket } from 'ws'
import { rpcSocketPath } from '../../shared/connection'
import type { Engine } from '../engine/engine'
import { checkSource, type Access } from './access'

/** Largest message a browser may send: a list of every user of a large data set fits, a file does not (those go by the byte route). */
const maxMessageBytes = 16 * 1024 * 1024
/** A browser that vanished (closed lid, cut tunnel) is noticed after at most two of these. */
const heartbeatMs = 30_000

export interface RpcSockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  close(): void
}

/** The engine's router over WebSockets, for browsers that hold the session cookie and come from this very origin. */
export function rpcSockets(engine: Engine, access: Access): RpcSockets {
  const handler = new RPCHandler(engine.router)
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: maxMessageBytes })
  const answering = new Set<WebSocket>()

  server.on('connection', (socket: WebSocket) => {
    answering.add(socket)
    socket.on('pong', () => answering.add(socket))
    socket.on('close', () => answering.delete(socket))
    // ws closes the connection itself after a protocol error or an oversized message; without a listener Node would end the process.
    socket.on('error', () => socket.terminate())
    void handler.upgrade(socket, { context: engine.context })
  })

  const heartbeat = setInterval(() => {
    for (const socket of server.clients) {
      if (!answering.delete(socket)) socket.terminate()
      else socket.ping()
    }
  }, heartbeatMs)
  heartbeat.unref()

  return {
    upgrade(request, socket, head) {
      const path = new URL(request.url ?? '/', 'http://host').pathname
      const refused =
        path !== rpcSocketPath
          ? 404
          : (checkSource(request.headers, true)?.status ?? (access.hasSession(request.headers) ? null : 401))
      if (refused !== null) {
        socket.end(`HTTP/1.1 ${refused} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
        return
      }
      server.handleUpgrade(request, socket, head, (accepted) => server.emit('connection', accepted, request))
    },
    close() {
      clearInterval(heartbeat)
      for (const socket of server.clients) socket.close(1001, 'VASP Studio was stopped.')
      server.close()
    },
  }
}
