import type { WebSocket } from 'ws'

const mebibyte = 1024 * 1024
/** What the WebSockets of all pages may hold in memory of messages that are not complete yet. */
const mostUnfinishedBytes = 64 * mebibyte
/** What one page may leave unread of its answers. */
const mostUnreadBytes = 64 * mebibyte
/** Messages that a page may send at once, and how many more each second: a page of VASP Studio sends some tens. */
const burst = 1000
const perSecond = 200
/** How long one message may take to arrive: 16 MiB over a slow tunnel. */
const messagePatienceMs = 120_000

/** Two bytes of header, four of mask, at most 125 of payload. */
const controlFrameBytes = (payload: Buffer): number => 6 + payload.length

/** The bytes under a WebSocket, as they arrive. */
interface Chunks {
  prependListener(event: 'data', listener: (chunk: Buffer) => void): unknown
}

interface Held {
  readonly socket: WebSocket
  unfinished: number
  /** When the first byte of the unfinished message came. */
  since: number
  allowance: number
  countedAt: number
}

/**
 * Bounds what WebSockets can make the host hold: ws keeps an unfinished message and unread answers in memory (1.6 MiB and more for each of
 * 200 sockets that stopped in the middle of a message were the largest part of what silent sockets took).
 */
export class SocketLimits {
  readonly #held = new Map<WebSocket, Held>()
  readonly #now: () => number

  /** @param now milliseconds of a clock that never steps */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Watches the bytes that arrive for `webSocket` until it closes. */
  watch(webSocket: WebSocket, socket: Chunks): void {
    const now = this.#now()
    const held: Held = { socket: webSocket, unfinished: 0, since: now, allowance: burst, countedAt: now }
    this.#held.set(webSocket, held)
    // Before ws looks at them, so that a message that ends with this chunk is counted off after it was counted.
    socket.prependListener('data', (chunk: Buffer) => {
      if (held.unfinished === 0) held.since = this.#now()
      held.unfinished += chunk.length
      if (this.#unfinished() > mostUnfinishedBytes) this.#largest()?.terminate()
    })
    const countOff = (data: Buffer): void => {
      held.unfinished = Math.max(0, held.unfinished - controlFrameBytes(data))
    }
    webSocket.on('ping', countOff)
    webSocket.on('pong', countOff)
    webSocket.on('close', () => this.#held.delete(webSocket))
  }

  /** A whole message has come; false where the page sends more than it may. */
  allows(webSocket: WebSocket): boolean {
    const held = this.#held.get(webSocket)
    if (!held) return false
    held.unfinished = 0
    const now = this.#now()
    held.allowance = Math.min(burst, held.allowance + ((now - held.countedAt) / 1000) * perSecond) - 1
    held.countedAt = now
    return held.allowance >= 0
  }

  /** Whether an answer more may wait for its reader. */
  reads(webSocket: WebSocket): boolean {
    return webSocket.bufferedAmount <= mostUnreadBytes
  }

  /** Ends sockets whose message does not come to its end. */
  endSlow(): void {
    for (const { socket, unfinished, since } of this.#held.values()) {
      if (unfinished > 0 && this.#now() - since > messagePatienceMs) socket.terminate()
    }
  }

  #unfinished(): number {
    let bytes = 0
    for (const { unfinished } of this.#held.values()) bytes += unfinished
    return bytes
  }

  #largest(): WebSocket | undefined {
    let largest: Held | undefined
    for (const held of this.#held.values()) if (!largest || held.unfinished > largest.unfinished) largest = held
    return largest?.socket
  }
}
