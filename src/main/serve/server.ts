import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { badInput, StudioError } from '../../shared/errors'
import type { Engine } from '../engine/engine'
import { logDefect } from '../jobs/log'
import { answer } from '../routes/answer'
import { failureResponse } from '../routes/error-response'
import { interfaceFiles, type InterfaceFiles } from '../routes/interface-files'
import { checkSource, createAccess, noSession, type Access, type Refusal } from './access'
import { watchConnections, type Connections } from './connections'
import { methods, readTarget, refusal, send, toRequest } from './http-messages'
import { refuseSocket } from './refuse-socket'
import { rpcSockets } from './rpc-sockets'

export interface BrowserHost {
  /** The address with the token, printed for the person who started the host. */
  readonly url: string
  readonly port: number
  /** An address with a token for one use within a minute, for a browser on this machine, whose command line others can read. */
  oneTimeUrl(): string
  /** Waits a moment for running answers, then closes every connection. The engine stays with its owner. */
  close(): Promise<void>
}

/** In milliseconds; slow clients are disconnected after these. Connections are checked every two seconds. */
const patience = { headers: 10_000, request: 300_000, idle: 60_000, lookEvery: 2000 }
/** Browsers send about twenty headers; all headers together may have 16 KiB. */
const mostHeaders = 100

/**
 * Serves the engine and the built renderer on 127.0.0.1.
 * @param port 0 for any free one. Throws CONFLICT if the port is taken, NO_PERMISSION if this user may not use it, NOT_FOUND if the renderer is not built.
 */
export async function startBrowserHost(options: {
  engine: Engine
  renderer: string
  port: number
}): Promise<BrowserHost> {
  const files = await interfaceFiles(options.renderer)
  const server = createServer({
    headersTimeout: patience.headers,
    requestTimeout: patience.request,
    connectionsCheckingInterval: patience.lookEvery,
  })
  server.maxHeadersCount = mostHeaders
  server.setTimeout(patience.idle)
  const connections = watchConnections(server)
  const port = await listen(server, options.port)
  const access = createAccess(port)
  /** The latest answer on each connection. */
  const answers = new WeakMap<Duplex, ServerResponse>()
  const sockets = rpcSockets(options.engine, access, connections)
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    answers.set(incoming.socket, outgoing)
    // A reset connection ends only its request.
    incoming.on('error', () => undefined)
    outgoing.on('error', () => outgoing.destroy())
    handle(options.engine, files, access, connections, incoming)
      .catch(failureResponse)
      .then((response) => send(response, outgoing, incoming.method))
      .catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined))
  })
  server.on('upgrade', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    try {
      sockets.upgrade(incoming, socket, head)
    } catch (error) {
      logDefect(error)
      refuseSocket(socket, 400)
    }
  })
  server.on('connect', (_incoming: IncomingMessage, socket: Socket) => refuseSocket(socket, 405))
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) =>
    refuseUnreadable(error, socket, answers.get(socket)),
  )
  return {
    url: `http://127.0.0.1:${port}/?token=${access.token}`,
    port,
    oneTimeUrl: () => `http://127.0.0.1:${port}/?token=${access.issueOneTimeToken()}`,
    async close() {
      sockets.close()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const cut = setTimeout(() => server.closeAllConnections(), 1000)
      await closed
      clearTimeout(cut)
    },
  }
}

/** Requests that Node's parser could not read, or that took too long. A running answer is cut off, because a second one would be taken for its continuation. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex, latest: ServerResponse | undefined): void {
  const statuses: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }
  const answering = latest !== undefined && latest.headersSent && !latest.writableFinished
  if (error.code === 'ECONNRESET' || answering) socket.destroy()
  else refuseSocket(socket, statuses[error.code ?? ''] ?? 400)
}

async function handle(
  engine: Engine,
  files: InterfaceFiles,
  access: Access,
  connections: Connections,
  incoming: IncomingMessage,
): Promise<Response> {
  const { method = '', headers } = incoming
  const reading = method === 'GET' || method === 'HEAD'
  const foreign = checkSource(headers, !reading)
  if (foreign) return refusal(foreign, headers.accept)
  const url = readTarget(incoming.url)
  if (url === null) return refusal(noPath, headers.accept)

  const token = url.searchParams.get('token')
  if (method === 'GET' && url.pathname === '/' && token !== null && access.exchange(token)) return letIn(access)
  if (!access.hasSession(headers)) return refusal(noSession(), headers.accept)
  connections.recognise(incoming.socket)
  if (!methods.has(method)) return new Response(null, { status: 405, headers: { allow: [...methods].join(', ') } })
  return answer(engine, files, toRequest(incoming, url), [`ws://${headers.host ?? ''}`])
}

const noPath: Refusal = {
  status: 400,
  error: badInput(
    'The address of this request is not a path of VASP Studio.',
    'Open the address that vasp serve printed.',
  ).toShape(),
}

/** The token is exchanged for a cookie at once, so that it disappears from the address bar, the history and screenshots. */
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
        next: 'Choose another one with --port, or leave out --port to use any free port.',
      },
      { cause },
    )
  }
  if (cause.code === 'EACCES') {
    return new StudioError(
      {
        code: 'NO_PERMISSION',
        message: `This user is not allowed to open port ${port}.`,
        next: 'Choose a port from 1024 up, or leave out --port to use any free port.',
      },
      { cause },
    )
  }
  return cause
}
