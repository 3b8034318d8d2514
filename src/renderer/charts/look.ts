import type { palette } from './palette'

/** What all charts have in common, in the colours of the theme. */
type Colours = Pick<(typeof palette)['value'], 'text' | 'axis' | 'grid' | 'surface'>

export const chartText = { fontFamily: 'system-ui, sans-serif' }

export const tooltipLook = (colours: Colours) => ({
  backgroundColor: colours.surface,
  borderColor: colours.axis,
  textStyle: { color: colours.text, fontSize: 12 },
})

const compact = new Intl.NumberFormat('en-US', { notation: 'compact' })

/** The vertical axis of charts of counts. */
export const countAxis = (colours: Colours) => ({
  type: 'value' as const,
  splitNumber: 4,
  splitLine: { lineStyle: { color: colours.grid } },
  axisLabel: { color: colours.text, fontSize: 11, formatter: (value: number) => compact.format(value) },
})
