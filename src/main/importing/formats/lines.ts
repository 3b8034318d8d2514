import { createReadStream } from 'node:fs'

/** The lines of a UTF-8 file, without their ends. A line beyond `longest` characters is cut there. */
export async function* linesOf(path: string, signal: AbortSignal | null, longest: number): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  let cut = false
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    signal?.throwIfAborted()
    const parts = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      if (cut) cut = false
      else yield part.endsWith('\r') ? part.slice(0, -1) : part
    }
    if (rest.length > longest) {
      if (!cut) yield rest.slice(0, longest)
      cut = true
      rest = ''
    }
  }
  rest += decoder.decode()
  if (rest !== '' && !cut) yield rest.endsWith('\r') ? rest.slice(0, -1) : rest
}
