import { StudioError } from '../../shared/errors'
import { jobId } from '../../shared/ids'
import { holdReason, job as jobSchema, pausedBecause, type HoldReason } from '../../shared/jobs'
import type { Connection } from './connection'
import { jsonOrNull, parsed } from './json'
import { unknownId } from './naming'
import { isAlive, isOwnId, mayBeAlive, nobody, ownIdIn } from './process-lock'
import type { JobRepository, JobRow, OpenJob } from './store'

interface StoredJob {
  id: number
  kind: string
  label: string
  specification: string
  state: string
  error: string | null
  dataset: number | null
  run: number | null
  export: number | null
  result: string | null
  owner: string | null
  pid: number
  created_at: string
  started_at: string | null
  ended_at: string | null
  place: number
  hold: string | null
  after_run: number | null
  wanted: string | null
  device: string | null
  worker: string | null
  progress: string | null
}

const holdOf = ({ hold }: Pick<StoredJob, 'hold'>): HoldReason | null => (hold === null ? null : holdReason.parse(hold))

/** Whether the program that a row belongs to, or its worker, is alive. */
type OwnerLives = (row: Pick<StoredJob, 'owner' | 'pid' | 'worker'>) => boolean

/** For the rows of one reading: each process is looked at once. Rows of version 0.1 have only its process id. */
function livingOwners({ library }: Connection): OwnerLives {
  const known = new Map<string, boolean>()
  const lives = (owner: string): boolean => {
    const found = known.get(owner) ?? isAlive(library, owner)
    known.set(owner, found)
    return found
  }
  return ({ owner, pid, worker }) =>
    (owner === null ? mayBeAlive(pid) : lives(owner)) || (worker !== null && lives(worker))
}

/** The state of a waiting job: paused if it is held, or its program has ended. */
function waitingState(
  row: StoredJob,
  ownerLives: OwnerLives,
): { state: 'queued' } | { state: 'paused'; reason: string; left: boolean } {
  const hold = holdOf(row)
  // What a person has paused stays so, whatever becomes of its program.
  if (hold === 'person') return { state: 'paused', reason: pausedBecause(hold), left: false }
  const left = !ownerLives(row)
  if (!left && hold === null) return { state: 'queued' }
  return { state: 'paused', reason: pausedBecause(left ? null : hold), left }
}

/** The newest queued or running job of an export; null if there is none. */
export function unfinishedJob(connection: Connection, of: { export: number }): number | null {
  const [job] = connection.rows<StoredJob>('job', of, `AND state IN ('queued', 'running') ORDER BY id DESC LIMIT 1`)
  return job?.id ?? null
}

/** The newest queued or running training of each of these runs, or of all runs (null). */
export function unfinishedTrainings(connection: Connection, runs: readonly number[] | null): Map<number, number> {
  const open = `AND state IN ('queued', 'running') ORDER BY id`
  const found =
    runs === null
      ? connection.rows<StoredJob>('job', { kind: 'train' }, open)
      : runs.flatMap((run) => connection.rows<StoredJob>('job', { kind: 'train', run }, open))
  return new Map(found.flatMap(({ run, id }) => (run === null ? [] : [[run, id]])))
}

/** The state of a run or export whose row says that it waits: its job may be paused. */
export function waitingStateOf(
  connection: Connection,
  job: number | null,
): { state: 'queued' } | { state: 'paused'; reason: string } {
  const [row] = job === null ? [] : connection.rows<StoredJob>('job', { id: job })
  if (!row) return { state: 'queued' }
  const waiting = waitingState(row, livingOwners(connection))
  return waiting.state === 'queued' ? waiting : { state: 'paused', reason: waiting.reason }
}

export function jobRepository(connection: Connection): JobRepository {
  const jobOf = (row: StoredJob, ownerLives = livingOwners(connection)): JobRow => {
    const waiting = row.state === 'queued' ? waitingState(row, ownerLives) : null
    return {
      ...jobSchema.parse({
        id: row.id,
        kind: row.kind,
        label: row.label,
        state: waiting?.state ?? row.state,
        reason: waiting?.state === 'paused' ? waiting.reason : null,
        left: waiting?.state === 'paused' && waiting.left,
        // The queue of its process knows.
        here: false,
        after: row.after_run,
        place: row.place,
        // The owner's own is newer; the queue adds it.
        progress: row.state === 'running' ? parsed(row.progress) : null,
        dataset: row.dataset,
        run: row.run,
        export: row.export,
        error: parsed(row.error),
        createdAt: row.created_at,
        startedAt: row.started_at,
        endedAt: row.ended_at,
      }),
      specification: parsed(row.specification),
      result: parsed(row.result),
    }
  }

  const afterOf = ({ after_run: id }: StoredJob): OpenJob['after'] => {
    if (id === null) return null
    const [run] = connection.rows<{ state: string }>('run', { id })
    if (!run || run.state === 'finished') return 'finished'
    return run.state === 'queued' || run.state === 'running' ? 'open' : 'not finished'
  }

  const openOf = (row: StoredJob, ownerLives: OwnerLives): OpenJob => ({
    job: jobOf(row, ownerLives),
    owned: ownerLives(row),
    ours: isOwnId(connection.library, row.owner),
    after: afterOf(row),
    running: row.state === 'running',
    hold: holdOf(row),
    device: row.device,
    wanted: row.wanted === 'cancel' || row.wanted === 'pause' || row.wanted === 'stop' ? row.wanted : null,
  })

  /** In the order in which they start; running ones first. */
  const open = (): OpenJob[] => {
    const ownerLives = livingOwners(connection)
    return connection
      .rows<StoredJob>('job', {}, `AND state IN ('queued', 'running') ORDER BY state = 'queued', place, id`)
      .map((row) => openOf(row, ownerLives))
  }

  /** A person who lets a job go on that followed a run which did not finish no longer wants it to follow that. */
  const release = (id: number): void => {
    connection
      .prepare(
        `UPDATE job SET after_run = CASE WHEN hold = 'run' THEN NULL ELSE after_run END, hold = NULL
         WHERE id = ? AND state = 'queued'`,
      )
      .run(id)
  }

  const rowOf = (id: number): StoredJob => {
    const [row] = connection.rows<StoredJob>('job', { id })
    if (row) return row
    const ids = connection.prepare<[], number>('SELECT id FROM job ORDER BY id DESC').pluck().all()
    throw unknownId('job', id, ids)
  }
  return {
    create: (job) =>
      connection.write(() => {
        const inserted = connection
          .prepare(
            `INSERT INTO job (kind, label, specification, state, dataset, run, export, owner, pid, created_at, after_run, place)
             VALUES (?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(place), 0) + 1 FROM job))`,
          )
          .run(
            job.kind,
            job.label,
            JSON.stringify(job.specification),
            job.dataset,
            job.run,
            job.export,
            ownIdIn(connection.library),
            process.pid,
            new Date().toISOString(),
            job.after ?? null,
          )
        return jobOf(rowOf(Number(inserted.lastInsertRowid)))
      }),
    list: (ended) => [
      ...open().map(({ job }) => job),
      ...connection
        .rows<StoredJob>('job', {}, `AND state NOT IN ('queued', 'running') ORDER BY id DESC LIMIT ?`, ended ?? -1)
        .map((row) => jobOf(row)),
    ],
    get: (id) => jobOf(rowOf(id)),
    claim: (id, device, mayStart) =>
      connection.write(() => {
        const waiting = open()
        const mine = waiting.find(({ job }) => job.id === id)
        if (!mine || mine.running || !mine.ours || !mayStart(waiting)) return false
        connection
          .prepare(
            `UPDATE job SET state = 'running', device = ?, started_at = ?, hold = NULL, wanted = NULL WHERE id = ?`,
          )
          .run(device, new Date().toISOString(), id)
        connection.prepare(`UPDATE export SET state = 'running' WHERE id = ? AND state = 'queued'`).run(mine.job.export)
        return true
      }),
    workedHere: (id) => {
      connection.write(() =>
        connection.prepare('UPDATE job SET worker = ? WHERE id = ?').run(ownIdIn(connection.library), id),
      )
    },
    putBack: (id, hold) => {
      connection.write(() => {
        const { run, export: exported } = rowOf(id)
        const { changes } = connection
          .prepare(
            `UPDATE job SET state = 'queued', hold = ?, wanted = NULL, device = NULL, worker = NULL, progress = NULL
             WHERE id = ? AND state IN ('queued', 'running')`,
          )
          .run(hold, id)
        if (changes === 0) return
        connection.prepare(`UPDATE run SET state = 'queued' WHERE id = ? AND state = 'running'`).run(run)
        connection.prepare(`UPDATE export SET state = 'queued' WHERE id = ? AND state = 'running'`).run(exported)
      })
    },
    adopt: (id) =>
      connection.write(() => {
        const row = rowOf(id)
        if (row.state !== 'queued' || (livingOwners(connection)(row) && !isOwnId(connection.library, row.owner)))
          return false
        connection
          .prepare('UPDATE job SET owner = ?, pid = ?, wanted = NULL WHERE id = ?')
          .run(ownIdIn(connection.library), process.pid, id)
        release(id)
        return true
      }),
    leave: (id) => {
      connection.write(() =>
        connection.prepare(`UPDATE job SET owner = ? WHERE id = ? AND state = 'queued'`).run(nobody, id),
      )
    },
    release: (id) => connection.write(() => release(id)),
    hold: (id, why) => {
      connection.write(() =>
        connection.prepare(`UPDATE job SET hold = ? WHERE id = ? AND state = 'queued'`).run(why, id),
      )
    },
    want: (id, wanted) => {
      connection.write(() => {
        rowOf(id)
        connection.prepare(`UPDATE job SET wanted = ? WHERE id = ? AND state IN ('queued', 'running')`).run(wanted, id)
      })
    },
    move: (id, before) => {
      connection.write(() => {
        rowOf(id)
        const order = open().flatMap(({ job, running }) => (running || job.id === id ? [] : [job.id]))
        const at = before === null ? order.length : order.indexOf(jobId.parse(rowOf(before).id))
        order.splice(at < 0 ? order.length : at, 0, jobId.parse(id))
        const set = connection.prepare('UPDATE job SET place = ? WHERE id = ?')
        const [first] = connection
          .prepare<[], number>(`SELECT coalesce(min(place), 1) FROM job WHERE state = 'queued'`)
          .pluck()
          .all()
        order.forEach((of, index) => set.run((first ?? 1) + index, of))
      })
    },
    saveProgress: (id, progress) => {
      connection.write(() =>
        connection
          .prepare(`UPDATE job SET progress = ? WHERE id = ? AND state = 'running'`)
          .run(jsonOrNull(progress), id),
      )
    },
    use: (id, dataset) => {
      connection.write(() => connection.prepare('UPDATE job SET dataset = ? WHERE id = ?').run(dataset, id))
    },
    finish: (id, result) => {
      connection.write(() => {
        const { changes } = connection
          .prepare(
            `UPDATE job SET state = 'finished', result = ?, ended_at = ? WHERE id = ? AND state IN ('queued', 'running')`,
          )
          .run(JSON.stringify(result), new Date().toISOString(), id)
        if (changes === 0)
          throw new StudioError({
            code: 'CONFLICT',
            message: `Job ${id} ended before its result was stored, so nothing was stored.`,
            next: 'Start it again.',
          })
      })
    },
    end: (id, state, error, result) => {
      connection.write(() => {
        rowOf(id)
        // The first end counts.
        connection
          .prepare(
            `UPDATE job SET state = ?, error = ?, result = ?, ended_at = ? WHERE id = ? AND state IN ('queued', 'running')`,
          )
          .run(state, jsonOrNull(error), jsonOrNull(result ?? null), new Date().toISOString(), id)
      })
    },
    open,
  }
}
