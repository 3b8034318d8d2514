import { z } from 'zod'

export const benchmarkResult = z.object({
  case: z.string(),
  value: z.number(),
  unit: z.string(),
  /** The value divided by the reference in the same run; null without a reference. */
  ratio: z.number().nullable(),
  target: z.number().nullable(),
  /** Whether the target is the most that is wanted (times, differences) or the least (rates). */
  bound: z.enum(['least', 'most']).default('least'),
  met: z.boolean().nullable(),
})
export type BenchmarkResult = z.input<typeof benchmarkResult>

/** A figure without a reference. */
export const plain = (name: string, value: number, unit: string): BenchmarkResult => ({
  case: name,
  value,
  unit,
  ratio: null,
  target: null,
  met: null,
})

/** What is stored, and what `--json` prints. */
export const benchmarkReport = z.object({
  name: z.string(),
  machine: z.object({
    at: z.iso.datetime(),
    cpu: z.string(),
    threads: z.number(),
    memoryGib: z.number(),
    platform: z.string(),
    node: z.string(),
    backend: z.string(),
    /** Processes that wanted a processor in the last minute before the benchmark: above 0, others took part of the machine. */
    loadBefore: z.number(),
  }),
  results: z.array(benchmarkResult),
})
export type BenchmarkReport = z.input<typeof benchmarkReport>

export interface Benchmark {
  readonly name: string
  /** One sentence for the help and the summary. */
  readonly what: string
  run(say: (line: string) => void): Promise<BenchmarkResult[]>
}

export interface Timing {
  /** Wall clock. */
  readonly seconds: number
  /** Processor time of all threads: what other work on the machine does not stretch. */
  readonly processorSeconds: number
}

/** Each of `times` calls after `warmUp` uncounted ones. */
export async function timingsOf(times: number, warmUp: number, work: () => Promise<unknown>): Promise<Timing[]> {
  const timings: Timing[] = []
  for (let i = 0; i < warmUp + times; i++) {
    const used = process.cpuUsage()
    const started = performance.now()
    await work()
    const seconds = (performance.now() - started) / 1000
    const { user, system } = process.cpuUsage(used)
    if (i >= warmUp) timings.push({ seconds, processorSeconds: (user + system) / 1e6 })
  }
  return timings
}

/** The best wall clock and the best processor time. */
export const best = (timings: readonly Timing[]): Timing => ({
  seconds: Math.min(...timings.map(({ seconds }) => seconds)),
  processorSeconds: Math.min(...timings.map(({ processorSeconds }) => processorSeconds)),
})

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
