import { computed, ref } from 'vue'
import { onPaper } from '../shell/paper'
import { isDark } from '../shell/theme'

/** Colours of the charts, one set per theme; series hues stay apart for the common colour vision deficiencies. */
const light = {
  text: '#475569',
  grid: '#e2e8f0',
  axis: '#cbd5e1',
  surface: '#ffffff',
  series: [
    '#4f46e5',
    '#0f766e',
    '#b45309',
    '#be185d',
    '#0369a1',
    '#64748b',
    '#7e22ce',
    '#4d7c0f',
    '#b91c1c',
    '#0891b2',
  ],
  strong: '#0f172a',
  groups: ['#0072b2', '#d55e00', '#00875f', '#b5487f', '#2f8fd3', '#a86f00', '#1f2937', '#7a7d00'],
  rest: '#94a3b8',
}
const dark: typeof light = {
  text: '#94a3b8',
  grid: '#1e293b',
  axis: '#334155',
  surface: '#0f172a',
  series: [
    '#818cf8',
    '#2dd4bf',
    '#fbbf24',
    '#f472b6',
    '#38bdf8',
    '#94a3b8',
    '#c084fc',
    '#a3e635',
    '#f87171',
    '#22d3ee',
  ],
  strong: '#ffffff',
  groups: ['#56b4e9', '#ff7f45', '#2bd4a0', '#f08bc3', '#8b9dff', '#e6a100', '#f1f5f9', '#f0e442'],
  rest: '#64748b',
}

/** Pictures are as light as paper. */
const onPicture = ref(false)

export const palette = computed(() => (isDark.value && !onPaper.value && !onPicture.value ? dark : light))

/** What `make` computes with the colours of paper. */
export function inPaperColours<Made>(make: () => Made): Made {
  onPicture.value = true
  try {
    return make()
  } finally {
    onPicture.value = false
  }
}

/** Shapes in addition to the colours, so that groups differ for colour-blind people. */
const symbols = ['circle', 'triangle', 'rect', 'diamond']
export const groupSymbol = (rank: number | null): string => symbols[(rank ?? 0) % symbols.length] ?? 'circle'
