import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import {
  BrushComponent,
  DataZoomInsideComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TitleComponent,
  TooltipComponent,
} from 'echarts/components'
import { connect, init, use } from 'echarts/core'
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers'

// Only the chart types in use are bundled.
use([
  BarChart,
  LineChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  TitleComponent,
  TooltipComponent,
  MarkLineComponent,
  BrushComponent,
  DataZoomInsideComponent,
  CanvasRenderer,
  SVGRenderer,
])

/** Charts of a group show the same place under the pointer and zoom together. */
export { connect as connectCharts, init as newChart }
export { default as VChart } from 'vue-echarts'
