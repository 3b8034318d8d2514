import ui from '@nuxt/ui/vue-plugin'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia, setActivePinia } from 'pinia'
import { createApp, type Plugin } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { createQueryClient } from './queries'

/** New plugins for components of the app; stores can be used at once, also outside of components. */
export function appPlugins(): Plugin[] {
  const pinia = createPinia()
  const queryClient = createQueryClient()
  // Stores take the app's query client by injection.
  createApp({}).use(VueQueryPlugin, { queryClient }).use(pinia)
  setActivePinia(pinia)
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:page(.*)*', component: {} }] })
  // With its icons, which are bundled: nothing is asked of the network.
  return [ui, router, { install: (app) => app.use(VueQueryPlugin, { queryClient }) }]
}
