import { z } from 'zod'
import { formatCount, formatCounted } from './format'
import { mapId, runId } from './ids'
import { numberSchema, wholeNumber } from './number-rules'

/** How outputs become similarities 0 … 1: min–max over the matrix, within each row, of the log over the matrix, or not at all. */
export const mapScaling = z.enum(['matrix', 'row', 'log', 'none'])
export type MapScaling = z.infer<typeof mapScaling>

/** With more items, the pairs do not fit the memory of a common machine. */
export const mostMapItems = 10_000

export const mapSettings = z.object({
  /** The n most popular items among the training users; null: all items that the run knows. */
  items: wholeNumber(10, mostMapItems).nullable(),
  scaling: mapScaling,
  /** About how many neighbours each item has. */
  perplexity: numberSchema({ min: 2, max: 1000 }),
  iterations: wholeNumber(50, 20_000),
  seed: wholeNumber(0),
})
export type MapSettings = z.infer<typeof mapSettings>

export const defaultMapSettings: MapSettings = {
  items: 3000,
  scaling: 'matrix',
  perplexity: 30,
  iterations: 1000,
  seed: 1,
}

/** Requested settings: a map needs more items than neighbours. The engine checks how many items there are. */
export const requestedMap = mapSettings.superRefine(({ items, perplexity }, context) => {
  if (items !== null && perplexity >= items - 1)
    context.addIssue({
      code: 'custom',
      path: ['perplexity'],
      message: `Enter a number below ${formatCount(items - 1)}: ${formatCounted(items, 'item')} have ${formatCount(items - 1)} neighbours each. Or map more items.`,
    })
})

export const mapRequest = z.object({ run: runId, settings: requestedMap })
export type MapRequest = z.infer<typeof mapRequest>

/** A plot shows the product (`joint`) or one member by its name. `divergence`: KL(P‖Q) in nats, the information about neighbourhoods that the plane has lost. */
const mapPlotSummary = z.object({ name: z.string(), divergence: z.number() })

/** A stored sensitivity map (figure 3 of the VASP paper). */
export const mapRecord = z.object({
  id: mapId,
  run: runId,
  settings: mapSettings,
  /** The epoch of the weights from which it was made. */
  epoch: z.number().int(),
  items: z.number().int(),
  plots: z.array(mapPlotSummary),
  seconds: z.number(),
  createdAt: z.iso.datetime(),
})
export type MapRecord = z.infer<typeof mapRecord>

export const mapItem = z.object({
  id: z.string(),
  title: z.string(),
  genres: z.array(z.string()),
  /** Training users who like it. */
  popularity: z.number().int(),
})
export type MapItem = z.infer<typeof mapItem>

/** Coordinates of each plot in the order of `items`, by popularity. */
export const mapDetail = mapRecord.extend({
  items: z.array(mapItem),
  plots: z.array(mapPlotSummary.extend({ x: z.array(z.number()), y: z.array(z.number()) })),
})
export type MapDetail = z.infer<typeof mapDetail>

/** The result of the job that made it. */
export const mapResult = z.object({ map: mapId })
export type MapResult = z.infer<typeof mapResult>
