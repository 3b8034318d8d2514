import { ref } from 'vue'

/** Whether the page is being printed. Paper is light, and what would scroll on the screen stands on it as a whole. */
export const onPaper = ref(false)
window.addEventListener('beforeprint', () => (onPaper.value = true))
window.addEventListener('afterprint', () => (onPaper.value = false))

/** The width of an upright A4 page without its margins, in CSS pixels (96 per inch). */
export const paperWidth = 690
