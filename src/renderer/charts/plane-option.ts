import type { EChartsOption, ScatterSeriesOption } from 'echarts'
import type { Plane, PlaneGroup } from './plane'
import { chartText, tooltipLook } from './look'

interface Colours {
  readonly text: string
  readonly axis: string
  readonly grid: string
  readonly surface: string
  readonly strong: string
}

const groupId = (at: number): string => `group-${at}`
const faded = 0.16
const usual = 0.8

/** Half the width of the square that contains every point. */
const reach = ({ x, y }: Plane): number =>
  1.06 * Math.max(1e-9, ...x.map((value) => Math.abs(value)), ...y.map((value) => Math.abs(value)))

/** A point with its item's index as a third value, which events use to name it. */
const point = ({ x, y }: Plane, item: number): [number, number, number] => [x[item] ?? 0, y[item] ?? 0, item]

/** Axes, tooltip, zoom and brush of a plane, with one series per group: everything that depends on the data, the legend and the theme. */
export function planeOption(
  plane: Plane,
  groups: readonly PlaneGroup[],
  colours: Colours,
  tooltip: (item: number) => HTMLElement,
  itemOf: (event: unknown) => number | null,
): EChartsOption {
  const half = reach(plane)
  const axis = {
    type: 'value' as const,
    min: -half,
    max: half,
    axisLabel: { show: false },
    axisTick: { show: false },
    axisLine: { show: false },
    splitLine: { lineStyle: { color: colours.grid } },
  }
  return {
    animation: false,
    grid: { left: 1, right: 1, top: 1, bottom: 1 },
    textStyle: chartText,
    xAxis: axis,
    yAxis: axis,
    tooltip: {
      trigger: 'item',
      confine: true,
      ...tooltipLook(colours),
      formatter: (event) => {
        const item = itemOf(event)
        return item === null ? '' : tooltip(item)
      },
    },
    brush: {
      toolbox: [],
      xAxisIndex: 0,
      yAxisIndex: 0,
      transformable: false,
      brushStyle: { borderWidth: 1, borderColor: colours.strong, color: 'rgba(128, 128, 128, 0.15)' },
      outOfBrush: { colorAlpha: 1 },
    },
    dataZoom: [
      { type: 'inside', xAxisIndex: 0, filterMode: 'none', minSpan: 2 },
      { type: 'inside', yAxisIndex: 0, filterMode: 'none', minSpan: 2 },
    ],
    series: [
      ...groups.map(({ name, colour, symbol, items }, at): ScatterSeriesOption => ({
        id: groupId(at),
        name,
        type: 'scatter',
        symbol,
        symbolSize: 5,
        large: true,
        itemStyle: { color: colour, opacity: usual },
        data: items.map((item) => point(plane, item)),
      })),
      { id: 'selected', type: 'scatter', z: 4, data: [] },
      {
        id: 'focus',
        type: 'scatter',
        z: 5,
        silent: true,
        symbol: 'circle',
        symbolSize: 16,
        itemStyle: { color: 'transparent', borderColor: colours.strong, borderWidth: 2 },
        data: [],
      },
    ],
  }
}

/** The change that shows a selection: its items larger and above, all others faded. */
export function selectionChange(
  plane: Plane,
  groups: readonly PlaneGroup[],
  selected: ReadonlySet<number>,
  colours: Colours,
): EChartsOption {
  const opacity = selected.size > 0 ? faded : usual
  return {
    series: [
      ...groups.map(({ colour }, at): ScatterSeriesOption => ({
        id: groupId(at),
        type: 'scatter',
        itemStyle: { color: colour, opacity },
      })),
      {
        id: 'selected',
        type: 'scatter',
        symbolSize: 8,
        data: groups.flatMap(({ items, colour, symbol }) =>
          items
            .filter((item) => selected.has(item))
            .map((item) => ({
              value: point(plane, item),
              symbol,
              itemStyle: { color: colour, borderColor: colours.strong, borderWidth: 1 },
            })),
        ),
      },
    ],
  }
}

/** The change that rings one item. */
export const focusChange = (plane: Plane, item: number | null): EChartsOption => ({
  series: [{ id: 'focus', type: 'scatter', data: item === null ? [] : [point(plane, item)] }],
})
