import type { Readable } from 'node:stream'
import type { FileHandle, RunId } from '../../shared/ids'
import { importedRun, runFileEnd, type ImportedRun } from '../../shared/portable-runs'
import { runFile } from '../interchange/write-run-file'
import { askOnce } from '../jobs/answering-worker'
import type { EngineContext } from './context'
import { plainName } from '../interchange/plain-name'

/** A file with the data of tens of millions of interactions takes minutes. */
const patience = 6 * 3_600_000

/** A run as one file: its name and its bytes, which are made while they are read. Throws like `runFile`. */
export function portableRunFile(
  { store, about }: Pick<EngineContext, 'store' | 'about'>,
  id: RunId,
  withData: boolean,
): { fileName: string; bytes: Readable } {
  const run = store.runs.get(id)
  return {
    fileName: `${plainName(run.name)}-run-${id}${runFileEnd}`,
    bytes: runFile(store, id, { app: about.version, withData }),
  }
}

/** Imports a run from its file in a worker; ends when the request is aborted. */
export async function importPortableRun(
  { workers, uploads }: EngineContext,
  handle: FileHandle,
  signal: AbortSignal | undefined,
): Promise<ImportedRun> {
  uploads.complete(handle)
  const imported = await uploads.reading([handle], async ([file]) =>
    importedRun.parse(
      await askOnce(
        workers,
        { kind: 'probe' },
        { kind: 'import-run', file: file! },
        patience,
        'Importing the run',
        signal,
      ),
    ),
  )
  await uploads.discard(handle)
  return imported
}
