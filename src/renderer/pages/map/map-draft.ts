import type { MapScaling, MapSettings } from '../../../shared/maps'

const scalings: Readonly<Record<MapScaling, string>> = {
  matrix: 'min–max over the matrix',
  row: 'min–max in each row',
  log: 'min–max of the log',
  none: 'not scaled',
}
export const scalingLabel = (scaling: MapScaling): string => scalings[scaling]

/** `perplexity 30 · min–max over the matrix · 1000 iterations`: distinguishes the maps of a run. */
export const settingsText = ({ perplexity, scaling, iterations, seed }: MapSettings): string =>
  [
    `perplexity ${perplexity}`,
    scalingLabel(scaling),
    `${iterations} iterations`,
    ...(seed === 1 ? [] : [`seed ${seed}`]),
  ].join(' · ')
