import path from 'node:path'
import type { NuxtUIOptions } from '@nuxt/ui/vite'

const root = import.meta.dirname
const generated = path.join(root, 'node_modules/.nuxt-ui')

/** Nuxt UI for the build and for the component specs: icons are bundled (no network), generated types stay out of the sources. */
export const nuxtUi: NuxtUIOptions = {
  root,
  // The theme is the app's own setting (shell/theme.ts).
  colorMode: false,
  ui: { colors: { primary: 'indigo', neutral: 'slate' } },
  icon: { clientBundle: { scan: true } },
  autoImport: { dts: path.join(generated, 'auto-imports.d.ts') },
  components: { dts: path.join(generated, 'components.d.ts') },
}
