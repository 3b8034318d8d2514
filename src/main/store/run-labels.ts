import { changedTags, noLabel, type LabelChange, type RunLabel } from '../../shared/run-labels'
import type { Connection } from './connection'
import { parsed } from './json'
import { ownIdIn } from './process-lock'

interface LabelRow {
  run: number
  tags: string
  note: string
  starred: number
  archived: number
  removed_by: string | null
}

const labelOf = (row: LabelRow | undefined): RunLabel =>
  row === undefined
    ? noLabel
    : {
        tags: parsed(row.tags) as string[],
        note: row.note,
        starred: row.starred === 1,
        archived: row.archived === 1,
      }

/** Tags, notes, stars, and what is removed until its process ends. Callers check that the runs exist. */
export interface LabelTable {
  of(run: number): RunLabel
  all(): ReadonlyMap<number, RunLabel>
  change(runs: readonly number[], change: Omit<LabelChange, 'runs'>): void
  /** The runs that a process has removed and not yet deleted, with that process. */
  removed(): ReadonlyMap<number, string>
  /** Removes runs in this process's name, or brings them back. */
  setRemoved(runs: readonly number[], removed: boolean): void
}

export function labelTable(connection: Connection): LabelTable {
  const rowOf = (run: number): LabelRow | undefined => connection.rows<LabelRow>('run_label', { run })[0]
  const save = (run: number, label: RunLabel, removedBy: string | null): void => {
    connection
      .prepare(
        `INSERT INTO run_label (run, tags, note, starred, archived, removed_by) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (run) DO UPDATE SET tags = excluded.tags, note = excluded.note, starred = excluded.starred,
           archived = excluded.archived, removed_by = excluded.removed_by`,
      )
      .run(run, JSON.stringify(label.tags), label.note, label.starred ? 1 : 0, label.archived ? 1 : 0, removedBy)
  }
  return {
    of: (run) => labelOf(rowOf(run)),
    all: () => new Map(connection.rows<LabelRow>('run_label').map((row) => [row.run, labelOf(row)])),
    change(runs, { addTags, removeTags, ...rest }) {
      for (const run of runs) {
        const row = rowOf(run)
        const label = labelOf(row)
        save(run, { ...label, ...rest, tags: changedTags(label.tags, addTags, removeTags) }, row?.removed_by ?? null)
      }
    },
    removed: () =>
      new Map(
        connection
          .rows<LabelRow>('run_label', {}, 'AND removed_by IS NOT NULL')
          .map((row) => [row.run, row.removed_by ?? '']),
      ),
    setRemoved(runs, removed) {
      for (const run of runs) save(run, labelOf(rowOf(run)), removed ? ownIdIn(connection.library) : null)
    },
  }
}
