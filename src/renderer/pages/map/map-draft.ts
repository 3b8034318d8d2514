import { mapSettings, type MapScaling, type MapSettings } from '../../../shared/maps'

/** The form of a new map: numbers as they are typed. */
export interface MapDraft {
  /** Empty: all items. */
  items: string
  scaling: MapScaling
  perplexity: string
  iterations: string
  seed: string
}

export const draftOf = ({ items, scaling, perplexity, iterations, seed }: MapSettings): MapDraft => ({
  items: items === null ? '' : String(items),
  scaling,
  perplexity: String(perplexity),
  iterations: String(iterations),
  seed: String(seed),
})

const number = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text))

const valuesOf = (draft: MapDraft): Record<keyof MapSettings, unknown> => ({
  items: draft.items.trim() === '' ? null : number(draft.items),
  scaling: draft.scaling,
  perplexity: number(draft.perplexity),
  iterations: number(draft.iterations),
  seed: number(draft.seed),
})

const rules: Readonly<Record<keyof MapSettings, string>> = {
  items: 'A whole number from 10 to 10,000, or empty for all.',
  scaling: 'One of the list.',
  perplexity: 'A number from 2 to 1,000.',
  iterations: 'A whole number from 50 to 20,000.',
  seed: 'A whole number from 0 on.',
}

/** What is wrong with each field, and the settings where nothing is. */
export function readDraft(draft: MapDraft): {
  settings: MapSettings | null
  problems: Partial<Record<keyof MapSettings, string>>
} {
  const read = mapSettings.safeParse(valuesOf(draft))
  if (!read.success) {
    const wrong = new Set(read.error.issues.map(({ path }) => path[0]))
    const fields = (['items', 'scaling', 'perplexity', 'iterations', 'seed'] as const).filter((key) => wrong.has(key))
    return { settings: null, problems: Object.fromEntries(fields.map((key) => [key, rules[key]])) }
  }
  const { items, perplexity } = read.data
  if (items === null || perplexity < items - 1) return { settings: read.data, problems: {} }
  return {
    settings: null,
    problems: { perplexity: `Less than the items: ${items} have ${items - 1} neighbours each.` },
  }
}

const scalings: Readonly<Record<MapScaling, string>> = {
  matrix: 'min–max over the matrix',
  row: 'min–max in each row',
  log: 'min–max of the log',
  none: 'not scaled',
}
export const scalingLabel = (scaling: MapScaling): string => scalings[scaling]

/** `perplexity 30 · min–max over the matrix · 1000 iterations`: what tells two maps of a run apart. */
export const settingsText = ({ perplexity, scaling, iterations, seed }: MapSettings): string =>
  [
    `perplexity ${perplexity}`,
    scalingLabel(scaling),
    `${iterations} iterations`,
    ...(seed === 1 ? [] : [`seed ${seed}`]),
  ].join(' · ')
