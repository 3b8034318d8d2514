import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openStore } from '../store/open'
import { addSmallDataset } from '../store/small-dataset.fixture'
import { answerProbe } from './probe'
import type { WorkerContext } from './worker-context'

it('removes deleted rows on request, and returns how many', async () => {
  const library = mkdtempSync(join(tmpdir(), 'vasp-probe-'))
  const store = openStore(library)
  try {
    store.datasets.markDeleted(addSmallDataset(store).id)
    const context = { store } as WorkerContext
    expect(await answerProbe({ kind: 'remove-unseen' }, context)).toEqual({ unfinished: 0, deleted: 1 })
    expect(await answerProbe({ kind: 'remove-unseen' }, context)).toEqual({ unfinished: 0, deleted: 0 })
  } finally {
    store.close()
    rmSync(library, { recursive: true, force: true })
  }
})
