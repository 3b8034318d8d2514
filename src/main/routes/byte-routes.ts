import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { badInput, notFound, toErrorShape } from '../../shared/errors'
import { uploadChunkBytes } from '../../shared/files'
import { exportId, fileHandle, runId } from '../../shared/ids'
import type { Engine } from '../engine/engine'
import { byteStream } from './byte-stream'
import { errorResponse, failureResponse } from './error-response'

/** The part of the engine that the byte routes use. */
export type ByteStore = Pick<Engine, 'receiveChunk' | 'exportFile' | 'runFile'>

/**
 * Answers the byte route of shared/files.ts (`PUT /files/<handle>?offset=N`, `GET /exports/<id>`, `GET /run-files/<id>`), the same for `app://` and HTTP;
 * null for any other path.
 */
export async function byteRoute(store: ByteStore, request: Request): Promise<Response | null> {
  const url = new URL(request.url)
  const [, room, name, ...rest] = url.pathname.split('/')
  if (name === undefined || rest.length > 0) return null
  try {
    if (room === 'files') return await receiveChunk(store, request, name, url.searchParams.get('offset'))
    if (room === 'exports') return await sendExport(store, request, name)
    if (room === 'run-files') return sendRun(store, request, name, url.searchParams.get('data') === '1')
    return null
  } catch (error) {
    return failureResponse(error)
  }
}

async function receiveChunk(
  store: ByteStore,
  request: Request,
  name: string,
  offsetText: string | null,
): Promise<Response> {
  if (request.method !== 'PUT') return methodNotAllowed('PUT')
  const handle = fileHandle.safeParse(name)
  if (!handle.success) throw notFound('There is no such upload.', 'Choose the file again.')
  const offset = /^\d{1,15}$/.test(offsetText ?? '') ? Number(offsetText) : null
  if (offset === null) throw badInput('This chunk of the upload has no offset.', 'Choose the file again.')
  if (Number(request.headers.get('content-length') ?? 0) > uploadChunkBytes) return chunkTooLarge()

  const body: AsyncIterable<Uint8Array> = request.body ?? new Blob().stream()
  const limited = new LimitedBody(body, uploadChunkBytes)
  try {
    await store.receiveChunk(handle.data, offset, limited)
  } catch (error) {
    if (limited.exceeded) return chunkTooLarge()
    throw error
  }
  return new Response(null, { status: 204 })
}

async function sendExport(store: ByteStore, request: Request, name: string): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed('GET, HEAD')
  const id = exportId.safeParse(/^\d{1,15}$/.test(name) ? Number(name) : null)
  if (!id.success) throw notFound('There is no such export.', 'Choose one on the Exports page.')
  const { path, fileName } = store.exportFile(id.data)
  const { size } = await stat(path)
  const body = request.method === 'HEAD' ? null : byteStream(createReadStream(path))
  return new Response(body, {
    headers: {
      'content-type': fileName.endsWith('.json') ? 'application/json' : 'text/csv; charset=utf-8',
      'content-length': String(size),
      'content-disposition': attachment(fileName),
      'cache-control': 'no-store',
    },
  })
}

function sendRun(store: ByteStore, request: Request, name: string, withData: boolean): Response {
  if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed('GET, HEAD')
  const id = runId.safeParse(/^\d{1,15}$/.test(name) ? Number(name) : null)
  if (!id.success) throw notFound('There is no such run.', 'Choose one on the Runs page.')
  const { fileName, bytes } = store.runFile(id.data, withData)
  if (request.method === 'HEAD') bytes.destroy()
  return new Response(request.method === 'HEAD' ? null : byteStream(bytes), {
    headers: {
      'content-type': 'application/zip',
      'content-disposition': attachment(fileName),
      'cache-control': 'no-store',
    },
  })
}

/** RFC 6266: a plain name for old clients and the exact one in UTF-8. */
function attachment(fileName: string): string {
  const plain = fileName.replace(/[^\w.\- ]/g, '_')
  const exact = encodeURIComponent(fileName).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`
}

/** Passes a body through and fails once it is longer than `limit` bytes, so that no request can fill the disk. */
class LimitedBody implements AsyncIterable<Uint8Array> {
  exceeded = false

  constructor(
    private readonly body: AsyncIterable<Uint8Array>,
    private readonly limit: number,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    let bytes = 0
    for await (const part of this.body) {
      bytes += part.byteLength
      if (bytes > this.limit) {
        this.exceeded = true
        throw badInput('This chunk of the upload is too large.', 'Choose the file again.')
      }
      yield part
    }
  }
}

const chunkTooLarge = (): Response =>
  errorResponse(
    toErrorShape(
      badInput(`A chunk of an upload may hold at most ${uploadChunkBytes} bytes.`, 'Choose the file again.'),
    ),
    413,
  )

const methodNotAllowed = (allow: string): Response => new Response(null, { status: 405, headers: { allow } })
