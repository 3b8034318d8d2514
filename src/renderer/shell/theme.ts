import { computed, ref, watchEffect } from 'vue'
import type { Settings } from '../../shared/system'

export type Theme = Settings['theme']

const systemDark = window.matchMedia('(prefers-color-scheme: dark)')
const systemIsDark = ref(systemDark.matches)
systemDark.addEventListener('change', (event) => (systemIsDark.value = event.matches))

/** The chosen theme; the settings store sets it. */
export const theme = ref<Theme>('system')
export const isDark = computed(() => (theme.value === 'system' ? systemIsDark.value : theme.value === 'dark'))

watchEffect(() => {
  const root = document.documentElement
  root.classList.toggle('dark', isDark.value)
  root.classList.toggle('light', !isDark.value)
  root.style.colorScheme = isDark.value ? 'dark' : 'light'
})
