import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'

/** Where a stream stands: with it, the stream goes on with the same draws. */
export type RandomState = readonly number[]

/** A seeded source of randomness: the same seed and the same calls give the same draws on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number
  /** Uniform integer in [0, below). */
  integer(below: number): number
  /** n uniform float32 draws in [low, high), fast enough for hundreds of millions of weights. */
  uniformFloats(n: number, low: number, high: number): Float32Array
  /** n standard normal draws (Box–Muller). */
  normal(n: number): Float32Array
  /** Shuffles in place (Fisher–Yates) and returns its argument. */
  shuffle<T extends number[] | Int32Array>(values: T): T
  /** An independent stream named by `label`, so that adding draws in one place leaves all others as they were. */
  fork(label: string): Random
  /** Where the stream stands now. */
  state(): RandomState
  /** Goes on from where a stream of the same seed stood. */
  goOnFrom(state: RandomState): void
}

/** FNV-1a over the label, mixed with the seed. */
function mix(seed: number, label: string): number {
  let hash = 0x811c9dc5 ^ seed
  for (let i = 0; i < label.length; i++) hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193)
  return hash | 0
}

/** @param seed any integer; only its low 32 bits count. */
export function seededRandom(seed: number): Random {
  let generator = xoroshiro128plus(seed | 0)
  const uniform = (): number => uniformFloat64(generator)
  const integer = (below: number): number => uniformInt(generator, 0, below - 1)
  return {
    uniform,
    integer,
    uniformFloats(n, low, high) {
      const out = new Float32Array(n)
      const width = (high - low) / 2 ** 24
      // 24 bits are all that a float32 holds.
      for (let i = 0; i < n; i++) out[i] = low + (generator.next() >>> 8) * width
      return out
    },
    normal(n) {
      const out = new Float32Array(n)
      for (let i = 0; i < n; i += 2) {
        const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
        const angle = 2 * Math.PI * uniform()
        out[i] = radius * Math.cos(angle)
        if (i + 1 < n) out[i + 1] = radius * Math.sin(angle)
      }
      return out
    },
    shuffle(values) {
      for (let i = values.length - 1; i > 0; i--) {
        const j = integer(i + 1)
        const swapped = values[i] ?? 0
        values[i] = values[j] ?? 0
        values[j] = swapped
      }
      return values
    },
    fork: (label) => seededRandom(mix(seed, label)),
    state: () => [...generator.getState()],
    goOnFrom(state) {
      generator = xoroshiro128plusFromState(state)
    },
  }
}
