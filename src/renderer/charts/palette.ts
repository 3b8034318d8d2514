import { computed } from 'vue'
import { isDark } from '../shell/theme'

/** Colours of the charts, one set per theme; series hues stay apart for the common colour vision deficiencies. */
const light = {
  text: '#475569',
  grid: '#e2e8f0',
  axis: '#cbd5e1',
  surface: '#ffffff',
  series: ['#4f46e5', '#0f766e', '#b45309', '#be185d', '#0369a1', '#64748b'],
}
const dark: typeof light = {
  text: '#94a3b8',
  grid: '#1e293b',
  axis: '#334155',
  surface: '#0f172a',
  series: ['#818cf8', '#2dd4bf', '#fbbf24', '#f472b6', '#38bdf8', '#94a3b8'],
}

export const palette = computed(() => (isDark.value ? dark : light))
