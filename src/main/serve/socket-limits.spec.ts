import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { SocketLimits } from './socket-limits'

/** A WebSocket as far as its limits look at it, with the chunks that arrive for it. */
class Page extends EventEmitter {
  readonly socket = new EventEmitter()
  bufferedAmount = 0
  ended = false

  terminate(): void {
    this.ended = true
    this.emit('close')
  }
  get webSocket(): WebSocket {
    return this as unknown as WebSocket
  }
  arrives(bytes: number): void {
    this.socket.emit('data', Buffer.alloc(bytes))
  }
}

function watched(limits: SocketLimits, count: number): Page[] {
  const pages = Array.from({ length: count }, () => new Page())
  for (const page of pages) limits.watch(page.webSocket, page.socket)
  return pages
}
const mebibyte = 1024 * 1024

describe('what a WebSocket may make the host hold', () => {
  it('is 64 MiB of unfinished messages in all; who holds most is closed', () => {
    const pages = watched(new SocketLimits(), 8)
    for (const page of pages) page.arrives(8 * mebibyte)
    expect(pages.some(({ ended }) => ended)).toBe(false)
    pages[3]?.arrives(1)
    expect(pages.map(({ ended }) => ended)).toEqual(pages.map((_, n) => n === 3))
    // Its bytes are free again.
    pages[4]?.arrives(4 * mebibyte)
    expect(pages[4]?.ended).toBe(false)
  })

  it('does not count whole messages, nor pings and pongs', () => {
    let now = 0
    const limits = new SocketLimits(() => now)
    const [page] = watched(limits, 1)
    for (let n = 0; n < 100; n++) {
      page?.arrives(mebibyte)
      expect(limits.allows(page!.webSocket)).toBe(true)
      page?.arrives(10)
      page?.emit('pong', Buffer.alloc(4))
    }
    now = 3_600_000
    limits.endSlow()
    expect(page?.ended).toBe(false)
  })

  it('ends a message that does not come to its end within two minutes', () => {
    let now = 0
    const limits = new SocketLimits(() => now)
    const [slow, quiet] = watched(limits, 2)
    for (; now <= 120_000; now += 10_000) slow?.arrives(1)
    limits.endSlow()
    expect([slow?.ended, quiet?.ended]).toEqual([true, false])
  })

  it('is a thousand messages at once and two hundred a second', () => {
    let now = 0
    const limits = new SocketLimits(() => now)
    const [page] = watched(limits, 1)
    const takes = (count: number): number =>
      Array.from({ length: count }, () => limits.allows(page!.webSocket)).filter(Boolean).length
    expect(takes(1000)).toBe(1000)
    now += 1000
    expect(takes(201)).toBe(200)
    now += 3_600_000
    expect(takes(1001)).toBe(1000)
  })

  it('is 64 MiB of unread answers', () => {
    const limits = new SocketLimits()
    const [page] = watched(limits, 1)
    page!.bufferedAmount = 64 * mebibyte
    expect(limits.reads(page!.webSocket)).toBe(true)
    page!.bufferedAmount++
    expect(limits.reads(page!.webSocket)).toBe(false)
  })
})
