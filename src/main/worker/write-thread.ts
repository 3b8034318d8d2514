import { parentPort } from 'node:worker_threads'
import { WholeFile } from '../compute/whole-file'
import type { WriteAnswer, WriteRequest } from './written-beside'

/** Entry of the thread that writes files while the worker trains: one after the other, chunk by chunk. */
const port = parentPort
if (!port) throw new Error('This file is run as a thread.')

let file: WholeFile | null = null
/** Requests are handled one after the other. */
let turn: Promise<void> = Promise.resolve()
/** The chunks that follow a failure belong to a file that cannot be completed. */
let failed = false

const answer = (message: WriteAnswer): void => port.postMessage(message)

async function handle(request: WriteRequest): Promise<void> {
  switch (request.type) {
    case 'begin':
      failed = false
      file = await WholeFile.begin(request.file)
      return
    case 'chunk':
      await file?.write(request.chunk)
      answer({ type: 'taken', bytes: request.chunk.byteLength })
      return
    case 'end':
      if (file) answer({ type: 'written', written: await file.finish() })
      file = null
  }
}

async function fail(error: unknown): Promise<void> {
  failed = true
  await file?.abandon()
  file = null
  const { message, code } = error as NodeJS.ErrnoException
  answer({ type: 'failed', message, code: code ?? null })
}

port.on('message', (request: WriteRequest) => {
  turn = turn.then(async () => {
    if (failed && request.type !== 'begin') return
    await handle(request).catch(fail)
  })
})
