import { palette } from './palette'

/** How a chart tells one of its series from the others, the same in its legend. */
export interface SeriesLook {
  readonly colour: string
  /** Lengths of dashes and gaps in pixels; none for a solid line. */
  readonly dashes: readonly number[]
  readonly shape: Shape
  /** Only the outline of the shape. */
  readonly outlined: boolean
}

/** All are centred on their point. With ten colours, twenty series have twenty different pairs of colour and shape. */
const shapes = ['circle', 'triangle', 'rect', 'diamond'] as const
type Shape = (typeof shapes)[number]

/** With every round through the colours another pattern. */
const rounds: readonly (readonly number[])[] = [[], [7, 4], [9, 3, 3, 3]]
/** Patterns of series that do not compare with the others. */
const apartRounds: readonly (readonly number[])[] = [
  [2, 3],
  [2, 3, 2, 8],
]

/**
 * The look of a series by its place among all, from 0.
 * @param apart it does not compare with the others: a dotted line, the outline of a shape
 */
export function seriesLook(index: number, apart = false): SeriesLook {
  const { series } = palette.value
  const patterns = apart ? apartRounds : rounds
  const round = Math.floor(index / series.length)
  return {
    colour: series[index % series.length] ?? '',
    dashes: patterns[round % patterns.length] ?? [],
    shape: shapes[index % shapes.length] ?? 'circle',
    outlined: apart,
  }
}

/** For the `lineStyle.type` of ECharts. */
export const lineType = ({ dashes }: SeriesLook): 'solid' | number[] => (dashes.length === 0 ? 'solid' : [...dashes])

/** For the `itemStyle` of ECharts. */
export const shapeStyle = ({ colour, outlined }: SeriesLook) =>
  outlined ? { color: palette.value.surface, borderColor: colour, borderWidth: 2 } : { color: colour }
