import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { z } from 'zod'

const script = join(import.meta.dirname, '../fixtures/trackers/read_back.py')
const python = process.env['VASP_TRACKER_PYTHON'] ?? 'python3'

/**
 * The folder with the real TensorBoard and MLflow, which `npm test` installs (scripts/setup/trackers.mjs) and names; undefined where they cannot be had,
 * and where a spec is run by hand without it.
 */
export const trackerPackages = process.env['VASP_TRACKER_PACKAGES']

/** [time, step, value] */
const points = z.array(z.tuple([z.number(), z.number(), z.number()]))

export const tensorboardRuns = z.object({
  runs: z.record(
    z.string(),
    z.object({
      scalars: z.record(z.string(), points),
      texts: z.record(z.string(), z.array(z.string())),
      hparams: z.object({
        settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
        start: z.number(),
        end: z.number().optional(),
        status: z.string().optional(),
      }),
    }),
  ),
  /** The table of the plugin HParams. */
  sessions: z.record(
    z.string(),
    z.object({ status: z.string(), settings: z.array(z.string()), metrics: z.record(z.string(), z.number()) }),
  ),
})

/** Runs by experiment and id. */
export const mlflowRuns = z.record(
  z.string(),
  z.record(
    z.string(),
    z.object({
      name: z.string(),
      status: z.string(),
      start: z.number(),
      end: z.number().nullable(),
      params: z.record(z.string(), z.string()),
      tags: z.record(z.string(), z.string()),
      metrics: z.record(z.string(), points),
      artifacts: z.array(z.string()),
    }),
  ),
)

/** A tracker that shows a folder. */
export class Reader<Schema extends z.ZodType> {
  readonly #process: ChildProcess
  readonly #lines: Interface
  #said = ''

  constructor(
    kind: 'tensorboard' | 'mlflow',
    folder: string,
    private readonly schema: Schema,
  ) {
    this.#process = spawn(python, [script, kind, folder], {
      env: { ...process.env, PYTHONPATH: trackerPackages },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#process.stderr?.on('data', (chunk: Buffer) => (this.#said += chunk.toString()))
    if (!this.#process.stdout) throw new Error('The reader has no output.')
    this.#lines = createInterface(this.#process.stdout)
  }

  /** What it shows at first. */
  async first(): Promise<z.output<Schema>> {
    const ended = once(this.#process, 'close').then(([code]) => {
      throw new Error(`The reader ended with ${String(code)}: ${this.#said}`)
    })
    const [line] = (await Promise.race([once(this.#lines, 'line'), ended])) as [string]
    return this.schema.parse(JSON.parse(line))
  }

  /** What it shows after it has looked at the folder again. */
  again(): Promise<z.output<Schema>> {
    const next = this.first()
    this.#process.stdin?.write('\n')
    return next
  }

  close(): void {
    this.#process.stdin?.end()
  }
}

async function read<Schema extends z.ZodType>(
  kind: 'tensorboard' | 'mlflow',
  folder: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const reader = new Reader(kind, folder, schema)
  try {
    return await reader.first()
  } finally {
    reader.close()
  }
}

export const readTensorboard = (folder: string): Promise<z.output<typeof tensorboardRuns>> =>
  read('tensorboard', folder, tensorboardRuns)
export const readMlflow = (folder: string): Promise<z.output<typeof mlflowRuns>> => read('mlflow', folder, mlflowRuns)
