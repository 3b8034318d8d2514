import type { TrackedEpoch, TrackedRun } from './tracked-run'

/** The files of one tracker. All methods throw the file system’s errors, and what was written then may be incomplete until `write` has succeeded. */
export interface Tracker {
  /** Throws BAD_INPUT or DAMAGED_FILE if a folder that exists cannot be one of this tracker. */
  check(folder: string): Promise<void>
  /**
   * The folder of a run below `folder`; `null` if it is not there. Throws like `check`, and CONFLICT if others have written in its place.
   */
  find(folder: string, run: TrackedRun): Promise<string | null>
  /**
   * Writes all that is known of a run, in place of what was written of it before, so that epochs that were trained again are there once. Throws like
   * `find`.
   */
  write(folder: string, run: TrackedRun): Promise<RunLog>
  /** Records that a run waits, if it is there. Absent for a tracker that does not tell a run that waits from one that is computed. */
  pause?(folder: string, run: TrackedRun): Promise<void>
}

/** A run in the folder of a tracker, to which more is added. */
export interface RunLog {
  readonly path: string
  /** Adds an epoch after the last one. */
  add(epoch: TrackedEpoch): Promise<void>
  /** Adds how the run ended, and what was measured at the end. */
  end(run: TrackedRun): Promise<void>
}
