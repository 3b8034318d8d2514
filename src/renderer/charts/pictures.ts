import type { EChartsOption } from 'echarts'
import { inject, onScopeDispose, type InjectionKey } from 'vue'
import { paperWidth } from '../shell/paper'
import { newChart } from './echarts'
import { inPaperColours, palette } from './palette'

/** A chart that can be saved as a picture. */
export interface Picturable {
  /** Says what the chart shows. */
  label(): string
  /** Computed with the colours of the moment. */
  option(): EChartsOption
}

/** How a frame gets to know the charts in it; the function that is returned takes one out again. */
export const pictures: InjectionKey<(chart: Picturable) => () => void> = Symbol('pictures')

/** Offers the calling chart as a picture, if it is in a frame that saves pictures. */
export function usePicture(chart: Picturable): void {
  const add = inject(pictures, null)
  if (add) onScopeDispose(add(chart))
}

/** In pixels; a PNG has twice as many. */
const SIZE = { width: 960, height: 480 }
const PNG_RATIO = 2

/** The chart on a light ground, with its label as title and its names as legend, which the page has outside the chart. */
function paperOption(chart: Picturable): EChartsOption {
  return inPaperColours(() => {
    const { text, strong, surface } = palette.value
    const option = chart.option()
    const series = [option.series ?? []].flat()
    const names = [...new Set(series.flatMap(({ name }) => (typeof name === 'string' ? [name] : [])))]
    return {
      ...option,
      animation: false,
      backgroundColor: surface,
      title: { text: chart.label(), left: 12, top: 10, textStyle: { color: strong, fontSize: 15 } },
      legend: { show: names.length > 1, data: names, left: 12, top: 36, textStyle: { color: text }, itemHeight: 8 },
      grid: { ...[option.grid ?? {}].flat()[0], left: 16, right: 24, top: names.length > 1 ? 80 : 56, bottom: 24 },
    }
  })
}

/** The chart as an SVG document. */
export const svgOf = (chart: Picturable): string => svgDrawing(paperOption(chart), SIZE)

/** The chart as it stands on its page, as SVG in light colours, for paper. @param height in pixels at the usual width of a page */
export const printedSvg = (chart: Picturable, height: number): string =>
  svgDrawing(
    inPaperColours(() => chart.option()),
    { width: paperWidth, height },
  )

function svgDrawing(option: EChartsOption, size: { width: number; height: number }): string {
  const drawn = newChart(null, null, { renderer: 'svg', ssr: true, ...size })
  try {
    drawn.setOption(option)
    return drawn.renderToSVGString()
  } finally {
    drawn.dispose()
  }
}

/** The chart as the data URL of a PNG. */
export function pngOf(chart: Picturable): string {
  const drawn = newChart(document.createElement('div'), null, { renderer: 'canvas', ...SIZE })
  try {
    drawn.setOption(paperOption(chart))
    return drawn.getDataURL({ type: 'png', pixelRatio: PNG_RATIO })
  } finally {
    drawn.dispose()
  }
}
