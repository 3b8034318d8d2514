/** Text for a tooltip: those of ECharts are HTML, and names of runs are any text. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\n', '<br>')
