/**
 * What each process loads when it starts: only static imports of values count here, so that a dynamic import() of a model's
 * factory, or a type, may cross a border that a loaded module may not.
 */
/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'engine-loads-no-native-computing',
      comment: 'TensorFlow and DuckDB live in the worker process.',
      severity: 'error',
      from: { path: '^src/main/(engine|jobs|cli|serve|shell)/|^src/main/index\\.ts', pathNot: '\\.spec\\.ts$' },
      to: { path: 'node_modules/(@tensorflow|@duckdb)/', reachable: true },
    },
    {
      name: 'worker-loads-no-host',
      severity: 'error',
      from: { path: '^src/main/worker/index\\.ts' },
      to: { path: '^src/main/(engine|cli|serve|shell)/', reachable: true },
    },
    {
      name: 'batch-thread-loads-no-tensorflow',
      comment: 'Batches are arrays: the thread must not depend on what the worker has loaded.',
      severity: 'error',
      from: { path: '^src/main/worker/batch-thread\\.ts' },
      to: { path: 'node_modules/@tensorflow/', reachable: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { dynamic: true },
    tsPreCompilationDeps: false,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
}
