import { errorShape, StudioError } from '../shared/errors'
import { uploadChunkBytes, uploadPath } from '../shared/files'
import type { FileHandle } from '../shared/ids'
import { client } from './rpc'

interface UploadOptions {
  readonly signal: AbortSignal
  /** Bytes the host has so far. */
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
 * Aborting stops between or within chunks and throws away what was sent; throws `StudioError` where the host refuses.
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
    // What went wrong with the upload is what counts; the host clears what could not be discarded at its next start.
    await client.system.discardUpload({ handle }).catch(() => undefined)
    throw error
  }
}
