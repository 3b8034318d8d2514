import { setImmediate as nextTurn } from 'node:timers/promises'
import { badInput, cancelled } from '../../../shared/errors'
import { formatCount, formatCounted } from '../../../shared/format'
import type { MapSettings } from '../../../shared/maps'
import type { Recommender } from '../../models/model'
import type { JobContext } from '../../numeric/job-context'
import { seededRandom } from '../../numeric/random'
import { addNeighbours } from './neighbours'
import { oneHotSensitivities, type Sensitivity } from './one-hot'
import { distancesOfRow, similarities } from './scaling'
import { divergence, tsne, type Embedding } from './t-sne'

/** One plot of figure 3: the position of each item according to the outputs of one member (or the product). */
export interface Plot extends Embedding {
  readonly name: string
  /** KL(P‖Q) in nats. */
  readonly divergence: number
}

/** The settings that determine the numbers; the caller chooses the items. */
type PlotSettings = Pick<MapSettings, 'scaling' | 'perplexity' | 'iterations' | 'seed'>

/** The n most popular items, most popular first (ties by lower index); all items if n is null or too large. */
export const mostPopular = (popularity: ArrayLike<number>, n: number | null): Int32Array =>
  Int32Array.from(Array.from(popularity).keys())
    .sort((a, b) => popularity[b]! - popularity[a]! || a - b)
    .slice(0, n ?? popularity.length)

/**
 * The sensitivity map (VASP paper, section IV, figure 3) of chosen items (model item indexes): one-hot rows in, outputs of the product and of each
 * member as distances, t-SNE on those. Every plot starts from the same random points, so that plots differ only by their outputs. @throws BAD_INPUT
 * if the items are too few for the perplexity or the score is not a probability, CANCELLED soon after the signal.
 */
export async function sensitivityMap(
  model: Recommender,
  items: Int32Array,
  settings: PlotSettings,
  context: JobContext,
): Promise<Plot[]> {
  const n = items.length
  // An item has n − 1 neighbours, all alike at most.
  if (settings.perplexity >= n - 1) {
    throw badInput(
      `A perplexity of ${settings.perplexity} needs more than ${formatCounted(settings.perplexity + 1, 'item')}, but the map has ${formatCount(n)}.`,
      'Lower the perplexity, or map more items.',
    )
  }
  const outputs = await oneHotSensitivities(model, items, context)
  const names = outputs.map(({ name }) => name)
  const total = outputs.length
  const triangles: Float32Array[] = []
  // Each matrix is freed before the next, because it has n² values.
  for (let output = outputs.shift(); output; output = outputs.shift())
    triangles.push(await neighbourhoods(output, n, settings, context, triangles.length * n, total * n))

  const plots: Plot[] = []
  for (const [p, name] of names.entries()) {
    const triangle = triangles[p] ?? new Float32Array()
    const points = await tsne(n, triangle, settings.iterations, seededRandom(settings.seed).fork('map'), (done) => {
      stopIfCancelled(context)
      const placed = p * settings.iterations + done
      context.progress({ stage: 'Placing items', done: placed, total: total * settings.iterations, unit: 'iterations' })
    })
    plots.push({ name, divergence: divergence(triangle, points), ...points })
  }
  return plots
}

/** Symmetric joint probabilities of the pairs, as a triangle. */
async function neighbourhoods(
  output: Sensitivity,
  n: number,
  { scaling, perplexity }: PlotSettings,
  context: JobContext,
  done: number,
  total: number,
): Promise<Float32Array> {
  const similarity = similarities(output, n, scaling)
  const triangle = new Float32Array((n * (n - 1)) / 2)
  const [distances, buffer] = [new Float64Array(n), new Float64Array(n)]
  for (let row = 0; row < n; row++) {
    distancesOfRow(similarity, n, row, distances)
    addNeighbours(triangle, row, distances, perplexity, buffer)
    if (row % ROWS_PER_TURN !== 0) continue
    context.progress({ stage: 'Finding neighbourhoods', done: done + row, total, unit: 'items' })
    await nextTurn()
    stopIfCancelled(context)
  }
  return triangle
}

const ROWS_PER_TURN = 20

function stopIfCancelled({ signal }: JobContext): void {
  if (signal.aborted) throw cancelled('The map')
}
