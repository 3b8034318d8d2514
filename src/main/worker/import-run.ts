import type { ImportedRun } from '../../shared/portable-runs'
import { importRun } from '../interchange/read-run-file'
import type { NamedFile } from '../jobs/specification'
import { storedModel } from '../models/registry'
import type { WorkerContext } from './worker-context'

/** Imports a run from its file; refuses models and settings that this version does not have. */
export const importPortableRun = (file: NamedFile, context: WorkerContext): Promise<ImportedRun> =>
  importRun(
    context.store,
    file,
    ({ model, config, members }) => {
      for (const one of members ?? [{ model, config }]) storedModel(one)
    },
    context,
  )
