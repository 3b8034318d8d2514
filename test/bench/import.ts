import { execFile } from 'node:child_process'
import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'
import { importResult, type ImportResult } from '../../src/shared/datasets'
import { plain, type Benchmark, type BenchmarkResult } from './benchmark'
import { generateRatings } from './generated-ratings'
import { fittedExponent } from './growth'

const sizes = [2e6, 6e6, 20e6]
const LARGE = 100e6
/** Times the time of DuckDB alone. */
const MOST_TIME = 1.5
const GIB = 2 ** 30
/** Room on the disk for the largest file, what DuckDB spills of it, and the library. */
const NEEDED = 14 * GIB

/** Imports a file by the command line, as anybody would, into a library that is gone afterwards. */
async function imported(folder: string, file: string, columns: string[]): Promise<ImportResult> {
  const library = await mkdtemp(join(folder, 'library-'))
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['out/main/cli.js', 'import', file, '--library', library, '--name', 'generated', ...columns, '--json'],
      { maxBuffer: 64 * 1024 * 1024 },
    )
    return importResult.parse(JSON.parse(stdout))
  } finally {
    await rm(library, { recursive: true, force: true })
  }
}

/** Seconds that DuckDB alone takes to read the file, its types told by itself, and to group it into lists by user. */
async function alone(folder: string, file: string, order: string): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', { temp_directory: join(folder, 'alone') })
  const connection = await instance.connect()
  try {
    const lists = ['movieId', 'rating', 'timestamp'].map((column) => `list("${column}"${order})`)
    const started = performance.now()
    await connection.run(
      `CREATE TABLE histories AS SELECT "userId", ${lists.join(', ')} FROM read_csv('${file}') GROUP BY "userId"`,
    )
    return (performance.now() - started) / 1000
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

async function againstDuckDb(folder: string, say: (line: string) => void): Promise<BenchmarkResult[]> {
  const results: BenchmarkResult[] = []
  const growth: { size: number; cost: number }[] = []
  for (const rows of sizes) {
    const name = `${rows / 1e6} million ratings`
    say(`Writing ${name} as MovieLens-20M has them …`)
    const file = join(folder, 'ratings.csv')
    const written = await generateRatings('movielens-20m', rows, file)
    say(`Importing ${name}, and reading them by DuckDB alone before and after …`)
    const grouped = await alone(folder, file, '')
    const ordered = await alone(folder, file, ' ORDER BY "timestamp"')
    const { seconds, peakBytes, interactions } = await imported(folder, file, [])
    if (interactions !== written) throw new Error(`${interactions} of ${written} ratings were imported.`)
    const against = (what: string, other: number): BenchmarkResult => ({
      case: `${name}: import ÷ ${what}`,
      value: seconds,
      unit: 's',
      ratio: seconds / other,
      target: MOST_TIME,
      bound: 'most',
      met: seconds <= MOST_TIME * other,
    })
    const groupedAgain = await alone(folder, file, '')
    const orderedAgain = await alone(folder, file, ' ORDER BY "timestamp"')
    results.push(
      plain(`${name}: import`, written / seconds / 1e6, 'million ratings/s'),
      against('DuckDB alone, grouped in any order', Math.min(grouped, groupedAgain)),
      against('DuckDB alone, grouped in the order of time', Math.min(ordered, orderedAgain)),
      inMemory(name, peakBytes, 2),
    )
    growth.push({ size: written, cost: seconds })
    await rm(file)
  }
  return [...results, plain('growth: exponent of the time', fittedExponent(growth), '')]
}

const inMemory = (name: string, peakBytes: number, most: number): BenchmarkResult => ({
  case: `${name}: peak memory of the worker`,
  value: peakBytes / GIB,
  unit: 'GiB',
  ratio: peakBytes / GIB / most,
  target: 1,
  bound: 'most',
  met: peakBytes <= most * GIB,
})

async function large(folder: string, say: (line: string) => void): Promise<BenchmarkResult[]> {
  const name = `${LARGE / 1e6} million ratings`
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < NEEDED) {
    say(`${name} are left out: they need ${NEEDED / GIB} GiB in ${tmpdir()}.`)
    return []
  }
  say(`Writing ${name} as Netflix has them …`)
  const file = join(folder, 'large.csv')
  const written = await generateRatings('netflix', LARGE, file)
  say(`Importing ${name} …`)
  const columns = ['--user', 'customer', '--item', 'film', '--rating', 'rating', '--time', 'day']
  const { seconds, peakBytes, interactions } = await imported(folder, file, columns)
  if (interactions !== written) throw new Error(`${interactions} of ${written} ratings were imported.`)
  return [
    plain(`${name}, film by film, with days: import`, seconds, 's'),
    plain(`${name}: import`, written / seconds / 1e6, 'million ratings/s'),
    inMemory(name, peakBytes, 4),
  ]
}

export const importing: Benchmark = {
  name: 'import',
  what: 'CSV → checked, sorted and stored histories by the command line, as a ratio to what DuckDB alone takes in the same run to read the same file and to group it by user; and the worker’s highest resident memory, as a ratio to what is promised',
  async run(say) {
    const folder = await mkdtemp(join(tmpdir(), 'vasp-bench-'))
    try {
      return [...(await againstDuckDb(folder, say)), ...(await large(folder, say))]
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}
