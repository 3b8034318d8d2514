import { createORPCClient, type ClientLink } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { shallowRef } from 'vue'
import { rpcConnect, rpcSocketAddress } from '../shared/connection'
import type { Contract } from '../shared/contract'
import { StudioError } from '../shared/errors'

type Context = Record<never, never>
type Link = ClientLink<Context>

/** `open` after the first answer of the host; `lost` while the browser host cannot be reached. */
export const connection = shallowRef<'connecting' | 'open' | 'lost'>('connecting')
/** Counts connections, so that a stream or a list can be restarted after a gap. */
export const connections = shallowRef(0)

const hostIsGone = (): StudioError =>
  new StudioError({
    code: 'INTERNAL',
    message: 'VASP Studio does not answer.',
    next: 'Check that “vasp serve” is still running; the page reconnects automatically.',
  })

/** Electron: one end of a new channel goes through the preload to the main process. */
function portLink(): Link {
  const { port1, port2 } = new MessageChannel()
  window.postMessage(rpcConnect, location.origin, [port2])
  port1.start()
  connection.value = 'open'
  connections.value++
  return new PortLink<Context>({ port: port1 })
}

const firstRetry = 500
const slowestRetry = 4000

/** Browser host: a WebSocket that is reopened whenever it closes, after increasing delays. */
function socketLink(): Link {
  let current: { link: Link; ready: Promise<void> } | null = null
  let wait = firstRetry
  // The same name over all reconnections, so that an interruption does not end this page's uploads.
  const page = crypto.randomUUID()

  const open = (): void => {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    const socket = new WebSocket(`${scheme}://${location.host}${rpcSocketAddress(page)}`)
    const ready = new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => {
        wait = firstRetry
        connection.value = 'open'
        connections.value++
        resolve()
      })
      socket.addEventListener('close', () => reject(hostIsGone()))
    })
    // There may be no caller; callers get the rejection from their own `await`.
    ready.catch(() => undefined)
    socket.addEventListener('close', () => {
      current = null
      connection.value = 'lost'
      setTimeout(open, wait)
      wait = Math.min(slowestRetry, wait * 2)
    })
    current = { link: new SocketLink<Context>({ websocket: socket }), ready }
  }
  open()

  return {
    async call(path, input, options) {
      if (!current) throw hostIsGone()
      const { link, ready } = current
      await ready
      return link.call(path, input, options)
    },
  }
}

const link = location.protocol === 'app:' ? portLink() : socketLink()

/** The engine, typed by the contract, in any host. */
export const client: ContractRouterClient<Contract> = createORPCClient(link)
