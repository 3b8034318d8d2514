import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import {
  BrushComponent,
  DataZoomInsideComponent,
  GridComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components'
import { connect, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

// Only the chart types in use are bundled.
use([
  BarChart,
  LineChart,
  ScatterChart,
  GridComponent,
  TooltipComponent,
  MarkLineComponent,
  BrushComponent,
  DataZoomInsideComponent,
  CanvasRenderer,
])

/** Charts of a group show the same place under the pointer and zoom together. */
export { connect as connectCharts }
export { default as VChart } from 'vue-echarts'
