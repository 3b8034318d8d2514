/** A run by its cost (lower is better) and its quality (higher is better). */
export interface Priced {
  readonly cost: number
  readonly quality: number
}

/** Those that no other beats in both: none is better at no higher cost, or as good at a lower one. From the lowest cost on. */
export const paretoFront = <Run extends Priced>(runs: readonly Run[]): Run[] =>
  runs
    .filter(
      (run) =>
        !runs.some(
          (other) =>
            other.cost <= run.cost &&
            other.quality >= run.quality &&
            (other.cost < run.cost || other.quality > run.quality),
        ),
    )
    .sort((a, b) => a.cost - b.cost || a.quality - b.quality)
