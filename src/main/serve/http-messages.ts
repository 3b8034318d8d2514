import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { badInput } from '../../shared/errors'
import { byteStream } from '../routes/byte-stream'
import { securityHeaders } from '../routes/security-headers'
import type { Refusal } from './access'

/** The supported methods. */
export const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT'])

/** The address of a request's target; null if it is not a plain path (`//`, absolute and authority forms, `*`). */
export function readTarget(target: string | undefined): URL | null {
  if (target === undefined || !/^\/(?![/\\])[^\s#]*$/.test(target)) return null
  return URL.parse(target, 'http://127.0.0.1')
}

/** The web-standard Request for a Node request to `url`; its body is streamed. Throws BAD_INPUT for invalid headers. */
export function toRequest(incoming: IncomingMessage, url: URL): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value === undefined) continue
    try {
      headers.set(name, Array.isArray(value) ? value.join(', ') : value)
    } catch (error) {
      throw badInput('A header of this request cannot be read.', 'Load the page again.', { cause: error })
    }
  }
  const method = incoming.method ?? 'GET'
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers })
  const init: RequestInit & { duplex: 'half' } = {
    method,
    headers,
    body: byteStream(incoming),
    duplex: 'half',
  }
  return new Request(url, init)
}

/** Sends a web-standard Response as the answer to a Node request; ends silently if the browser has disconnected. */
export async function send(response: Response, outgoing: ServerResponse, method: string | undefined): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  if (response.body === null || method === 'HEAD') {
    await response.body?.cancel()
    outgoing.end()
    return
  }
  try {
    await pipeline(response.body, outgoing)
  } catch (error) {
    if (!outgoing.destroyed) throw error
  }
}

/** A refusal: a small page for people, JSON for programs. */
export function refusal({ status, error }: Refusal, accept: string | undefined): Response {
  const headers = { ...securityHeaders(), 'cache-control': 'no-store' }
  if (!accept?.includes('text/html')) return Response.json(error, { status, headers })
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>VASP Studio</title>
<body style="font: 16px/1.6 system-ui, sans-serif; max-width: 36rem; margin: 20vh auto; padding: 0 1rem; color-scheme: light dark">
<h1 style="font-size: 1.4rem">${error.message}</h1><p>${error.next}</p></body></html>`
  return new Response(page, { status, headers: { ...headers, 'content-type': 'text/html; charset=utf-8' } })
}
