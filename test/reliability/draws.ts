import { seededRandom } from '../../src/main/numeric/random'

/** Draws for attacks: the same seed and label give the same draws on every machine. */
export interface Draws {
  /** Uniform integer in [0, limit); 0 where the limit is 0. */
  below(limit: number): number
  chance(probability: number): boolean
  of<T>(choices: readonly T[]): T
  bytes(count: number): Buffer
}

export function draws(seed: number, label: string): Draws {
  const random = seededRandom(seed).fork(label)
  const below = (limit: number): number => (limit > 0 ? random.integer(limit) : 0)
  return {
    below,
    chance: (probability) => random.uniform() < probability,
    of(choices) {
      const chosen = choices[below(choices.length)]
      if (chosen === undefined) throw new Error('There is nothing to choose from.')
      return chosen
    },
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => below(256))),
  }
}
