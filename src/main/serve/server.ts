import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StudioError } from '../../shared/errors'
import type { Engine } from '../engine/engine'
import { answer } from '../routes/answer'
import { failureResponse } from '../routes/error-response'
import { interfaceFiles, type InterfaceFiles } from '../routes/interface-files'
import { checkSource, createAccess, noSession, type Access } from './access'
import { refusal, send, toRequest } from './http-messages'
import { rpcSockets } from './rpc-sockets'

export interface BrowserHost {
  /** Address with the token, to be printed for the person who started the host. */
  readonly url: string
  readonly port: number
  /** Lets running answers end for a moment, then closes every connection. The engine stays with its owner. */
  close(): Promise<void>
}

/**
 * Serves the engine and the built renderer on 127.0.0.1.
 * @param port 0 for any free one. Throws CONFLICT where the port is taken, NO_PERMISSION where this user may not use it, NOT_FOUND where the renderer is not built.
 */
export async function startBrowserHost(options: {
  engine: Engine
  renderer: string
  port: number
}): Promise<BrowserHost> {
  const files = await interfaceFiles(options.renderer)
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 300_000 })
  const port = await listen(server, options.port)
  const access = createAccess(port)
  const sockets = rpcSockets(options.engine, access)
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    handle(options.engine, files, access, incoming)
      .catch(failureResponse)
      .then((response) => send(response, outgoing, incoming.method))
      .catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined))
  })
  server.on('upgrade', (incoming: IncomingMessage, socket, head) => sockets.upgrade(incoming, socket, head))
  return {
    url: `http://127.0.0.1:${port}/?token=${access.token}`,
    port,
    async close() {
      sockets.close()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const patience = setTimeout(() => server.closeAllConnections(), 1000)
      await closed
      clearTimeout(patience)
    },
  }
}

async function handle(
  engine: Engine,
  files: InterfaceFiles,
  access: Access,
  incoming: IncomingMessage,
): Promise<Response> {
  const reading = incoming.method === 'GET' || incoming.method === 'HEAD'
  const foreign = checkSource(incoming.headers, !reading)
  if (foreign) return refusal(foreign, incoming.headers.accept)

  const request = toRequest(incoming)
  const url = new URL(request.url)
  const token = url.searchParams.get('token')
  if (url.pathname === '/' && token !== null && access.knowsToken(token)) return letIn(access)
  if (!access.hasSession(incoming.headers)) return refusal(noSession(), incoming.headers.accept)
  return answer(engine, files, request, [`ws://${incoming.headers.host ?? ''}`])
}

/** The token is exchanged for a cookie at once and leaves the address bar, the history and any screenshot. */
const letIn = (access: Access): Response =>
  new Response(null, {
    status: 303,
    headers: {
      location: '/',
      'set-cookie': access.setCookie,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    },
  })

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port)))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.removeAllListeners('error')
      const address: AddressInfo | string | null = server.address()
      resolve(address !== null && typeof address === 'object' ? address.port : port)
    })
  })
}

function listenError(cause: NodeJS.ErrnoException, port: number): Error {
  if (cause.code === 'EADDRINUSE') {
    return new StudioError(
      {
        code: 'CONFLICT',
        message: `Port ${port} is already in use.`,
        next: 'Choose another one with --port, or leave --port out to use any free port.',
      },
      { cause },
    )
  }
  if (cause.code === 'EACCES') {
    return new StudioError(
      {
        code: 'NO_PERMISSION',
        message: `This user may not open port ${port}.`,
        next: 'Choose a port from 1024 on, or leave --port out to use any free port.',
      },
      { cause },
    )
  }
  return cause
}
