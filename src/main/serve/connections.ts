import type { Server, Socket } from 'node:net'

/** Connections at once: in all, of one remote address, and of those that have not shown a session yet. */
export const connectionLimits = { total: 256, perAddress: 192, withoutSession: 48 }

export interface Connections {
  /** The connection's browser has been let in before: it no longer counts among strangers. */
  recognise(socket: Socket): void
  /** How many WebSockets an address has open, for their own limit; one is counted until its socket closes. */
  webSockets(address: string): number
  countWebSocket(socket: Socket): void
}

/**
 * Watches every connection of `server` from its first moment: an error ends the connection and nothing else, and there are never more than the limits allow.
 * Too many strangers push out the one that has waited longest, so that they cannot keep out who holds the token; a known browser's next connection is refused.
 */
export function watchConnections(server: Server, limits = connectionLimits): Connections {
  const strangers = new Set<Socket>()
  const all = new Set<Socket>()
  const perAddress = new Counter()
  const webSocketsPerAddress = new Counter()

  server.on('connection', (socket: Socket) => {
    // Before anything else: Node ends the process for an error that nobody listens to, and hands the socket's own listeners away at an upgrade.
    socket.on('error', () => socket.destroy())
    const address = addressOf(socket)
    all.add(socket)
    strangers.add(socket)
    perAddress.add(address, 1)
    socket.once('close', () => {
      all.delete(socket)
      strangers.delete(socket)
      perAddress.add(address, -1)
    })
    if (strangers.size > limits.withoutSession) oldest(strangers)?.destroy()
    if (all.size > limits.total || perAddress.of(address) > limits.perAddress) {
      // A stranger gives way before the newcomer does.
      const stranger = oldest(strangers)
      ;(stranger ?? socket).destroy()
    }
  })

  return {
    recognise: (socket) => void strangers.delete(socket),
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
