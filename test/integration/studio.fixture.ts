import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importResult } from '../../src/shared/datasets'
import type { DatasetId, JobId, RunId } from '../../src/shared/ids'
import type { JobEvent } from '../../src/shared/jobs'
import type { ModelConfig, ModelKind } from '../../src/shared/models'
import type { NewTraining } from '../../src/shared/runs'
import { startEngine, type Engine, type EngineOptions } from '../../src/main/engine/engine'
import { forkedWorker } from '../../src/main/jobs/forked-worker'
import type { FreedMemory } from '../../src/main/jobs/worker-process'

export const appRoot = join(import.meta.dirname, '../..')
const workerEntry = join(appRoot, 'out/main/worker.js')

/** An engine with the built worker, as hosts start it, on a library of its own. */
export interface Studio {
  readonly engine: Engine
  readonly library: string
  /** Ids of all worker processes that were started, oldest first. */
  readonly workers: number[]
  /** What each of them does with memory that it frees. */
  readonly freed: (FreedMemory | undefined)[]
  /** Closes the engine; the library stays. */
  close(): Promise<void>
  remove(): Promise<void>
}

export const newLibrary = (): string => mkdtempSync(join(tmpdir(), 'vasp-integration-'))

export async function startStudio(library = newLibrary(), host: EngineOptions['host'] = 'cli'): Promise<Studio> {
  if (!existsSync(workerEntry)) throw new Error('The worker is not built: run `npm run build` first.')
  const workers: number[] = []
  const freedMemory: (FreedMemory | undefined)[] = []
  const fork = forkedWorker(workerEntry)
  const engine = await startEngine({
    library,
    host,
    appRoot,
    spawnWorker: (freed) => {
      const worker = fork(freed)
      if (worker.pid !== undefined) {
        workers.push(worker.pid)
        freedMemory.push(freed)
      }
      return worker
    },
  })
  const close = (): Promise<void> => engine.close()
  return {
    engine,
    library,
    workers,
    freed: freedMemory,
    close,
    async remove() {
      await close()
      rmSync(library, { recursive: true, force: true })
    },
  }
}

/** Every event of a job up to its end. */
export async function eventsOf({ client }: Engine, job: JobId): Promise<JobEvent[]> {
  const events: JobEvent[] = []
  for await (const event of await client.jobs.watch({ job })) events.push(event)
  return events
}

/** The last event of a job. */
export async function endOf(engine: Engine, job: JobId): Promise<JobEvent> {
  const last = (await eventsOf(engine, job)).at(-1)
  if (!last) throw new Error(`Job ${job} said nothing.`)
  return last
}

/** The result of a job; throws if it did not finish. */
export async function resultOf(engine: Engine, job: JobId): Promise<unknown> {
  const last = await endOf(engine, job)
  if (last.type === 'finished') return last.result
  throw new Error(`Job ${job} ended as ${JSON.stringify(last)}.`)
}

/** Resolves at the first event that is wanted; throws where the job ends before. */
export async function waitFor({ client }: Engine, job: JobId, wanted: (event: JobEvent) => boolean): Promise<JobEvent> {
  const seen: JobEvent[] = []
  for await (const event of await client.jobs.watch({ job })) {
    if (wanted(event)) return event
    seen.push(event)
  }
  throw new Error(`Job ${job} ended before that: ${JSON.stringify(seen.at(-1))}.`)
}

export async function importSample(engine: Engine): Promise<DatasetId> {
  const { job } = await engine.client.datasets.importSample()
  return importResult.parse(await resultOf(engine, job)).dataset
}

/** VASP so small that, of so few items, an epoch of the sample takes a fraction of a second. */
export const tinyVasp: ModelConfig = { hidden: 32, latent: 16, stages: '1e-3x2' }
export const fewItems = { mostPopular: { share: 0.2 } } as const

export const startTraining = (
  { client }: Engine,
  dataset: DatasetId,
  model: ModelKind,
  overrides: ModelConfig,
  filters: Partial<NewTraining['preparation']> = {},
): Promise<{ run: RunId; job: JobId }> =>
  client.runs.train({
    dataset,
    model,
    preset: null,
    overrides,
    seed: 1,
    preparation: { threshold: 4, minInteractions: 5, ...filters },
    split: { seed: 1, test: 60, validation: 60, foldIn: 0.8 },
    name: null,
  })

/** Writes a ratings file of `users` × `perUser` rows with planted tastes: user u rates items of block u mod 10. */
export function writeRatings(file: string, users: number, perUser: number): void {
  const rows = ['userId,movieId,rating,timestamp']
  for (let user = 1; user <= users; user++) {
    for (let n = 0; n < perUser; n++) {
      rows.push(`${user},${(user % 10) * 100 + ((user * 7 + n * 13) % 100)},5,${1_000_000 + n}`)
    }
  }
  writeFileSync(file, `${rows.join('\n')}\n`)
}

export const ratingsMapping = { user: 'userId', item: 'movieId', rating: 'rating', time: 'timestamp' }
