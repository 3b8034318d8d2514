import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { Benchmark } from './benchmark'

const demoOutput = z.looseObject({
  stages: z.array(z.object({ stage: z.string(), seconds: z.number() })),
  runs: z.array(z.looseObject({ model: z.string(), rowsPerSecond: z.number(), peakBytes: z.number() })),
})

const plain = { ratio: null, target: null, met: null }

export const demo: Benchmark = {
  name: 'demo',
  what: 'the time of each stage of `vasp demo` on the bundled MovieLens sample',
  async run(say) {
    const folder = await mkdtemp(join(tmpdir(), 'vasp-bench-'))
    say('Running vasp demo, which takes a few minutes …')
    try {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['out/main/cli.js', 'demo', '--json', '--out', folder],
        { maxBuffer: 64 * 1024 * 1024 },
      )
      const { stages, runs } = demoOutput.parse(JSON.parse(stdout))
      return [
        ...stages.map(({ stage, seconds }) => ({ case: stage, value: seconds, unit: 's', ...plain })),
        { case: 'all stages', value: stages.reduce((sum, { seconds }) => sum + seconds, 0), unit: 's', ...plain },
        ...runs.flatMap(({ model, rowsPerSecond, peakBytes }) => [
          { case: `train ${model}: training rows`, value: rowsPerSecond, unit: 'rows/s', ...plain },
          { case: `train ${model}: peak memory of the worker`, value: peakBytes / 2 ** 30, unit: 'GiB', ...plain },
        ]),
      ]
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}
