import { describe, expect, it } from 'vitest'
import { expectClose } from '../../../../test/fixtures/closeness'
import reference from '../../../../test/fixtures/tsne/reference.json'
import { seededRandom } from '../../numeric/random'
import { addNeighbours, pairAt } from './neighbours'
import { divergence, Forces, tsne, type Embedding } from './t-sne'

const { n, groups, perplexity } = reference
const pairs = (count: number): number => (count * (count - 1)) / 2

/** The distances of make_reference.py: groups far apart, a line inside each, not symmetric. */
function referenceRow(i: number): Float64Array {
  return Float64Array.from({ length: n }, (_, j) => {
    if (i === j) return 0
    const inside = Math.exp(-((i - j) ** 2) / 800)
    const noise = 0.1 * Math.abs(Math.sin(12.9898 * (i + 1) + 78.233 * (j + 1)))
    return 1 - 0.99 * ((i % groups === j % groups ? 0.2 + 0.7 * inside : 0.1) + noise)
  })
}

function trianglesOf(count: number, row: (i: number) => Float64Array, wanted: number): Float32Array {
  const triangle = new Float32Array(pairs(count))
  const buffer = new Float64Array(count)
  for (let i = 0; i < count; i++) addNeighbours(triangle, i, row(i), wanted, buffer)
  return triangle
}

const rowOf = (triangle: Float32Array, i: number): number[] =>
  Array.from({ length: n }, (_, j) => (i === j ? 0 : (triangle[pairAt(n, Math.min(i, j), Math.max(i, j))] ?? NaN)))

/** Share of each point's k nearest in the plane that are of its own group. */
function purity({ x, y }: Embedding, k: number, groupOf: (i: number) => number): number {
  let same = 0
  for (let i = 0; i < x.length; i++) {
    const near = Array.from({ length: x.length }, (_, j) => j)
      .filter((j) => j !== i)
      .sort((a, b) => Math.hypot(x[a]! - x[i]!, y[a]! - y[i]!) - Math.hypot(x[b]! - x[i]!, y[b]! - y[i]!))
    same += near.slice(0, k).filter((j) => groupOf(j) === groupOf(i)).length
  }
  return same / (k * x.length)
}

describe('against scikit-learn', () => {
  const triangle = trianglesOf(n, referenceRow, perplexity)

  it('gives the same joint probabilities', () => {
    expect(2 * triangle.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5)
    expectClose(rowOf(triangle, 0), reference.p_row_0, { relative: 1e-4, absolute: 1e-9 }, 'row 0')
    expectClose(rowOf(triangle, 77), reference.p_row_77, { relative: 1e-4, absolute: 1e-9 }, 'row 77')
  })

  it('gives the same divergence and gradient for fixed points', () => {
    const points = {
      x: Float64Array.from({ length: n }, (_, k) => 3 * Math.sin(k * 1.7)),
      y: Float64Array.from({ length: n }, (_, k) => 3 * Math.cos(k * 0.9)),
    }
    expect(divergence(triangle, points)).toBeCloseTo(reference.fixed_points.divergence, 4)
    const forces = new Forces(n, triangle)
    forces.at(points, 1)
    const wanted = reference.fixed_points.gradient.flat()
    const found = Array.from({ length: wanted.length / 2 }, (_, i) => [forces.x[i] ?? NaN, forces.y[i] ?? NaN]).flat()
    expectClose(found, wanted, { relative: 1e-3, absolute: 1e-7 }, 'gradient')
  })

  it('ends within the divergences of its seeds', async () => {
    const [best = 0, ...others] = reference.divergence_of_10_seeds
    const worst = others.at(-1) ?? 0
    for (const seed of [1, 2, 3]) {
      const points = await tsne(n, triangle, 1000, seededRandom(seed), () => undefined)
      const found = divergence(triangle, points)
      expect(found, `seed ${seed}`).toBeLessThanOrEqual(worst * 1.02)
      expect(found, `seed ${seed}`).toBeGreaterThanOrEqual(best * 0.95)
    }
  })

  it('keeps the planted groups together', async () => {
    const points = await tsne(n, triangle, 500, seededRandom(1), () => undefined)
    expect(purity(points, 5, (i) => i % groups)).toBeGreaterThan(0.97)
    // And does not do so whatever it is given.
    const shuffled = seededRandom(7).shuffle(Int32Array.from({ length: n }, (_, i) => i))
    expect(purity(points, 5, (i) => (shuffled[i] ?? 0) % groups)).toBeLessThan(0.4)
  })
})

describe('neighbour probabilities', () => {
  it('have the perplexity asked for', () => {
    const triangle = new Float32Array(pairs(n))
    addNeighbours(triangle, 3, referenceRow(3), 12, new Float64Array(n))
    const conditional = rowOf(triangle, 3).map((p) => p * 2 * n)
    expect(conditional.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5)
    const entropy = -conditional.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0)
    expect(Math.exp(entropy)).toBeCloseTo(12, 2)
  })

  it('are finite where all are equally far, and where nearly all are', () => {
    const alike = trianglesOf(6, () => new Float64Array(6).fill(0.5), 3)
    expectClose(alike, new Float32Array(15).fill(1 / 30), { relative: 1e-5 }, 'alike')
    const nearly = trianglesOf(6, (i) => Float64Array.from({ length: 6 }, (_, j) => 1 - 1e-9 * ((i + j) % 5)), 3)
    expect(nearly.every(Number.isFinite)).toBe(true)
    expect(2 * nearly.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5)
  })
})

describe('t-SNE', () => {
  it('centres the points and calls after each iteration; what that throws ends it', async () => {
    const triangle = trianglesOf(n, referenceRow, perplexity)
    const seen: number[] = []
    const { x, y } = await tsne(n, triangle, 50, seededRandom(1), (done) => seen.push(done))
    expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
    for (const axis of [x, y]) expect(axis.reduce((sum, value) => sum + value, 0) / n).toBeCloseTo(0, 9)
    const stopped = tsne(n, triangle, 50, seededRandom(1), (done) => {
      if (done === 3) throw new Error('enough')
    })
    await expect(stopped).rejects.toThrow('enough')
  })
})
