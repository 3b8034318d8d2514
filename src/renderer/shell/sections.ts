/** The sections of the app, in the order of the work. */
export const sections = [
  { name: 'overview', path: '/overview', label: 'Overview', icon: 'i-lucide-layout-dashboard', keys: ['g', 'o'] },
  { name: 'data', path: '/data', label: 'Data', icon: 'i-lucide-database', keys: ['g', 'd'] },
  { name: 'runs', path: '/runs', label: 'Runs', icon: 'i-lucide-flask-conical', keys: ['g', 'r'] },
  { name: 'experiments', path: '/experiments', label: 'Experiments', icon: 'i-lucide-table-2', keys: ['g', 't'] },
  { name: 'queue', path: '/queue', label: 'Queue', icon: 'i-lucide-list-ordered', keys: ['g', 'q'] },
  { name: 'explore', path: '/explore', label: 'Explore', icon: 'i-lucide-compass', keys: ['g', 'e'] },
  { name: 'exports', path: '/exports', label: 'Exports', icon: 'i-lucide-file-down', keys: ['g', 'x'] },
  { name: 'system', path: '/system', label: 'System', icon: 'i-lucide-monitor-cog', keys: ['g', 's'] },
] as const
