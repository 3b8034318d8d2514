import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { plain, type Benchmark } from './benchmark'

const demoOutput = z.looseObject({
  stages: z.array(z.object({ stage: z.string(), seconds: z.number() })),
  runs: z.array(z.looseObject({ model: z.string(), rowsPerSecond: z.number(), peakBytes: z.number() })),
})

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
        ...stages.map(({ stage, seconds }) => plain(stage, seconds, 's')),
        plain(
          'all stages',
          stages.reduce((sum, { seconds }) => sum + seconds, 0),
          's',
        ),
        ...runs.flatMap(({ model, rowsPerSecond, peakBytes }) => [
          plain(`train ${model}: training rows`, rowsPerSecond, 'rows/s'),
          plain(`train ${model}: peak memory of the worker`, peakBytes / 2 ** 30, 'GiB'),
        ]),
      ]
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}
