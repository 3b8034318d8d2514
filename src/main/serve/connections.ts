import type { Server, Socket } from 'node:net'

/** Connections at once: in all, of one remote address, and of those that have not shown a session yet. */
export const connectionLimits = { total: 256, perAddress: 192, withoutSession: 48 }

export interface Connections {
  /** The connection has shown a session: it no longer counts among those without. */
  recognise(socket: Socket): void
  /** How many WebSockets an address has open, for their own limit; one is counted until its socket closes. */
  webSockets(address: string): number
  countWebSocket(socket: Socket): void
}

/**
 * Watches every connection of `server` from its first moment: an error ends the connection and nothing else, and there are never more than the limits allow.
 * Where too many have no session, the oldest of these is closed, so that they cannot keep a browser with a session from connecting; where too many have one, the new connection is closed.
 */
export function watchConnections(server: Server, limits = connectionLimits): Connections {
  const withoutSession = new Set<Socket>()
  const all = new Set<Socket>()
  const perAddress = new Counter()
  const webSocketsPerAddress = new Counter()

  server.on('connection', (socket: Socket) => {
    // Before anything else: Node ends the process for an error that nobody listens to, and hands the socket's own listeners away at an upgrade.
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
      // One without a session goes first.
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
