/** Bisections of one row's width: the same bound as scikit-learn's. */
const MOST_BISECTIONS = 100
/** Nats by which a row's entropy may miss log(perplexity). */
const TOLERANCE = 1e-5

/** Where pair (i, j), i < j, of n points lies in a triangle without diagonal, row by row. */
export const pairAt = (n: number, i: number, j: number): number => (i * (2 * n - i - 1)) / 2 + (j - i - 1)

/**
 * Adds one point's conditional probabilities p(j|i) to the triangle: Gaussian in the squared distance, its width found by bisection so that the row's
 * entropy is log(perplexity) (van der Maaten & Hinton, 2008, eq. 1). `distances` [n] are those of point i as given: they need be neither symmetric
 * nor a metric, since t-SNE makes the probabilities symmetric. `buffer` is [n] and is overwritten.
 */
export function addNeighbours(
  triangle: Float32Array,
  i: number,
  distances: Float64Array,
  perplexity: number,
  buffer: Float64Array,
): void {
  const n = distances.length
  let nearest = Infinity
  for (let j = 0; j < n; j++) if (j !== i) nearest = Math.min(nearest, distances[j]! ** 2)
  const wanted = Math.log(perplexity)
  let [beta, low, high] = [1, 0, Infinity]
  let sum = 0
  for (let step = 0; step < MOST_BISECTIONS; step++) {
    sum = 0
    let weighted = 0
    for (let j = 0; j < n; j++) {
      // From the nearest one on, so that a narrow width does not underflow.
      const excess = distances[j]! ** 2 - nearest
      const p = j === i ? 0 : Math.exp(-beta * excess)
      buffer[j] = p
      sum += p
      weighted += p * excess
    }
    const surplus = Math.log(sum) + (beta * weighted) / sum - wanted
    if (Math.abs(surplus) <= TOLERANCE) break
    if (surplus > 0) low = beta
    else high = beta
    beta = high === Infinity ? beta * 2 : (low + high) / 2
  }
  for (let j = 0; j < n; j++) {
    if (j !== i) triangle[j > i ? pairAt(n, i, j) : pairAt(n, j, i)]! += buffer[j]! / sum / (2 * n)
  }
}
