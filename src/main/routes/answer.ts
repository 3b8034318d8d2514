import { badInput, notFound } from '../../shared/errors'
import { byteRoute, type ByteStore } from './byte-routes'
import { errorResponse, failureResponse } from './error-response'
import type { InterfaceFiles } from './interface-files'
import { securityHeaders } from './security-headers'

/** The longest accepted address, in characters; the page's own addresses have a few hundred at most. */
const longestAddress = 4096

/**
 * Answers one request of the interface, in the same way for `app://ui` and the browser host: first the byte routes, then the renderer's own files.
 * The host checks before whether the request is allowed. Never rejects.
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
