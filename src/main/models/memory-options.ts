import { z } from 'zod'
import { StudioError } from '../../shared/errors'
import { formatBytes, formatCount } from '../../shared/format'
import type { ModelConfig } from '../../shared/models'
import { widthKeys } from './config'
import { estimateMemory, type EstimatedRun } from './memory-estimate'

/** Settings that would make a run fit, and what it would then need. */
export interface FittingOption {
  readonly settings: ModelConfig
  readonly peak: number
}

/** Narrower ones are too narrow to be worth a model. */
const LEAST_WIDTH = 32
const MOST_PARTS = 64
/** Of what is free, what an offered run may be estimated at: the estimate is fitted to peaks, which lie to both sides of it. */
const OFFERED = 0.9

/**
 * The mildest change of each kind with which a run needs at most `usable` bytes: smaller widths, a step in more
 * parts. Kinds that cannot make it fit are left out. bfloat16 is none of them: what it rounds is gone after each product.
 */
export function fittingOptions(run: EstimatedRun, usable: number): FittingOption[] {
  const { model } = run
  const { definition, loop, config } = model
  if (!loop) return []
  const kinds: ModelConfig[][] = [
    narrower(config, widthKeys(definition.settings)),
    [2, 4, 8, 16, 32, MOST_PARTS]
      .filter((parts) => parts > loop.accumulate && parts <= loop.batchRows)
      .map((accumulate) => ({ accumulate })),
  ]
  return kinds.flatMap((kind) => {
    for (const settings of kind) {
      const changed = definition.configured({ ...config, ...settings })
      const { peak } = estimateMemory({ ...run, model: changed })
      if (peak <= usable) return [{ settings, peak }]
    }
    return []
  })
}

/** How many items fit into `usable` bytes with everything else as it is; 0 where not even one does. */
export function mostItems(run: EstimatedRun, usable: number): number {
  let [fits, tooMany] = [0, run.items]
  while (tooMany - fits > 1) {
    const items = Math.floor((fits + tooMany) / 2)
    if (estimateMemory({ ...run, items }).peak <= usable) fits = items
    else tooMany = items
  }
  return fits
}

/** All widths halved, and halved again, while the first of them stays wide enough to be worth a model. */
function narrower(config: ModelConfig, keys: readonly string[]): ModelConfig[] {
  const widths = keys.map((key) => ({ key, width: z.number().parse(config[key]) }))
  const smaller: ModelConfig[] = []
  for (let factor = 0.5; (widths[0]?.width ?? 0) * factor >= LEAST_WIDTH; factor /= 2)
    smaller.push(Object.fromEntries(widths.map(({ key, width }) => [key, Math.max(1, Math.round(width * factor))])))
  return smaller
}

/**
 * Throws OUT_OF_MEMORY where a run is estimated to need more than `usable` bytes, with the settings that would fit.
 *
 * @param gpu the GPU whose memory it is, by its title; null: the machine's own
 */
export function requireMemory(run: EstimatedRun, usable: number, gpu: string | null = null): void {
  const estimate = estimateMemory(run)
  if (estimate.peak <= usable) return
  const parts = (['weights', 'optimiser', 'gradients', 'activations', 'solution', 'base'] as const)
    .filter((part) => estimate[part] > 0)
    .map((part) => `${part === 'base' ? 'process and data' : part} ${formatBytes(estimate[part])}`)
    .join(', ')
  const options = fittingOptions(run, OFFERED * usable).map(
    ({ settings, peak }) =>
      `${Object.entries(settings)
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(' with ')} (about ${formatBytes(peak)})`,
  )
  const items = mostItems(run, OFFERED * usable)
  if (items > 0) options.push(`only the ${formatCount(items)} most popular items (--most-popular ${items})`)
  throw new StudioError({
    code: 'OUT_OF_MEMORY',
    message: `This run needs about ${formatBytes(estimate.peak)} of memory (${parts}), and ${formatBytes(usable)} are free${gpu === null ? '' : ` on ${gpu}`}.`,
    next: `${
      options.length > 0
        ? `Each of these would fit: ${options.join('; ')}.`
        : 'No single setting makes it fit: choose the compact preset, or fewer items.'
    }${gpu === null ? '' : ' Or train on the processor (--device cpu).'} Or close other programs; VASP_MEMORY=GiB says how much a run may take.`,
  })
}
