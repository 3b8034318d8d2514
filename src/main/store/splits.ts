import type { HeldOutSet } from '../../shared/metrics'
import type { SplitSummary } from '../../shared/runs'
import type { Csr } from '../numeric/csr'
import type { Connection } from './connection'
import { int32FromBlob, toBlob } from './little-endian'
import type { StoredHeldOut, StoredSplit } from './store'
import { requireNoRow } from './run-rows'

interface HeldOutRow {
  fold_in_offsets: Buffer
  fold_in_items: Buffer
  target_offsets: Buffer
  target_items: Buffer
}

interface SplitRow {
  catalogue: Buffer
  train_users: Buffer
  validation_users: Buffer
  test_users: Buffer
  train_counts: Buffer | null
  summary: string
}

/** The tables with a run's training data and held-out users. The caller must have started a transaction. */
export function splitTables(connection: Connection): {
  save(run: number, split: StoredSplit, summary: SplitSummary): void
  read(run: number): StoredSplit | null
  /** JSON; null if the run has no split yet. */
  summary(run: number): string | null
} {
  const saveHeldOut = (run: number, set: HeldOutSet, heldOut: StoredHeldOut | null): void => {
    if (!heldOut) return
    const { foldIn, targets } = heldOut
    connection
      .prepare(
        'INSERT OR REPLACE INTO held_out (run, part, fold_in_offsets, fold_in_items, target_offsets, target_items) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(run, set, ...[foldIn.offsets, foldIn.indices, targets.offsets, targets.indices].map(toBlob))
  }

  const readHeldOut = (run: number, set: HeldOutSet, items: number): StoredHeldOut | null => {
    const [row] = connection.rows<HeldOutRow>('held_out', { run, part: set })
    if (!row) {
      requireNoRow(connection, 'held_out', run, { part: set })
      return null
    }
    const matrix = (offsets: Buffer, indices: Buffer): Csr => ({
      rows: offsets.length / Int32Array.BYTES_PER_ELEMENT - 1,
      columns: items,
      offsets: int32FromBlob(offsets),
      indices: int32FromBlob(indices),
    })
    return {
      foldIn: matrix(row.fold_in_offsets, row.fold_in_items),
      targets: matrix(row.target_offsets, row.target_items),
    }
  }

  return {
    save(run, split, summary) {
      connection
        .prepare(
          `INSERT OR REPLACE INTO split (run, catalogue, train_users, validation_users, test_users, summary, train_counts)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          run,
          toBlob(split.catalogue),
          toBlob(split.trainUsers),
          toBlob(split.validationUsers),
          toBlob(split.testUsers),
          JSON.stringify(summary),
          split.trainCounts && toBlob(split.trainCounts),
        )
      saveHeldOut(run, 'validation', split.validation)
      saveHeldOut(run, 'test', split.test)
    },
    summary: (run) => connection.rows<SplitRow>('split', { run })[0]?.summary ?? null,
    read(run) {
      const [row] = connection.rows<SplitRow>('split', { run })
      if (!row) return null
      const catalogue = int32FromBlob(row.catalogue)
      return {
        catalogue,
        trainUsers: int32FromBlob(row.train_users),
        validationUsers: int32FromBlob(row.validation_users),
        testUsers: int32FromBlob(row.test_users),
        trainCounts: row.train_counts && int32FromBlob(row.train_counts),
        validation: readHeldOut(run, 'validation', catalogue.length),
        test: readHeldOut(run, 'test', catalogue.length),
      }
    },
  }
}
