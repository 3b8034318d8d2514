import { createRouter, createWebHashHistory } from 'vue-router'

/** Hash history: the same bundle works under `app://ui/` and below the browser host's root without rewriting. */
export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', redirect: '/data' },
    { path: '/overview', name: 'overview', component: () => import('./pages/overview/OverviewPage.vue') },
    { path: '/data', name: 'data', component: () => import('./pages/data/DataPage.vue') },
    { path: '/data/import', name: 'import', component: () => import('./pages/data/ImportPage.vue') },
    {
      path: '/data/:dataset(\\d+)/:view(users|items|interactions)?',
      name: 'dataset',
      component: () => import('./pages/data/DatasetPage.vue'),
    },
    { path: '/runs', name: 'runs', component: () => import('./pages/runs/RunsPage.vue') },
    { path: '/runs/new', name: 'train', component: () => import('./pages/runs/NewRunPage.vue') },
    { path: '/runs/compare', name: 'compare', component: () => import('./pages/compare/ComparePage.vue') },
    { path: '/runs/:run(\\d+)', name: 'run', component: () => import('./pages/runs/RunPage.vue') },
    { path: '/experiments', name: 'experiments', component: () => import('./pages/experiments/ExperimentsPage.vue') },
    {
      path: '/experiments/:experiment(\\d+)',
      name: 'experiment',
      component: () => import('./pages/experiments/ExperimentPage.vue'),
    },
    { path: '/queue', name: 'queue', component: () => import('./pages/queue/QueuePage.vue') },
    { path: '/explore', name: 'explore', component: () => import('./pages/explore/ExplorePage.vue') },
    { path: '/explore/map/:run(\\d+)?', name: 'map', component: () => import('./pages/map/MapPage.vue') },
    { path: '/exports', name: 'exports', component: () => import('./pages/exports/ExportsPage.vue') },
    { path: '/system', name: 'system', component: () => import('./pages/system/SystemPage.vue') },
    { path: '/:rest(.*)*', redirect: '/data' },
  ],
})
