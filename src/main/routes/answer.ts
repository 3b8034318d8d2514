import { badInput, notFound } from '../../shared/errors'
import { byteRoute, type ByteStore } from './byte-routes'
import { errorResponse, failureResponse } from './error-response'
import type { InterfaceFiles } from './interface-files'
import { securityHeaders } from './security-headers'

/** Longest address, in characters; the longest that the page asks for has some hundred. */
const longestAddress = 4096

/**
 * Answers one request of the interface, alike for `app://ui` and the browser host: bytes in and out, then the renderer's own files.
 * Who may ask is the host's business and is decided before. Never rejects.
 * @param sockets the host's WebSocket addresses, allowed in the content security policy
 */
export async function answer(
  store: ByteStore,
  files: InterfaceFiles,
  request: Request,
  sockets: readonly string[] = [],
): Promise<Response> {
  const response = await route(store, files, request).catch(failureResponse)
  for (const [name, value] of Object.entries(securityHeaders(sockets))) response.headers.set(name, value)
  return response
}

async function route(store: ByteStore, files: InterfaceFiles, request: Request): Promise<Response> {
  if (request.url.length > longestAddress) {
    return errorResponse(
      badInput('The address of this request is too long.', 'Go back to the start page.').toShape(),
      414,
    )
  }
  const bytes = await byteRoute(store, request)
  if (bytes) return bytes
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } })
  }
  const file = await files.respond(new URL(request.url).pathname)
  return file ?? errorResponse(notFound('There is no such page.', 'Go back to the start page.').toShape())
}
