import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { holm } from '../../src/main/numeric/holm'
import { pairedPermutation } from '../../src/main/numeric/paired-permutation'
import { seededRandom } from '../../src/main/numeric/random'
import { meanAndError } from '../../src/main/numeric/statistics'
import { openStore } from '../../src/main/store/open'
import { runId } from '../../src/shared/ids'
import { plain, type Benchmark, type BenchmarkResult } from './benchmark'

const SAMPLE = join('resources', 'sample', 'ml-latest-small', 'ratings.csv')
const SPLIT_SEEDS = [1, 2, 3, 4, 5]
const HELD_OUT = ['--test', '60', '--validation', '60']
const ROUNDS = 100_000

/** The recipe's row that is compared with all others. */
const BEST = 'best-product'

const reproduced = z.object({
  tables: z.tuple([
    z.looseObject({ rows: z.array(z.looseObject({ key: z.string(), label: z.string(), runs: z.tuple([runId]) })) }),
  ]),
})

async function vasp(library: string, ...args: string[]): Promise<unknown> {
  const program = ['out/main/cli.js', ...args, '--library', library, '--json']
  const { stdout } = await promisify(execFile)(process.execPath, program, { maxBuffer: 64 * 1024 * 1024 })
  return JSON.parse(stdout)
}

/** What one row of the recipe came to over the splits. */
interface Row {
  readonly label: string
  /** Mean NDCG@100 of the test users of each split. */
  readonly splits: number[]
  /** By user: the NDCG@100 of every split that tests them. */
  readonly users: Map<number, number[]>
}

const mean = (values: readonly number[]): number => meanAndError(values).mean

/** Trains the recipe on a split and records the results of its rows and the chosen weights. */
async function addSplit(library: string, seed: number, rows: Map<string, Row>): Promise<BenchmarkResult[]> {
  const split = ['--split-seed', String(seed), ...HELD_OUT]
  const answer = await vasp(library, 'reproduce', '--table', 'product', '--data', 'sample', ...split)
  const { tables } = reproduced.parse(answer)
  const store = openStore(library)
  try {
    return tables[0].rows.flatMap(({ key, label, runs: [run] }) => {
      const values = store.runs.userMetric(run, 'test', 'ndcg@100')
      const users = store.runs.split(run)?.testUsers
      if (!values || !users) throw new Error(`Run ${run} was stored without its users.`)
      const row = rows.get(key) ?? { label, splits: [], users: new Map<number, number[]>() }
      rows.set(key, row)
      row.splits.push(mean([...values]))
      users.forEach((user, u) => row.users.set(user, [...(row.users.get(user) ?? []), values[u] ?? Number.NaN]))
      if (key !== BEST) return []
      return (store.runs.get(run).members ?? []).map(({ name, weight }) =>
        plain(`split ${seed}: weight of ${name}`, weight ?? Number.NaN, ''),
      )
    })
  } finally {
    store.close()
  }
}

/** The best product against each other row: paired over distinct users, each with the mean over the splits that test them. */
function comparisons(rows: ReadonlyMap<string, Row>): BenchmarkResult[] {
  const best = rows.get(BEST)
  if (!best) throw new Error(`The recipe has no row ${BEST}.`)
  const perUser = ({ users }: Row): number[] => [...best.users.keys()].map((user) => mean(users.get(user) ?? []))
  const others = [...rows].filter(([key]) => key !== BEST).map(([, row]) => row)
  const ps = holm(
    others.map((other) =>
      pairedPermutation(perUser(best), perUser(other), { rounds: ROUNDS, random: seededRandom(1) }),
    ),
  )
  return others.flatMap((other, o) => {
    const differences = best.splits.map((value, split) => value - (other.splits[split] ?? Number.NaN))
    const name = `${best.label} − ${other.label}`
    return [
      plain(`${name}: mean difference of NDCG@100`, mean(differences), ''),
      plain(`${name}: its standard error over the splits`, meanAndError(differences).se ?? Number.NaN, ''),
      plain(`${name}: p over ${best.users.size} users (paired permutation, Holm)`, ps[o] ?? Number.NaN, ''),
    ]
  })
}

export const product: Benchmark = {
  name: 'product',
  what: 'test NDCG@100 of the recipe “Best product” on the bundled sample over five splits (60 test and 60 validation users each): its members, their plain product, and the product whose weights the validation users choose',
  async run(say) {
    // A kept library has finished runs, which are reused: an interrupted benchmark continues.
    const given = process.env.VASP_BENCH_LIBRARY
    const library = given ?? (await mkdtemp(join(tmpdir(), 'vasp-bench-')))
    try {
      if (!existsSync(join(library, 'library.db'))) await vasp(library, 'import', SAMPLE, '--name', 'sample')
      const rows = new Map<string, Row>()
      const weights: BenchmarkResult[] = []
      for (const seed of SPLIT_SEEDS) {
        say(`Training on split ${seed} of ${SPLIT_SEEDS.length} …`)
        weights.push(...(await addSplit(library, seed, rows)))
        for (const { label, splits } of rows.values()) say(`  ${splits.at(-1)?.toFixed(4)}  ${label}`)
      }
      return [
        ...Array.from(rows.values(), ({ label, splits }) =>
          plain(`${label}: NDCG@100, mean of the splits`, mean(splits), ''),
        ),
        ...comparisons(rows),
        ...weights,
      ]
    } finally {
      if (given === undefined) await rm(library, { recursive: true, force: true })
    }
  },
}
