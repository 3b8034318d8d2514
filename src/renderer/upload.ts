import { errorShape, StudioError } from '../shared/errors'
import { uploadChunkBytes, uploadPath } from '../shared/files'
import type { FileHandle } from '../shared/ids'
import { client } from './rpc'

interface UploadOptions {
  readonly signal: AbortSignal
  /** Bytes that have arrived at the host. */
  onProgress(bytes: number): void
}

async function refusal(response: Response): Promise<StudioError> {
  const shape = errorShape.safeParse(await response.json().catch(() => null))
  return new StudioError(
    shape.success
      ? shape.data
      : {
          code: 'INTERNAL',
          message: `The host refused the file (HTTP ${response.status}).`,
          next: 'Try again. If it happens again, copy this message and report it.',
        },
  )
}

/**
 * Sends a file in chunks over the byte route and returns its handle.
 * Aborting stops between or within chunks and discards the uploaded bytes; throws `StudioError` if the host refuses.
 */
export async function uploadFile(file: File, { signal, onProgress }: UploadOptions): Promise<FileHandle> {
  const { handle } = await client.system.openUpload({ name: file.name, bytes: file.size }, { signal })
  try {
    for (let offset = 0; offset < file.size; offset += uploadChunkBytes) {
      const response = await fetch(uploadPath(handle, offset), {
        method: 'PUT',
        body: file.slice(offset, offset + uploadChunkBytes),
        headers: { 'content-type': 'application/octet-stream' },
        signal,
      })
      if (!response.ok) throw await refusal(response)
      onProgress(Math.min(file.size, offset + uploadChunkBytes))
    }
    signal.throwIfAborted()
    return handle
  } catch (error) {
    // The error of the upload matters; the host removes at its next start what could not be discarded.
    await client.system.discardUpload({ handle }).catch(() => undefined)
    throw error
  }
}
