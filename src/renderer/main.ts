import ui from '@nuxt/ui/vue-plugin'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { createQueryClient } from './queries'
import { router } from './router'
import './style.css'

createApp(App)
  .use(VueQueryPlugin, { queryClient: createQueryClient() })
  .use(createPinia())
  .use(router)
  .use(ui)
  .mount('#app')
