import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { advice } from './advice'
import { interactionsRequest, itemsRequest, listedInteractions, listedItems, listedUsers, usersRequest } from './browse'
import {
  dataset,
  datasetDependents,
  datasetDetail,
  datasetProfile,
  detailsPreview,
  detailsRequest,
  importPreview,
  importRequest,
  itemHit,
  metadataRequest,
  metadataResult,
  previewRequest,
  rejectedRow,
  userHit,
  versionChoice,
} from './datasets'
import { accelerator, deviceChoice, gpu } from './devices'
import { errorShape } from './errors'
import { explainRequest, explanations, recommendations, recommendRequest } from './explore'
import {
  experiment,
  experimentDetail,
  experimentRequest,
  experimentTable,
  recipeDescription,
  tableFormat,
  tableMetric,
} from './experiments'
import { exportRecord, exportRequest, userCheck } from './exports'
import { datasetId, experimentId, exportId, fileHandle, jobId, mapId, preparationId, runId, templateId } from './ids'
import { foundFile, sortFilesRequest } from './found-files'
import { forecastRequest, importForecast } from './import-forecast'
import { importTemplate, templateName, templateSettings } from './import-templates'
import { job, jobEvent, machineConditions } from './jobs'
import { backupEvent, checkEvent, libraryChange, libraryStatus, restoreEvent } from './library'
import { mapDetail, mapRecord, mapRequest } from './maps'
import { heldOutSet, segmentName } from './metrics'
import { modelDescriptor } from './models'
import { givenName } from './names'
import { importedRun } from './portable-runs'
import { namedPreparation, preparationName, preparationPreview, preparationRequest } from './preparations'
import { rejectedPage } from './rejected-pages'
import { comparedUsers, comparison, comparisonRequest, namedComparison } from './comparisons'
import { labelChange } from './run-labels'
import { namedRunView } from './run-views'
import { evaluationRequest, memoryNeed, preparation, run, runDetail, trainRequest, splitFileRef } from './runs'
import { splitCheckRequest, splitExportRequest } from './splits'
import { about, doctorReport, settings, settingsPatch } from './system'
import { timeEstimate } from './time-estimate'

/** Every expected failure is this typed error; its data are shown to people. */
const procedure = oc.errors({ STUDIO_ERROR: { status: 422, data: errorShape } })
/** SQLite compares patterns up to 50,000 bytes; ids and titles are much shorter. */
const searchQuery = z.string().max(1000, 'a search may have at most 1,000 characters')
const oneExperiment = z.object({ id: experimentId })
const tableRequest = oneExperiment.extend({
  metrics: z.array(tableMetric).min(1),
  heldOut: heldOutSet,
  segment: segmentName.nullable().default(null),
})
const oneOrAllVersions = z.object({ id: datasetId, versions: versionChoice.default('this') })
const jobStarted = z.object({ job: jobId })

/** Everything that a host can ask the engine for. */
export const contract = {
  datasets: {
    list: procedure.output(z.array(dataset)),
    get: procedure.input(z.object({ id: datasetId })).output(datasetDetail),
    /** The roles of a folder's files, by their names and first bytes. */
    sortFiles: procedure.input(sortFilesRequest).output(z.array(foundFile)),
    preview: procedure.input(previewRequest).output(importPreview),
    /** Reads the files, or a large part of big ones, in a worker that ends when the request is aborted. Stores nothing. */
    forecast: procedure.input(forecastRequest).output(importForecast),
    import: procedure.input(importRequest).output(jobStarted),
    importSample: procedure.output(jobStarted),
    rename: procedure.input(z.object({ id: datasetId, name: givenName })).output(dataset),
    /** Previews a file of item details: its first rows, and how many items each column identifies. Stores nothing. */
    previewDetails: procedure.input(detailsRequest).output(detailsPreview),
    /** Joins item metadata into a version; its interactions and runs do not change. */
    describe: procedure.input(metadataRequest).output(metadataResult),
    /** Counted once by a worker that reads the whole data set, then stored with it. */
    profile: procedure.input(z.object({ id: datasetId })).output(datasetProfile),
    /** What would be deleted with one version or with all of them. */
    dependents: procedure.input(oneOrAllVersions).output(datasetDependents),
    /** Deletes one version or all of them, with their runs, weights and exports; returns when the space is free. */
    delete: procedure.input(oneOrAllVersions).output(z.object({ freedBytes: z.number() })),
    rejects: procedure
      .input(
        z.object({
          id: datasetId,
          offset: z.number().int().nonnegative(),
          limit: z.number().int().min(1).max(rejectedPage),
        }),
      )
      .output(z.object({ total: z.number().int(), rows: z.array(rejectedRow) })),
    users: procedure
      .input(z.object({ id: datasetId, query: searchQuery, limit: z.number().int().min(1).max(200) }))
      .output(z.array(userHit)),
    /** Which of these users (external ids) the data set has; repeated ones count once. */
    checkUsers: procedure.input(z.object({ id: datasetId, users: z.array(z.string()) })).output(userCheck),
    items: procedure
      .input(z.object({ id: datasetId, query: searchQuery, limit: z.number().int().min(1).max(200) }))
      .output(z.array(itemHit)),
  },
  /** Pages of a data set's contents; their cost does not depend on the size of the data set. */
  browse: {
    users: procedure.input(usersRequest).output(listedUsers),
    items: procedure.input(itemsRequest).output(listedItems),
    /** The first page of an item, or of the whole data set by value or time, takes a pass over the whole data set. */
    interactions: procedure.input(interactionsRequest).output(listedInteractions),
  },
  templates: {
    /** Newest first. */
    list: procedure.output(z.array(importTemplate)),
    /** Under a new name, or replacing the one with that name. */
    save: procedure
      .input(z.object({ name: templateName, shape: z.string().max(1_000_000), settings: templateSettings }))
      .output(importTemplate),
    rename: procedure.input(z.object({ id: templateId, name: templateName })).output(importTemplate),
    delete: procedure.input(z.object({ id: templateId })).output(z.object({ deleted: z.boolean() })),
  },
  preparations: {
    list: procedure.output(z.array(namedPreparation)),
    /** Stores them under a new name, or replaces those of that name; runs keep the filters with which they were trained. */
    save: procedure.input(z.object({ name: preparationName, preparation })).output(namedPreparation),
    rename: procedure.input(z.object({ id: preparationId, name: preparationName })).output(namedPreparation),
    delete: procedure.input(z.object({ id: preparationId })).output(z.object({ deleted: z.boolean() })),
    /** What each filter leaves, the sizes of the split, and the leak check. Stores nothing. */
    preview: procedure.input(preparationRequest).output(preparationPreview),
  },
  runs: {
    models: procedure.output(z.array(modelDescriptor)),
    /** Newest first, without those that are removed and wait to be deleted. */
    list: procedure.input(z.object({ dataset: datasetId.nullable() })).output(z.array(run)),
    get: procedure.input(z.object({ run: runId })).output(runDetail),
    /** Validation ndcg@100 after up to forty of its epochs, for a small chart. */
    curve: procedure.input(z.object({ run: runId })).output(z.array(z.number())),
    /** Changes tags, notes, stars and what is archived, of all these runs or none. */
    label: procedure.input(labelChange).output(z.array(run)),
    /** Removes runs from all lists; they are deleted when this program ends. Throws CONFLICT while a job uses one. */
    remove: procedure.input(z.object({ runs: z.array(runId) })).output(z.object({ bytes: z.number() })),
    /** Brings removed runs back. Throws NOT_FOUND if one is deleted. */
    restore: procedure.input(z.object({ runs: z.array(runId) })).output(z.array(run)),
    /** The removed runs. */
    removed: procedure.output(z.array(run)),
    views: procedure.output(z.array(namedRunView)),
    /** Saves a view, or replaces the one of that name. Returns all. */
    saveView: procedure.input(namedRunView).output(z.array(namedRunView)),
    deleteView: procedure.input(z.object({ name: z.string() })).output(z.array(namedRunView)),
    /** Settings in which runs differ, and their figures with tests against one of them. */
    compare: procedure.input(comparisonRequest).output(comparison),
    /** Throws BAD_INPUT if the two runs were measured under different protocols. */
    compareUsers: procedure.input(z.object({ a: runId, b: runId })).output(comparedUsers),
    comparisons: procedure.output(z.array(namedComparison)),
    /** Saves a comparison, or replaces the one of that name. Returns all. */
    saveComparison: procedure.input(namedComparison).output(z.array(namedComparison)),
    deleteComparison: procedure.input(z.object({ name: z.string() })).output(z.array(namedComparison)),
    /** First runs that are proposed for a data set on this machine. */
    advise: procedure.input(z.object({ dataset: datasetId })).output(advice),
    /** The memory that a run would need, and the free memory. */
    estimate: procedure.input(trainRequest).output(memoryNeed),
    /**
     * How long a run would take, from a few steps of it, which takes some seconds. Throws CONFLICT while a job computes, BAD_INPUT for a
     * combination of trained runs or data that cannot be split, OUT_OF_MEMORY if the run would be refused.
     */
    estimateTime: procedure.input(trainRequest).output(timeEstimate),
    train: procedure.input(trainRequest).output(z.object({ run: runId, job: jobId })),
    /** Goes on with a training that failed, was cancelled or was killed, from its newest state; without one it begins again. */
    resume: procedure.input(z.object({ run: runId })).output(z.object({ run: runId, job: jobId })),
    /** Trains a finished run further by more stages, as a new run. Throws CONFLICT if it has not finished, BAD_INPUT if its state was not kept. */
    trainFurther: procedure
      .input(z.object({ run: runId, stages: z.string().trim().min(1) }))
      .output(z.object({ run: runId, job: jobId })),
    /** Trains a finished run again with the same settings, seed, data and split, as a new run that is compared with it. */
    repeat: procedure.input(z.object({ run: runId })).output(z.object({ run: runId, job: jobId })),
    /** Imports a run from its file, as written by the byte route (see files.ts), and its data set if the library does not have the same data. */
    import: procedure.input(z.object({ file: fileHandle })).output(importedRun),
    rename: procedure.input(z.object({ run: runId, name: givenName })).output(run),
    delete: procedure.input(z.object({ run: runId })).output(z.object({ freedBytes: z.number() })),
    evaluate: procedure.input(evaluationRequest).output(jobStarted),
  },
  experiments: {
    /** The built-in recipes, which need only data. */
    recipes: procedure.output(z.array(recipeDescription)),
    list: procedure.output(z.array(experiment)),
    get: procedure.input(oneExperiment).output(experimentDetail),
    /** Stores the experiment and starts to train its runs, one after the other. */
    create: procedure.input(experimentRequest).output(experimentDetail),
    /** Trains the missing, failed and cancelled runs. */
    resume: procedure.input(oneExperiment).output(experimentDetail),
    /** Cancels the current run and does not train the rest. */
    cancel: procedure.input(oneExperiment).output(z.object({ cancelled: z.boolean() })),
    /** The experiment, whenever one of its runs starts or ends, until it has stopped. */
    watch: procedure.input(oneExperiment).output(eventIterator(experiment)),
    rename: procedure.input(oneExperiment.extend({ name: givenName })).output(experiment),
    /** Deletes the experiment; with `runs` also the runs that were trained for it and that no other experiment shows. */
    delete: procedure.input(oneExperiment.extend({ runs: z.boolean() })).output(z.object({ freedBytes: z.number() })),
    /** One table per data set, preparation and split. */
    tables: procedure.input(tableRequest).output(z.array(experimentTable)),
    /** The same tables as the text of a file. */
    write: procedure
      .input(tableRequest.extend({ format: tableFormat }))
      .output(z.object({ fileName: z.string(), text: z.string() })),
  },
  splits: {
    /** Writes a split file; the handle is the finished file's. */
    export: procedure.input(splitExportRequest).output(z.object({ job: jobId, file: fileHandle })),
    /** Imports a split file into the library, so that a run's `split.file` can refer to it. */
    import: procedure.input(z.object({ file: fileHandle })).output(splitFileRef),
    /** Checks a split file against a data set; the job fails if it does not fit. */
    check: procedure.input(splitCheckRequest).output(jobStarted),
  },
  explore: {
    recommend: procedure.input(recommendRequest).output(recommendations),
    /** One item, or the first ten recommendations if `item` is null. */
    explain: procedure.input(explainRequest).output(explanations),
  },
  maps: {
    /** Newest first. */
    list: procedure.input(z.object({ run: runId })).output(z.array(mapRecord)),
    get: procedure.input(z.object({ id: mapId })).output(mapDetail),
    /** Replaces an older map of the same run and settings once it is finished. */
    create: procedure.input(mapRequest).output(jobStarted),
    delete: procedure.input(z.object({ id: mapId })).output(z.object({ freedBytes: z.number() })),
  },
  exports: {
    list: procedure.output(z.array(exportRecord)),
    create: procedure.input(exportRequest).output(z.object({ export: exportId, job: jobId })),
    delete: procedure.input(z.object({ id: exportId })).output(z.object({ freedBytes: z.number() })),
  },
  jobs: {
    list: procedure.output(z.array(job)),
    /** Starts with the job's current state, ends with its last event; at most one progress event every 100 ms. */
    watch: procedure.input(z.object({ job: jobId })).output(eventIterator(jobEvent)),
    cancel: procedure.input(z.object({ job: jobId })).output(z.object({ cancelled: z.boolean() })),
    /** Keeps the state of a running training; the job waits until it is let go on. Throws BAD_INPUT for imports, splits and set-ups. Returns the open jobs. */
    pause: procedure.input(z.object({ job: jobId })).output(z.array(job)),
    /** Ends a running training with its best epoch so far: it is measured and finished. Throws CONFLICT if it does not run. */
    stopEarly: procedure.input(z.object({ job: jobId })),
    /** Lets paused jobs wait for their turn again; takes over those whose program has ended, or all of them (null) with their experiments. Returns them. */
    goOn: procedure.input(z.object({ jobs: z.array(jobId).nullable() })).output(z.array(job)),
    /** Moves a waiting job before another one, or to the end of the queue. Throws CONFLICT if it does not wait. Returns the open jobs. */
    move: procedure.input(z.object({ job: jobId, before: jobId.nullable() })).output(z.array(job)),
    /** Starts a job that failed or was cancelled again; a training goes on from its last state. Throws CONFLICT for the others. */
    retry: procedure.input(z.object({ job: jobId })).output(jobStarted),
    /** What this program can tell of the machine, for the rules of the queue. */
    conditions: procedure.output(machineConditions),
  },
  library: {
    /** Its folder, size and backups, and the result of the last check. */
    status: procedure.output(libraryStatus),
    /** Changes from now on, made by any page or program on the library. At most one a second, without end. */
    changes: procedure.output(eventIterator(libraryChange)),
    /** Checks everything and changes nothing, in a worker. Ends when the caller stops listening, like the others. */
    check: procedure.output(eventIterator(checkEvent)),
    backUp: procedure.output(eventIterator(backupEvent)),
    /** Replaces the database by a backup; the previous database is kept in a separate folder. Throws CONFLICT while jobs or other programs use the library. */
    restore: procedure.input(z.object({ file: z.string() })).output(eventIterator(restoreEvent)),
    deleteBackup: procedure.input(z.object({ file: z.string() })).output(z.object({ freedBytes: z.number() })),
  },
  system: {
    about: procedure.output(about),
    doctor: procedure.output(doctorReport),
    /** GPUs, the build of TensorFlow for them, and why they are not used; without loading TensorFlow. */
    accelerator: procedure.output(accelerator),
    /** The current state of the GPUs; the driver is asked at most once a second, and only while a page shows them. */
    gpus: procedure.output(z.array(gpu)),
    /** Stored on this machine for all later runs. */
    chooseDevice: procedure.input(z.object({ device: deviceChoice })).output(accelerator),
    /** Downloads, checks and tries TensorFlow for GPUs beside the CPU build, then switches to it; continues an interrupted set-up. */
    setUpCuda: procedure.output(jobStarted),
    /** Switches back to the CPU build; `remove` also deletes the files of the GPU build. */
    leaveCuda: procedure.input(z.object({ remove: z.boolean() })).output(z.object({ freedBytes: z.number() })),
    readSettings: procedure.output(settings),
    writeSettings: procedure.input(settingsPatch).output(settings),
    /** Announces a file of `bytes` bytes; its content follows in chunks over the byte route (see files.ts). */
    openUpload: procedure
      .input(z.object({ name: z.string().min(1).max(255), bytes: z.number().int().nonnegative() }))
      .output(z.object({ handle: fileHandle })),
    discardUpload: procedure.input(z.object({ handle: fileHandle })).output(z.object({ discarded: z.boolean() })),
  },
}
export type Contract = typeof contract
