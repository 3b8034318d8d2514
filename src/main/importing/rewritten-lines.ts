import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

/** The lines of a text without line endings. */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let pending = ''
  for await (const piece of pieces) {
    const lines = (pending + piece).split(/\r\n|\n|\r(?!$)/)
    pending = lines.pop() ?? ''
    yield* lines
  }
  if (pending !== '') yield pending.replace(/\r$/, '')
}

/** The lines of the first `limit` bytes of a file, each byte as one character: bytes that are not UTF-8 stay unchanged. */
export const byteLinesOf = (path: string, limit = Infinity): AsyncGenerator<string> =>
  linesOf(
    createReadStream(path, {
      highWaterMark: 1 << 20,
      encoding: 'latin1',
      ...(limit === Infinity ? {} : { end: limit - 1 }),
    }),
  )

/** Writes a copy of a file's first `limit` bytes with each line changed; bytes are passed through, so that DuckDB rejects invalid UTF-8. */
export async function rewriteLines(
  from: string,
  to: string,
  change: (line: string) => string,
  signal: AbortSignal | null,
  limit = Infinity,
): Promise<void> {
  async function* pieces(): AsyncGenerator<string> {
    let piece = ''
    for await (const line of byteLinesOf(from, limit)) {
      piece += `${change(line)}\n`
      if (piece.length < 1 << 18) continue
      yield piece
      piece = ''
    }
    yield piece
  }
  await pipeline(pieces(), createWriteStream(to, 'latin1'), signal ? { signal } : {})
}
