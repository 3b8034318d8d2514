import { z } from 'zod'

/** Experiment trackers of others whose files VASP Studio writes, so that teams see its runs beside their own. */
export const trackerKind = z.enum(['tensorboard', 'mlflow'])
export type TrackerKind = z.infer<typeof trackerKind>
export const trackerKinds = trackerKind.options

interface TrackerTexts {
  readonly title: string
  /** What it calls the folder that it reads. */
  readonly folder: string
  /** The command that shows a folder. */
  readonly shownBy: (folder: string) => string
}

export const trackerTexts: Readonly<Record<TrackerKind, TrackerTexts>> = {
  tensorboard: {
    title: 'TensorBoard',
    folder: 'log folder',
    shownBy: (folder) => `tensorboard --logdir "${folder}"`,
  },
  mlflow: {
    title: 'MLflow',
    folder: 'file store',
    // MLflow 3 shows file stores only on request.
    shownBy: (folder) => `MLFLOW_ALLOW_FILE_STORE=true mlflow ui --backend-store-uri "${folder}"`,
  },
}

/** The whole path of a folder on the machine that trains: a relative one would depend on where a program was started. */
const wholePath = z
  .string()
  .max(4096, 'Enter a shorter path.')
  .regex(/^(\/|[A-Za-z]:[\\/]|\\\\)[^\0]*$/, 'Enter the whole path of a folder, such as /data/tracking.')

/** The folders in which runs are tracked while they are trained; a tracker without one is not used. */
export const trackerFolders = z.partialRecord(trackerKind, wholePath)
export type TrackerFolders = z.infer<typeof trackerFolders>

/** A tracker that a run is written to while it is trained. */
export const runTracker = z.object({
  kind: trackerKind,
  folder: z.string(),
  /** Why its newest figures are not there; `null` if they are. */
  problem: z.string().nullable(),
  /** Whether the run’s end is there, too. */
  ended: z.boolean(),
})
export type RunTracker = z.infer<typeof runTracker>

/** What people should know of the trackers of a run: those that could not be written. */
export const trackerWarnings = (run: { readonly id: number; readonly trackers: readonly RunTracker[] }): string[] =>
  run.trackers.flatMap(({ kind, folder, problem }) =>
    problem === null
      ? []
      : [
          `The run could not be written to ${trackerTexts[kind].title} in ${folder}: ${problem} The training was not affected. Write it there afterwards: vasp run export ${run.id} "${folder}" --to ${kind} --force`,
        ],
  )

/** A run that was written for a tracker. */
export const exportedToTracker = z.object({
  run: z.number().int(),
  /** The folder of the run. */
  path: z.string(),
  epochs: z.number().int(),
  /** Whether the times of epochs were computed from their durations, because earlier versions did not store them. */
  estimatedTimes: z.boolean(),
})
export type ExportedToTracker = z.infer<typeof exportedToTracker>
