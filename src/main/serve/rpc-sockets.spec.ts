import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { EngineContext } from '../engine/context'
import type { Engine } from '../engine/engine'
import { router } from '../engine/router'
import { createAccess } from './access'
import { watchConnections } from './connections'
import { rpcSockets } from './rpc-sockets'

const server = createServer()
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

it('ends the running calls of pages that do not confirm that the host stops', async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const access = createAccess(port)
  const ended: string[] = []
  const watched = new Promise<AbortSignal | undefined>((resolve) => {
    const context = {
      changes: {
        watch(signal?: AbortSignal) {
          signal?.addEventListener('abort', () => ended.push('call'))
          resolve(signal)
          return waitingFor(signal)
        },
      },
    } as unknown as EngineContext
    const engine = { router, connect: () => ({ context, close: () => void ended.push('page') }) } as unknown as Engine
    const sockets = rpcSockets(engine, access, watchConnections(server))
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) =>
      sockets.upgrade(request, socket, head),
    )
    server.once('stopping', () => sockets.close())
  })
  const page = new WebSocket(`ws://127.0.0.1:${port}/rpc`, {
    headers: { cookie: access.setCookie.split(';')[0], origin: `http://127.0.0.1:${port}` },
  })
  await once(page, 'open')
  page.send('{"i":"1","p":{"u":"/library/changes"}}')
  const signal = await watched
  expect(signal?.aborted).toBe(false)
  page.pause()
  server.emit('stopping')
  expect(signal?.aborted).toBe(true)
  expect(ended).toEqual(['call', 'page'])
  page.terminate()
})

/** A stream that has nothing to say until its call ends. */
async function* waitingFor(signal: AbortSignal | undefined): AsyncGenerator<never, void, void> {
  if (signal && !signal.aborted) await once(signal, 'abort')
}
