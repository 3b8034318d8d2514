import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
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
  tablePart,
} from './experiments'
import { exportRecord, exportRequest, userCheck } from './exports'
import { datasetId, experimentId, exportId, fileHandle, jobId, mapId, preparationId, runId, templateId } from './ids'
import { foundFile, sortFilesRequest } from './found-files'
import { forecastRequest, importForecast } from './import-forecast'
import { importTemplate, templateName, templateSettings } from './import-templates'
import { job, jobEvent } from './jobs'
import { backupEvent, checkEvent, libraryChange, libraryStatus, restoreEvent } from './library'
import { mapDetail, mapRecord, mapRequest } from './maps'
import { segmentName } from './metrics'
import { modelDescriptor } from './models'
import { givenName } from './names'
import { namedPreparation, preparationName, preparationPreview, preparationRequest } from './preparations'
import { rejectedPage } from './rejected-pages'
import { memoryNeed, preparation, run, runDetail, trainRequest, splitFileRef } from './runs'
import { splitCheckRequest, splitExportRequest } from './splits'
import { about, doctorReport, settings, settingsPatch } from './system'

/** Every expected failure travels as this one typed error; its data is what people are shown. */
const procedure = oc.errors({ STUDIO_ERROR: { status: 422, data: errorShape } })
/** SQLite compares patterns up to 50,000 bytes; no id or title that is searched for is a fraction as long. */
const searchQuery = z.string().max(1000, 'a search may have at most 1,000 characters')
const oneExperiment = z.object({ id: experimentId })
const tableRequest = oneExperiment.extend({
  metrics: z.array(tableMetric).min(1),
  part: tablePart,
  segment: segmentName.nullable().default(null),
})
const oneOrAllVersions = z.object({ id: datasetId, versions: versionChoice.default('this') })
const jobStarted = z.object({ job: jobId })

/** The one list of what a host can ask the engine for. */
export const contract = {
  datasets: {
    list: procedure.output(z.array(dataset)),
    get: procedure.input(z.object({ id: datasetId })).output(datasetDetail),
    /** What files of a folder hold, by their names and first bytes. */
    sortFiles: procedure.input(sortFilesRequest).output(z.array(foundFile)),
    preview: procedure.input(previewRequest).output(importPreview),
    /** Reads the files, or a good part of large ones, in a worker that ends when the question is withdrawn. Stores nothing. */
    forecast: procedure.input(forecastRequest).output(importForecast),
    import: procedure.input(importRequest).output(jobStarted),
    importSample: procedure.output(jobStarted),
    rename: procedure.input(z.object({ id: datasetId, name: givenName })).output(dataset),
    /** What a file could tell of the items: its first rows, and how many items each column names. Stores nothing. */
    previewDetails: procedure.input(detailsRequest).output(detailsPreview),
    /** Joins item metadata into a version as it is: its interactions and runs stay as they are. */
    describe: procedure.input(metadataRequest).output(metadataResult),
    /** Counted once by a worker that reads all of the data set, then kept with it. */
    profile: procedure.input(z.object({ id: datasetId })).output(datasetProfile),
    /** What would go with one version or with all of them. */
    dependents: procedure.input(oneOrAllVersions).output(datasetDependents),
    /** Deletes one version or all of them, with their runs, weights and exports; answers when the space is free. */
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
    /** Which of these users (external ids, repeated ones once) the data set has. */
    checkUsers: procedure.input(z.object({ id: datasetId, users: z.array(z.string()) })).output(userCheck),
    items: procedure
      .input(z.object({ id: datasetId, query: searchQuery, limit: z.number().int().min(1).max(200) }))
      .output(z.array(itemHit)),
  },
  /** Pages of what a data set holds; they take as long as the page, whatever the size of the data set. */
  browse: {
    users: procedure.input(usersRequest).output(listedUsers),
    items: procedure.input(itemsRequest).output(listedItems),
    /** The first page of an item, and that of the whole data set by value or time, read all of it once. */
    interactions: procedure.input(interactionsRequest).output(listedInteractions),
  },
  templates: {
    /** Newest first. */
    list: procedure.output(z.array(importTemplate)),
    /** Under a new name, or in place of what has the name. */
    save: procedure
      .input(z.object({ name: templateName, shape: z.string().max(1_000_000), settings: templateSettings }))
      .output(importTemplate),
    rename: procedure.input(z.object({ id: templateId, name: templateName })).output(importTemplate),
    delete: procedure.input(z.object({ id: templateId })).output(z.object({ deleted: z.boolean() })),
  },
  preparations: {
    list: procedure.output(z.array(namedPreparation)),
    /** Under a new name, or in place of what has the name; runs keep what they were made with. */
    save: procedure.input(z.object({ name: preparationName, preparation })).output(namedPreparation),
    rename: procedure.input(z.object({ id: preparationId, name: preparationName })).output(namedPreparation),
    delete: procedure.input(z.object({ id: preparationId })).output(z.object({ deleted: z.boolean() })),
    /** What is left after each filter, the sizes of the split, and whether anything leaks. Stores nothing. */
    preview: procedure.input(preparationRequest).output(preparationPreview),
  },
  runs: {
    models: procedure.output(z.array(modelDescriptor)),
    list: procedure.input(z.object({ dataset: datasetId.nullable() })).output(z.array(run)),
    get: procedure.input(z.object({ run: runId })).output(runDetail),
    /** What a run would need of memory, and what of it is free now. */
    estimate: procedure.input(trainRequest).output(memoryNeed),
    train: procedure.input(trainRequest).output(z.object({ run: runId, job: jobId })),
    rename: procedure.input(z.object({ run: runId, name: givenName })).output(run),
    delete: procedure.input(z.object({ run: runId })).output(z.object({ freedBytes: z.number() })),
    /** Scores chosen users (external ids), or the run's test users where `users` is null. */
    evaluate: procedure
      .input(
        z.object({
          run: runId,
          users: z.array(z.string()).min(1).nullable(),
          /** Leaves out users whom the data set does not have; otherwise they are refused. */
          skipUnknown: z.boolean().default(false),
        }),
      )
      .output(jobStarted),
  },
  experiments: {
    /** The recipes that need no more than data. */
    recipes: procedure.output(z.array(recipeDescription)),
    list: procedure.output(z.array(experiment)),
    get: procedure.input(oneExperiment).output(experimentDetail),
    /** Stores the experiment and begins to train its runs, one after the other. */
    create: procedure.input(experimentRequest).output(experimentDetail),
    /** Trains what is missing, failed or cancelled. */
    resume: procedure.input(oneExperiment).output(experimentDetail),
    /** Cancels the run that is trained now and leaves the rest untrained. */
    cancel: procedure.input(oneExperiment).output(z.object({ cancelled: z.boolean() })),
    /** The experiment whenever a run of it begins or ends, until nobody is at work on it. */
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
    /** Takes a split file into the library, so that `split.file` of a run can name it. */
    keep: procedure.input(z.object({ file: fileHandle })).output(splitFileRef),
    /** Reads a split file against a data set: the job fails where it does not fit. */
    check: procedure.input(splitCheckRequest).output(jobStarted),
  },
  explore: {
    recommend: procedure.input(recommendRequest).output(recommendations),
    /** One item, or the first ten recommendations where `item` is null. */
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
    /** Starts with the job's present state, ends with its last event; at most one progress event every 100 ms. */
    watch: procedure.input(z.object({ job: jobId })).output(eventIterator(jobEvent)),
    cancel: procedure.input(z.object({ job: jobId })).output(z.object({ cancelled: z.boolean() })),
  },
  library: {
    /** Where it lies, its size, its backups, what the last check found. */
    status: procedure.output(libraryStatus),
    /** What changes from now on, whoever changes it: another page, or another program on the same library. At most once a second, without end. */
    changes: procedure.output(eventIterator(libraryChange)),
    /** Looks at everything and changes nothing; in a worker, so that the program goes on. Ends when nobody listens any more, as do the others. */
    check: procedure.output(eventIterator(checkEvent)),
    backUp: procedure.output(eventIterator(backupEvent)),
    /** Puts a backup in the place of the database, which stays in a folder of its own. Throws CONFLICT while jobs or other programs use the library. */
    restore: procedure.input(z.object({ file: z.string() })).output(eventIterator(restoreEvent)),
    deleteBackup: procedure.input(z.object({ file: z.string() })).output(z.object({ freedBytes: z.number() })),
  },
  system: {
    about: procedure.output(about),
    doctor: procedure.output(doctorReport),
    /** GPUs, the build of TensorFlow for them, and why they are not used; without loading TensorFlow. */
    accelerator: procedure.output(accelerator),
    /** What the GPUs do now: asked while somebody looks, so the driver is asked once a second at most. */
    gpus: procedure.output(z.array(gpu)),
    /** Remembered by this machine for runs that start from now on. */
    chooseDevice: procedure.input(z.object({ device: deviceChoice })).output(accelerator),
    /** Downloads, checks and tries TensorFlow for GPUs beside the build for processors, then switches to it; goes on where an earlier one stopped. */
    setUpCuda: procedure.output(jobStarted),
    /** Goes back to the build for processors; with `remove` the other one's files go, too. */
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
