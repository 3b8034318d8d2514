import ui from '@nuxt/ui/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { nuxtUi } from './nuxt-ui.config'

const minutes = 60_000

export default defineConfig({
  test: {
    // Native TensorFlow and SQLite cannot be shared between threads of one process.
    pool: 'forks',
    maxWorkers: 2,
    setupFiles: ['test/generated-cases.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.spec.ts', 'scripts/**/*.spec.mjs'],
          exclude: ['src/renderer/**'],
          testTimeout: 1 * minutes,
          hookTimeout: 1 * minutes,
        },
      },
      {
        extends: true,
        plugins: [vue(), ui(nuxtUi)],
        test: {
          name: 'renderer',
          include: ['src/renderer/**/*.spec.ts'],
          environment: 'happy-dom',
          server: { deps: { inline: ['@nuxt/ui'] } },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          expect: { poll: { timeout: 15_000 } },
          include: ['test/integration/**/*.spec.{ts,mjs}'],
          testTimeout: 5 * minutes,
          hookTimeout: 5 * minutes,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          // A page on a busy machine takes more than the default of a second to follow a click.
          expect: { poll: { timeout: 15_000 } },
          include: ['test/e2e/**/*.spec.ts'],
          testTimeout: 10 * minutes,
          hookTimeout: 5 * minutes,
          fileParallelism: false,
        },
      },
    ],
  },
})
