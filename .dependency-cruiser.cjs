const rooms = require('./scripts/lint/rooms.cjs')

const spec = '\\.spec\\.ts$'
const escape = (name) => name.replace(/[/.@]/g, '\\$&')

const roomRules = Object.entries(rooms).flatMap(([room, { rooms: others = [], packages = [] }]) => {
  const allowedRooms = [room, 'numeric', ...others].join('|')
  const allowedPackages = ['zod', ...packages].map(escape).join('|')
  return [
    {
      name: `${room}-rooms`,
      comment: `${room} may import ${['shared', 'numeric', ...others].join(', ')} and itself`,
      severity: 'error',
      from: { path: `^src/main/${room}/`, pathNot: spec },
      to: { path: '^(src|test|scripts)/', pathNot: `^src/(shared|main/(${allowedRooms}))/` },
    },
    {
      name: `${room}-packages`,
      comment: `${room} may import these packages: ${['zod', ...packages].join(', ')}`,
      severity: 'error',
      from: { path: `^src/main/${room}/`, pathNot: spec },
      to: { path: 'node_modules/', pathNot: `node_modules/(${allowedPackages}|@types)(/|$)` },
    },
  ]
})

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'shared-stands-alone',
      severity: 'error',
      from: { path: '^src/shared/', pathNot: spec },
      to: { path: '^(src|test|scripts)/', pathNot: '^src/shared/' },
    },
    {
      name: 'shared-packages',
      severity: 'error',
      from: { path: '^src/shared/', pathNot: spec },
      to: { path: 'node_modules/', pathNot: 'node_modules/(zod|@orpc/contract|@types)(/|$)' },
    },
    {
      name: 'shared-runs-in-a-browser',
      severity: 'error',
      from: { path: '^src/(shared|renderer)/', pathNot: spec },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'renderer-knows-only-shared',
      severity: 'error',
      from: { path: '^src/renderer/' },
      to: { path: '^(src|test|scripts)/', pathNot: '^src/(renderer|shared)/' },
    },
    {
      name: 'preload-knows-nothing',
      severity: 'error',
      from: { path: '^src/preload/' },
      to: { path: '^(src|test|scripts)/', pathNot: '^src/(preload|shared)/' },
    },
    {
      name: 'only-shell-imports-electron',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main/(shell/|index\\.ts$)|preload/)' },
      to: { path: '(^|/)electron($|/)' },
    },
    {
      name: 'the-registry-is-all-the-engine-sees-of-models',
      severity: 'error',
      from: { path: '^src/main/(engine|experiments|jobs|cli|serve|shell)/', pathNot: spec },
      to: {
        path: '^src/main/models/',
        pathNot: '^src/main/models/(registry|advice|named-factors|config|memory-estimate|usable-memory)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'the-engine-exports-only-tables',
      comment: 'Lists need a model, so a worker writes them; tables are text made of figures.',
      severity: 'error',
      from: { path: '^src/main/engine/', pathNot: spec },
      to: { path: '^src/main/exporting/', pathNot: '^src/main/exporting/tables/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: [spec, '\\.d\\.ts$'] },
      to: {},
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^(#build|virtual:)' } },
    {
      name: 'no-dev-package-in-the-app',
      comment: 'What main processes import is shipped as a package; the renderer is bundled.',
      severity: 'error',
      from: { path: '^src/main/', pathNot: spec },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/(electron|@types)/',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    detectProcessBuiltinModuleCalls: true,
    skipAnalysisNotInRules: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
    reporterOptions: { archi: { collapsePattern: '^src/main/[^/]+|^src/[^/]+' } },
  },
}
