import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { plain, type Benchmark, type BenchmarkResult } from './benchmark'

const SAMPLE = join('resources', 'sample', 'ml-latest-small', 'ratings.csv')
/** Of the sample's 610: more than usual, so that the standard error is small enough to say something. */
const VALIDATION_USERS = '150'
const seeds = ['1', '2', '3']

const trained = z.looseObject({
  rowsPerSecond: z.number(),
  validation: z.looseObject({ 'ndcg@100': z.object({ mean: z.number(), se: z.number() }) }),
})
type Trained = z.infer<typeof trained>

const vasp = async (library: string, ...args: string[]): Promise<string> => {
  const program = ['out/main/cli.js', ...args, '--library', library, '--json']
  const { stdout } = await promisify(execFile)(process.execPath, program, { maxBuffer: 64 * 1024 * 1024 })
  return stdout
}

const trainIn = async (library: string, precision: string, seed: string): Promise<Trained> => {
  const split = ['--validation', VALIDATION_USERS, '--test', '10']
  const settings = ['--preset', 'compact', '--set', `precision=${precision}`, '--seed', seed]
  return trained.parse(
    JSON.parse(await vasp(library, 'train', '--data', 'sample', '--model', 'vasp', ...split, ...settings)),
  )
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

export const precision: Benchmark = {
  name: 'precision',
  what: 'validation NDCG@100 of VASP compact on the bundled sample with products in bfloat16 and in float32, on the same split; the ratio is the difference’s to one standard error',
  async run(say) {
    const library = await mkdtemp(join(tmpdir(), 'vasp-bench-'))
    try {
      await vasp(library, 'import', SAMPLE, '--name', 'sample')
      const results: BenchmarkResult[] = []
      const all: { float32: Trained; bfloat16: Trained }[] = []
      for (const seed of seeds) {
        say(`Training in both precisions, seed ${seed} …`)
        const pair = {
          float32: await trainIn(library, 'float32', seed),
          bfloat16: await trainIn(library, 'bfloat16', seed),
        }
        all.push(pair)
        for (const [name, run] of Object.entries(pair))
          results.push(plain(`seed ${seed}, ${name}: validation NDCG@100`, run.validation['ndcg@100'].mean, ''))
      }
      const ndcg = (of: 'float32' | 'bfloat16'): number => mean(all.map((pair) => pair[of].validation['ndcg@100'].mean))
      const difference = Math.abs(ndcg('bfloat16') - ndcg('float32'))
      const error = mean(all.map(({ float32 }) => float32.validation['ndcg@100'].se))
      return [
        ...results,
        plain('one standard error over the validation users', error, ''),
        {
          case: 'difference of the means over the seeds; the ratio is to one standard error',
          value: difference,
          unit: '',
          ratio: difference / error,
          target: 1,
          bound: 'most',
          met: difference <= error,
        },
      ]
    } finally {
      await rm(library, { recursive: true, force: true })
    }
  },
}
