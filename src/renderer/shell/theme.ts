import { computed, ref, watchEffect } from 'vue'
import type { Settings } from '../../shared/system'
import { onPaper } from './paper'

export type Theme = Settings['theme']

const systemDark = window.matchMedia('(prefers-color-scheme: dark)')
const systemIsDark = ref(systemDark.matches)
systemDark.addEventListener('change', (event) => (systemIsDark.value = event.matches))

/** The chosen theme; the settings store sets it. */
export const theme = ref<Theme>('system')
export const isDark = computed(() => (theme.value === 'system' ? systemIsDark.value : theme.value === 'dark'))

// Paper is light in both themes.
watchEffect(() => {
  const root = document.documentElement
  const dark = isDark.value && !onPaper.value
  root.classList.toggle('dark', dark)
  root.classList.toggle('light', !dark)
  root.style.colorScheme = dark ? 'dark' : 'light'
})
