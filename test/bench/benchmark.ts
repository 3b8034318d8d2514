import { z } from 'zod'

export const benchmarkResult = z.object({
  case: z.string(),
  value: z.number(),
  unit: z.string(),
  /** Of the value to what it is measured against in the same run; null where there is nothing to compare with. */
  ratio: z.number().nullable(),
  target: z.number().nullable(),
  met: z.boolean().nullable(),
})
export type BenchmarkResult = z.infer<typeof benchmarkResult>

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
export type BenchmarkReport = z.infer<typeof benchmarkReport>

export interface Benchmark {
  readonly name: string
  /** One sentence for the help and the summary. */
  readonly what: string
  run(say: (line: string) => void): Promise<BenchmarkResult[]>
}

/** Seconds of each of `times` calls after `warmUp` uncounted ones. */
export async function secondsOf(times: number, warmUp: number, work: () => Promise<unknown>): Promise<number[]> {
  const seconds: number[] = []
  for (let i = 0; i < warmUp + times; i++) {
    const started = performance.now()
    await work()
    if (i >= warmUp) seconds.push((performance.now() - started) / 1000)
  }
  return seconds
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
