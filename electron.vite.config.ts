import ui from '@nuxt/ui/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { builtCommit } from './built-commit'
import { bundledPackages } from './bundled-packages.plugin'
import { nuxtUi } from './nuxt-ui.config'

/** The oldest engines that run the bundles: the end-to-end tests' Electron 33 (Node 20.18, Chrome 130). */
const oldestNode = 'node20.18'
const oldestChromium = 'chrome130'

export default defineConfig({
  main: {
    define: { 'import.meta.env.VASP_COMMIT': JSON.stringify(builtCommit(import.meta.dirname)) },
    build: {
      outDir: 'out/main',
      target: oldestNode,
      minify: false,
      rolldownOptions: {
        input: {
          index: 'src/main/index.ts',
          worker: 'src/main/worker/index.ts',
          batches: 'src/main/worker/batch-thread.ts',
          writes: 'src/main/worker/write-thread.ts',
          cli: 'src/main/cli/index.ts',
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: oldestNode,
      rolldownOptions: {
        input: { index: 'src/preload/index.ts' },
        // A sandboxed preload is loaded as CommonJS, whatever package.json says of the rest.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    // Relative, so that the same files work under app://ui/ and below the browser host's root.
    base: './',
    plugins: [vue(), ui(nuxtUi), bundledPackages(import.meta.dirname)],
    build: {
      outDir: 'out/renderer',
      target: oldestChromium,
      minify: true,
      rolldownOptions: { input: { index: 'src/renderer/index.html' } },
    },
  },
})
