/**
 * Who may import whom: the table of rooms in ARCHITECTURE.md, in a form that can fail.
 * Every room may use `shared` and `numeric`; beyond them, only what its line names.
 * `src/main/rooms.spec.ts` checks that the table has the same lines, and that each room or package on a line is used.
 */
module.exports = {
  numeric: { packages: ['pure-rand'] },
  store: { packages: ['better-sqlite3'] },
  importing: {
    rooms: ['store'],
    packages: ['@duckdb', 'yauzl', 'read-excel-file', 'chardet', 'csv-parse', 'htmlparser2'],
  },
  datasets: { rooms: ['store'] },
  devices: {},
  provisioning: { rooms: ['devices'], packages: ['yauzl'] },
  compute: { rooms: ['devices'], packages: ['@tensorflow'] },
  models: { rooms: ['compute'], packages: ['@tensorflow'] },
  training: { rooms: ['models'], packages: ['@tensorflow'] },
  evaluation: { rooms: ['models', 'datasets', 'compute'], packages: ['@tensorflow'] },
  experiments: { rooms: ['store', 'models'] },
  explaining: { rooms: ['models', 'evaluation'], packages: ['@tensorflow'] },
  exporting: {
    rooms: ['models', 'explaining'],
    packages: ['csv-stringify'],
  },
  interchange: {
    rooms: ['store', 'importing', 'compute'],
    packages: ['yazl', '@bufbuild', 'crc-32', 'yaml'],
  },
  worker: {
    rooms: [
      'importing',
      'store',
      'datasets',
      'compute',
      'models',
      'training',
      'evaluation',
      'explaining',
      'exporting',
      'interchange',
      'devices',
      'provisioning',
      'jobs',
    ],
  },
  jobs: { rooms: ['store'] },
  engine: {
    rooms: ['jobs', 'store', 'datasets', 'models', 'devices', 'experiments', 'exporting', 'interchange'],
    packages: ['@orpc'],
  },
  routes: { rooms: ['engine'], packages: ['@orpc'] },
  cli: {
    rooms: ['engine', 'serve', 'jobs', 'models'],
    packages: ['commander', '@orpc', 'string-width', 'csv-stringify'],
  },
  serve: { rooms: ['engine', 'jobs', 'routes'], packages: ['ws'] },
  shell: { rooms: ['engine', 'jobs', 'routes'], packages: ['electron'] },
}
