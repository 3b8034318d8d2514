import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadBackend } from '../../src/main/compute/backend'
import { benchmarkReport, type Benchmark, type BenchmarkReport } from './benchmark'
import { demo } from './demo'
import { desk } from './desk'
import { ease } from './ease'
import { epoch } from './epoch'
import { estimates } from './estimates'
import { firstTry } from './first-try'
import { importing } from './import'
import { load } from './load'
import { memory } from './memory'
import { paper } from './paper'
import { product } from './product'
import { precision } from './precision'
import { resume } from './resume'
import { score } from './score'
import { step } from './step'
import { reportText, summary } from './summary'

/** Runs benchmarks: `npm run bench -- [name …] [--json] [--store]`, or `npm run bench -- summary`. Works in the project's folder. */
const benchmarks: readonly Benchmark[] = [
  paper,
  step,
  precision,
  epoch,
  ease,
  score,
  importing,
  firstTry,
  resume,
  estimates,
  load,
  memory,
  demo,
  desk,
  product,
]
const RESULTS = join('test', 'bench', 'results')
const fileOf = (name: string): string => join(RESULTS, `${name}.json`)

const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

async function run(benchmark: Benchmark): Promise<BenchmarkReport> {
  const loadBefore = loadavg()[0] ?? 0
  const { name: backend, version } = await loadBackend()
  const machine = {
    at: new Date().toISOString(),
    cpu: cpus()[0]?.model.trim() ?? process.arch,
    threads: availableParallelism(),
    memoryGib: totalmem() / 2 ** 30,
    platform: `${process.platform}-${process.arch}`,
    node: process.versions.node,
    backend: `${backend} ${version}`,
    loadBefore,
  }
  return { name: benchmark.name, machine, results: await benchmark.run(say) }
}

async function stored(name: string): Promise<BenchmarkReport | null> {
  try {
    return benchmarkReport.parse(JSON.parse(await readFile(fileOf(name), 'utf8')))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

async function writeSummary(): Promise<void> {
  const reports = await Promise.all(benchmarks.map(async ({ name, what }) => ({ report: await stored(name), what })))
  const found = reports.flatMap(({ report, what }) => (report ? [{ report, what }] : []))
  await writeFile('BENCHMARKS.md', summary(found))
  say(`BENCHMARKS.md holds ${found.map(({ report }) => report.name).join(', ')}.`)
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, store: { type: 'boolean', default: false } },
  })
  if (positionals.join() === 'summary') {
    await writeSummary()
    return 0
  }
  const unknown = positionals.find((name) => !benchmarks.some((benchmark) => benchmark.name === name))
  if (unknown !== undefined) {
    say(`There is no benchmark “${unknown}”. Choose of ${benchmarks.map(({ name }) => name).join(', ')}, or summary.`)
    return 2
  }
  const chosen = benchmarks.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
  const reports: BenchmarkReport[] = []
  for (const benchmark of chosen) {
    const report = await run(benchmark)
    reports.push(report)
    if (!values.json) process.stdout.write(`${reportText(report)}\n`)
    if (values.store) {
      await mkdir(RESULTS, { recursive: true })
      await writeFile(fileOf(report.name), `${JSON.stringify(report, null, 2)}\n`)
    }
  }
  if (values.json) process.stdout.write(`${JSON.stringify(reports.length === 1 ? reports[0] : reports, null, 2)}\n`)
  return 0
}

process.exitCode = await main()
