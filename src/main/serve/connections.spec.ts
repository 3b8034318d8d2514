import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { watchConnections, type Connections } from './connections'

const limits = { total: 6, perAddress: 5, withoutSession: 3 }
let server: Server | null = null
const clients: Socket[] = []
let accepted: Socket[] = []

async function listening(): Promise<Connections> {
  server = createServer({ allowHalfOpen: true })
  accepted = []
  const connections = watchConnections(server, limits)
  server.on('connection', (socket) => accepted.push(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return connections
}
/** Opens a connection from `localAddress` and resolves once the server has looked at it. */
async function open(localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port: (server?.address() as AddressInfo).port, host: '127.0.0.1', localAddress })
  socket.on('error', () => undefined)
  clients.push(socket)
  const before = accepted.length
  while (accepted.length === before) await new Promise((resolve) => setImmediate(resolve))
  return socket
}
const closing = (socket: Socket): Promise<void> => new Promise((resolve) => void socket.once('close', () => resolve()))
const alive = (): boolean[] => accepted.map((socket) => !socket.destroyed)

afterEach(() => {
  for (const socket of clients.splice(0)) socket.destroy()
  server?.close()
})

describe('connections of the browser host', () => {
  it('close the oldest without a session when there are too many of these', async () => {
    await listening()
    for (let n = 0; n < 5; n++) await open()
    expect(alive()).toEqual([false, false, true, true, true])
  })

  it('with a session are not closed for others, and are limited per address and in all', async () => {
    const connections = await listening()
    for (let n = 0; n < 5; n++) {
      await open()
      connections.recognise(accepted[n]!)
    }
    await open()
    expect(alive()).toEqual([true, true, true, true, true, false])
    await open('127.0.0.2')
    connections.recognise(accepted[6]!)
    expect(alive()[6]).toBe(true)
    await open('127.0.0.3')
    expect(alive()).toEqual([true, true, true, true, true, false, true, false])
  })

  it('end by their own errors and end nothing else', async () => {
    await listening()
    const client = await open()
    await open()
    const closed = closing(accepted[0]!)
    client.resetAndDestroy()
    accepted[0]!.write('x')
    await closed
    accepted[1]!.destroy(new Error('whatever'))
    await closing(accepted[1]!)
    expect(alive()).toEqual([false, false])
  })

  it('count the WebSockets of each address until they close', async () => {
    const connections = await listening()
    await open()
    await open('127.0.0.2')
    for (const socket of accepted) connections.countWebSocket(socket)
    expect(connections.webSockets('127.0.0.1')).toBe(1)
    const closed = closing(accepted[0]!)
    accepted[0]!.destroy()
    await closed
    expect(connections.webSockets('127.0.0.1')).toBe(0)
    expect(connections.webSockets('127.0.0.2')).toBe(1)
  })
})
