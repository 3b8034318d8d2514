import { z } from 'zod'
import { StudioError } from '../../shared/errors'
import { formatBytes, formatCount } from '../../shared/format'
import type { ModelConfig } from '../../shared/models'
import { widthKeys } from './config'
import { estimateMemory, type EstimatedRun } from './memory-estimate'

/** Settings with which a run would fit, and the memory it would then need. */
export interface FittingOption {
  readonly settings: ModelConfig
  readonly peak: number
}

/** Narrower models are not worth training. */
const LEAST_WIDTH = 32
const MOST_STEPS = 64
/** Share of the free memory that a suggested run may be estimated to need, because the true peak can exceed the estimate. */
const OFFERED = 0.9

/**
 * For each kind of change (smaller widths, more gradient accumulation steps) the smallest one with which a run needs at most `usable` bytes. Kinds
 * that cannot make it fit are left out. bfloat16 does not help, because its rounded copies are freed after each product.
 */
export function fittingOptions(run: EstimatedRun, usable: number): FittingOption[] {
  const { model } = run
  const { definition, loop, config } = model
  if (!loop) return []
  const kinds: ModelConfig[][] = [
    narrower(config, widthKeys(definition.settings)),
    [2, 4, 8, 16, 32, MOST_STEPS]
      .filter((count) => count > loop.accumulate && count <= loop.batchRows)
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

/** How many items fit into `usable` bytes if nothing else changes; 0 if none does. */
export function mostItems(run: EstimatedRun, usable: number): number {
  let [fits, tooMany] = [0, run.items]
  while (tooMany - fits > 1) {
    const items = Math.floor((fits + tooMany) / 2)
    if (estimateMemory({ ...run, items }).peak <= usable) fits = items
    else tooMany = items
  }
  return fits
}

/** All widths halved, again and again, while the first stays above the minimum. */
function narrower(config: ModelConfig, keys: readonly string[]): ModelConfig[] {
  const widths = keys.map((key) => ({ key, width: z.number().parse(config[key]) }))
  const smaller: ModelConfig[] = []
  for (let factor = 0.5; (widths[0]?.width ?? 0) * factor >= LEAST_WIDTH; factor /= 2)
    smaller.push(Object.fromEntries(widths.map(({ key, width }) => [key, Math.max(1, Math.round(width * factor))])))
  return smaller
}

/**
 * Throws OUT_OF_MEMORY with settings that would fit if a run is estimated to need more than `usable` bytes.
 *
 * @param gpu title of the GPU whose memory this is; null for the machine's memory
 */
export function requireMemory(run: EstimatedRun, usable: number, gpu: string | null = null): void {
  const estimate = estimateMemory(run)
  if (estimate.peak <= usable) return
  const breakdown = (['weights', 'optimiser', 'gradients', 'activations', 'solution', 'base'] as const)
    .filter((need) => estimate[need] > 0)
    .map((need) => `${need === 'base' ? 'process and data' : need} ${formatBytes(estimate[need])}`)
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
    message: `This run needs about ${formatBytes(estimate.peak)} of memory (${breakdown}), and ${formatBytes(usable)} are free${gpu === null ? '' : ` on ${gpu}`}.`,
    next: `${
      options.length > 0
        ? `Each of these would fit: ${options.join('; ')}.`
        : 'No single setting makes it fit: choose a smaller preset or model, or use fewer items.'
    }${gpu === null ? '' : ' Or train on the processor (--device cpu).'} Or close other programs. VASP_MEMORY=GiB sets how much a run may use.`,
  })
}
