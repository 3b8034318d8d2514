import path from 'node:path'
import type { NuxtUIOptions } from '@nuxt/ui/vite'

const root = import.meta.dirname
const generated = path.join(root, 'node_modules/.nuxt-ui')

const dense = { base: 'text-[13px]', leadingIcon: 'size-4', trailingIcon: 'size-4' }

/** Nuxt UI for the build and for the component specs: icons are bundled (no network), generated types stay out of the sources. */
export const nuxtUi: NuxtUIOptions = {
  root,
  // The theme is the app's own setting (shell/theme.ts).
  colorMode: false,
  ui: {
    colors: { primary: 'indigo', neutral: 'slate' },
    // Smaller icons and letters than the library's: the interface is for dense work.
    button: { variants: { size: { md: dense } } },
    input: { variants: { size: { md: dense } } },
    select: { variants: { size: { md: dense } } },
    selectMenu: { variants: { size: { md: dense } } },
    // Messages stand in the narrow navigation.
    toast: { slots: { actions: 'flex-wrap' } },
  },
  icon: { clientBundle: { scan: { globInclude: ['src/renderer/**/*.{vue,ts}'], globExclude: ['**/*.spec.ts'] } } },
  autoImport: { dts: path.join(generated, 'auto-imports.d.ts') },
  components: { dts: path.join(generated, 'components.d.ts') },
}
