import { ref } from 'vue'

const query = window.matchMedia('(min-width: 1536px)')

/** Whether the window is wide enough for the columns that narrow tables fold into the second line of another. */
export const isWide = ref(query.matches)
query.addEventListener('change', (event) => (isWide.value = event.matches))
