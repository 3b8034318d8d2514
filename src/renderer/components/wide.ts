import { computed, ref } from 'vue'

/** Width of the window in CSS pixels: half as many at a zoom of 200 %. */
export const windowWidth = ref(window.innerWidth)
window.addEventListener('resize', () => (windowWidth.value = window.innerWidth))

/** From these widths on, content that narrower windows fold elsewhere has room. */
export const widths = { medium: 960, large: 1280, wide: 1536 } as const

/** Whether the window is wide enough for the columns that narrow tables show in the second line of another. */
export const isWide = computed(() => windowWidth.value >= widths.wide)
