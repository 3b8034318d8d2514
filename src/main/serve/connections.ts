import type { Server, Socket } from 'node:net'

/** Limits of simultaneous connections: all, those of one remote address, and those without a session. */
export const connectionLimits = { total: 256, perAddress: 192, withoutSession: 48 }

export interface Connections {
  /** The connection has a session: it no longer counts among those without. */
  recognise(socket: Socket): void
  /** The number of open WebSockets of an address, for their own limit; one counts until its socket closes. */
  webSockets(address: string): number
  countWebSocket(socket: Socket): void
}

/**
 * Watches every connection of `server` from its beginning: an error ends only that connection, and the number of connections never exceeds the limits.
 * If too many have no session, the oldest of these is closed, so that they cannot keep a browser with a session from connecting; if too many have one, the new connection is closed.
 */
export function watchConnections(server: Server, limits = connectionLimits): Connections {
  const withoutSession = new Set<Socket>()
  const all = new Set<Socket>()
  const perAddress = new Counter()
  const webSocketsPerAddress = new Counter()

  server.on('connection', (socket: Socket) => {
    // Added first: Node ends the process for an error event without a listener, and removes its own listeners from the socket at an upgrade.
    socket.on('error', () => socket.destroy())
    const address = addressOf(socket)
    all.add(socket)
    withoutSession.add(socket)
    perAddress.add(address, 1)
    socket.once('close', () => {
      all.delete(socket)
      withoutSession.delete(socket)
      perAddress.add(address, -1)
    })
    if (withoutSession.size > limits.withoutSession) oldest(withoutSession)?.destroy()
    if (all.size > limits.total || perAddress.of(address) > limits.perAddress) {
      // A connection without a session is closed first.
      const closed = oldest(withoutSession) ?? socket
      closed.destroy()
    }
  })

  return {
    recognise: (socket) => void withoutSession.delete(socket),
    webSockets: (address) => webSocketsPerAddress.of(address),
    countWebSocket(socket) {
      const address = addressOf(socket)
      webSocketsPerAddress.add(address, 1)
      socket.once('close', () => webSocketsPerAddress.add(address, -1))
    },
  }
}

/** Remote address of a connection; the empty string once it is gone. */
export const addressOf = (socket: Socket): string => socket.remoteAddress ?? ''

/** Sets iterate in the order of insertion. */
const oldest = (sockets: ReadonlySet<Socket>): Socket | undefined => {
  for (const socket of sockets) if (!socket.destroyed) return socket
  return undefined
}

class Counter {
  readonly #counts = new Map<string, number>()

  of(key: string): number {
    return this.#counts.get(key) ?? 0
  }

  add(key: string, change: 1 | -1): void {
    const count = this.of(key) + change
    if (count > 0) this.#counts.set(key, count)
    else this.#counts.delete(key)
  }
}
