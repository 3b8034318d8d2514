import type { WebSocket } from 'ws'

const mebibyte = 1024 * 1024
/** The maximum bytes of incomplete messages of all pages' WebSockets. */
const mostUnfinishedBytes = 64 * mebibyte
/** The maximum bytes of answers that one page has not read. */
const mostUnreadBytes = 64 * mebibyte
/** The maximum number of messages at once, and of further ones per second: a page of VASP Studio sends some tens. */
const burst = 1000
const perSecond = 200
/** The maximum time for one message to arrive: 16 MiB over a slow tunnel. */
const messagePatienceMs = 120_000

/** Two bytes of header, four of mask, at most 125 of payload. */
const controlFrameBytes = (payload: Buffer): number => 6 + payload.length

/** The socket under a WebSocket, with the bytes as they arrive. */
interface Chunks {
  prependListener(event: 'data', listener: (chunk: Buffer) => void): unknown
}

interface Held {
  readonly socket: WebSocket
  unfinished: number
  /** The time of the first byte of the unfinished message. */
  since: number
  allowance: number
  countedAt: number
}

/**
 * Limits the memory that WebSockets use in the host: ws keeps an unfinished message and unread answers in memory (1.6 MiB and more for each of
 * 200 sockets that stopped in the middle of a message, the largest part of the memory for silent sockets).
 */
export class SocketLimits {
  readonly #held = new Map<WebSocket, Held>()
  readonly #now: () => number

  /** @param now milliseconds of a monotonic clock */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Watches the bytes that arrive for `webSocket` until it closes. */
  watch(webSocket: WebSocket, socket: Chunks): void {
    const now = this.#now()
    const held: Held = { socket: webSocket, unfinished: 0, since: now, allowance: burst, countedAt: now }
    this.#held.set(webSocket, held)
    // Runs before ws reads the bytes, so that a message that ends with this chunk is counted before it is completed.
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

  /** Called for a complete message; returns false if the page sends more than allowed. */
  allows(webSocket: WebSocket): boolean {
    const held = this.#held.get(webSocket)
    if (!held) return false
    held.unfinished = 0
    const now = this.#now()
    held.allowance = Math.min(burst, held.allowance + ((now - held.countedAt) / 1000) * perSecond) - 1
    held.countedAt = now
    return held.allowance >= 0
  }

  /** Whether another answer may be queued. */
  reads(webSocket: WebSocket): boolean {
    return webSocket.bufferedAmount <= mostUnreadBytes
  }

  /** Closes sockets whose message takes too long. */
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
