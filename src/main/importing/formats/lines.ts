import { createReadStream } from 'node:fs'

/** The lines of a UTF-8 file without line endings. Lines longer than `longest` characters are cut off there. */
export async function* linesOf(path: string, signal: AbortSignal | null, longest: number): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  let cut = false
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    signal?.throwIfAborted()
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (cut) cut = false
      else yield line.endsWith('\r') ? line.slice(0, -1) : line
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

/** Each line with the lines after it, at most `most` of them, which stay valid until the next line is asked for. */
export async function* withNext(
  lines: AsyncIterable<string>,
  most: number,
): AsyncGenerator<{ readonly line: string; readonly next: readonly string[] }> {
  const pending: string[] = []
  for await (const line of lines) {
    pending.push(line)
    const first = pending.length > most ? pending.shift() : undefined
    if (first !== undefined) yield { line: first, next: pending }
  }
  for (let line = pending.shift(); line !== undefined; line = pending.shift()) yield { line, next: pending }
}
