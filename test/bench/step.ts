import { availableParallelism } from 'node:os'
import { z } from 'zod'
import type { TrainingBatch } from '../../src/main/models/model'
import { configure, modelOf } from '../../src/main/models/registry'
import { csrFromRows, type Csr } from '../../src/main/numeric/csr'
import { seededRandom, type Random } from '../../src/main/numeric/random'
import { best, median, plain, timingsOf, type Benchmark, type BenchmarkResult, type Timing } from './benchmark'
import { fittedExponent } from './growth'
import { denseGflop, PEAK_GFLOP, plainMatMul, weightsOf } from './peak'
import { runPeer } from './peers'

interface Case {
  readonly name: string
  readonly items: number
  readonly rows: number
  readonly hidden: number
  readonly latent: number
  readonly steps: number
  /** Minimum share of a plain product's speed for the dense part; null if none is promised. */
  readonly ofPeak: number | null
  /** Least multiple of the rows per second of Keras on the same step; null where Keras is not run. */
  readonly ofKeras: number | null
  /** Precision of the matrix products; float32 by default. */
  readonly precision?: 'bfloat16'
}

/** Seen items in each row: about half a MovieLens history, as A/B augmentation shows it. */
const SEEN = 40

const cases: readonly Case[] = [
  { name: 'compact', items: 5_700, rows: 256, hidden: 512, latent: 256, steps: 8, ofPeak: null, ofKeras: null },
  { name: 'medium', items: 10_000, rows: 512, hidden: 1024, latent: 512, steps: 5, ofPeak: null, ofKeras: null },
  { name: 'paper, ML-1M', items: 3_499, rows: 512, hidden: 4096, latent: 2048, steps: 7, ofPeak: 0.85, ofKeras: 1.4 },
  {
    name: 'paper, ML-1M, products in bfloat16',
    items: 3_499,
    rows: 512,
    hidden: 4096,
    latent: 2048,
    steps: 7,
    ofPeak: null,
    ofKeras: 2,
    precision: 'bfloat16',
  },
  {
    name: 'paper, a third of ML-20M',
    items: 6_837,
    rows: 1024,
    hidden: 4096,
    latent: 2048,
    steps: 7,
    ofPeak: 0.85,
    ofKeras: null,
  },
  { name: 'paper, ML-20M', items: 20_720, rows: 512, hidden: 4096, latent: 2048, steps: 7, ofPeak: 0.85, ofKeras: 3 },
]

const randomRows = (rows: number, items: number, random: Random): Csr =>
  csrFromRows(
    Array.from({ length: rows }, () => [...new Set(Array.from({ length: SEEN }, () => random.integer(items)))]),
    items,
  )

const peerOutput = z.object({
  seconds: z.array(z.number()).min(1),
  parameters: z.number(),
  peakBytes: z.number(),
  keras: z.string(),
})

interface Measured {
  readonly results: BenchmarkResult[]
  readonly weights: number
  readonly secondsPerRow: number
}

async function measure(chosen: Case, keras: KerasStep | null, say: (line: string) => void): Promise<Measured> {
  const { name, items, rows, hidden, latent, steps, ofPeak, precision = 'float32' } = chosen
  const random = seededRandom(1)
  const model = await configure(modelOf('vasp'), 'compact', { hidden, latent, batchRows: rows, precision }).create(
    items,
    random,
  )
  if (model.training !== 'gradient') throw new Error('VASP is trained by steps')
  const { all: weights, dense } = weightsOf(model.parameters)
  const batches: TrainingBatch[] = Array.from({ length: 4 }, () => ({
    input: randomRows(rows, items, random),
    target: randomRows(rows, items, random),
  }))

  let step = 0
  let timings: Timing[]
  let peak: Timing
  try {
    model.beginStage({ learningRate: 1e-4, epochs: 1 })
    // The plain product before and after, so that other work on the machine weighs on both alike.
    const before = await plainMatMul()
    timings = await timingsOf(steps, 2, () => model.trainStep(batches[step++ % batches.length]!))
    peak = best([before, await plainMatMul()])
  } finally {
    model.dispose()
  }
  const fastest = best(timings)
  const gflop = denseGflop(dense, rows)
  const title = `${name}: H=${hidden}, L=${latent}, ${items} items, ${rows} rows, ${(weights / 1e6).toFixed(0)} M weights (${(dense / 1e6).toFixed(0)} M dense)`
  const middle = median(timings.map(({ seconds }) => seconds))
  say(
    `${title}: ${(fastest.seconds * 1000).toFixed(0)} ms a step at best, ${(middle * 1000).toFixed(0)} ms in the middle`,
  )
  const compared = (unit: string, value: number, of: number): BenchmarkResult => ({
    case: `${title}, dense part`,
    value,
    unit,
    ratio: value / of,
    target: ofPeak,
    met: ofPeak === null ? null : value / of >= ofPeak,
  })
  const perProcessor = PEAK_GFLOP / peak.processorSeconds
  const results = [
    plain(`${title}, training rows`, rows / fastest.seconds, 'rows/s'),
    compared('GFLOP/s', gflop / fastest.seconds, PEAK_GFLOP / peak.seconds),
    compared('GFLOP per processor second', gflop / fastest.processorSeconds, perProcessor),
    plain(`${name}: plain matMul in the same run`, PEAK_GFLOP / peak.seconds, 'GFLOP/s'),
    plain(`${name}: plain matMul in the same run`, perProcessor, 'GFLOP per processor second'),
    ...(keras === null ? [] : besideKeras(chosen, keras, rows / middle)),
  ]
  return { results, weights, secondsPerRow: fastest.seconds / rows }
}

type KerasStep = z.infer<typeof peerOutput>

/** What the program in Python takes; the precision is not among them: Keras is run in float32. */
const sizesOf = ({ items, hidden, latent, rows, steps }: Case): number[] => [
  items,
  hidden,
  latent,
  rows,
  steps,
  availableParallelism(),
]

/** The same step in Keras, in a process of its own. */
async function kerasStep(chosen: Case, say: (line: string) => void): Promise<KerasStep> {
  say(`${chosen.name}: the same step in Keras, in float32 …`)
  return peerOutput.parse(JSON.parse(await runPeer('keras_step.py', sizesOf(chosen).map(String))))
}

function besideKeras({ name, rows, ofKeras }: Case, peer: KerasStep, rowsPerSecond: number): BenchmarkResult[] {
  const theirs = rows / median(peer.seconds)
  const ratio = rowsPerSecond / theirs
  return [
    {
      case: `${name}: training rows beside Keras, medians`,
      value: rowsPerSecond,
      unit: 'rows/s',
      ratio,
      target: ofKeras,
      met: ofKeras === null ? null : ratio >= ofKeras,
    },
    plain(`${name}: Keras ${peer.keras}`, theirs, 'rows/s'),
    plain(`${name}: Keras ${peer.keras}, peak memory`, peer.peakBytes / 2 ** 30, 'GiB'),
  ]
}

export const step: Benchmark = {
  name: 'step',
  what: 'one training step of VASP: rows/s, GFLOP/s of its dense part (6 · dense weights · rows) as a ratio to a plain matMul, and rows/s as a ratio to Keras, all in the same run',
  async run(say) {
    const results: BenchmarkResult[] = []
    // Keras first: its largest step needs nearly all of a machine of 24 GiB, and this process keeps its memory.
    const keras = new Map<string, KerasStep>()
    for (const chosen of cases.filter(({ ofKeras }) => ofKeras !== null).toSorted((a, b) => b.items - a.items))
      if (!keras.has(sizesOf(chosen).join())) keras.set(sizesOf(chosen).join(), await kerasStep(chosen, say))
    const growth: { size: number; cost: number }[] = []
    for (const chosen of cases) {
      const theirs = chosen.ofKeras === null ? null : (keras.get(sizesOf(chosen).join()) ?? null)
      const { results: measured, weights, secondsPerRow } = await measure(chosen, theirs, say)
      results.push(...measured)
      if (chosen.precision === undefined) growth.push({ size: weights, cost: secondsPerRow })
    }
    return [...results, plain('growth with the weights: exponent of the time of a row', fittedExponent(growth), '')]
  },
}
