import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import {
  BrushComponent,
  DataZoomInsideComponent,
  GridComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components'
import { use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

// Only what is drawn here is bundled.
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

export { default as VChart } from 'vue-echarts'
