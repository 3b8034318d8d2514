import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { datasetId, experimentId, jobId } from '../../../shared/ids'
import { openDatabase } from '../connection'
import { openStore } from '../open'
import { migrations } from './all'
import { migrate } from './migrate'

test('013 from 012: work without an owner is that of a living process id, deleted versions go on being deleted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  const database = openDatabase(join(folder, 'library.db'))
  migrate(database, migrations.slice(0, 12), join(folder, 'backups'))
  // The parent of this process lives; no process has the other id.
  const [alive, dead] = [process.ppid, 2 ** 22 + 1]
  const day = '2026-01-01T00:00:00Z'
  const recipe = JSON.stringify({})
  database.exec(`
    INSERT INTO dataset (id, name, state, owner_pid, touched_at, source, import_settings, created_at) VALUES
      (1, 'films', 'ready', ${dead}, 0, '[]', '{}', '${day}'),
      (2, 'arriving', 'importing', ${alive}, 5, '[]', '{}', '${day}'),
      (3, 'stuck', 'importing', ${dead}, 5, '[]', '{}', '${day}'),
      (4, 'deleted', 'importing', ${alive}, 0, '[]', '{}', '${day}');
    INSERT INTO job (id, kind, label, specification, state, pid, created_at) VALUES
      (1, 'setup', 'theirs', '{}', 'running', ${alive}, '${day}'),
      (2, 'setup', 'left', '{}', 'running', ${dead}, '${day}'),
      (3, 'setup', 'done', '{}', 'finished', ${dead}, '${day}');
    INSERT INTO experiment (id, name, recipe, owner_pid, owned_since, created_at) VALUES
      (1, 'theirs', '${recipe}', ${alive}, 5, '${day}');
  `)
  database.close()
  const store = openStore(folder)
  store.datasets.removeUnseen()
  expect(store.jobs.open().map(({ job, owned }) => [job.label, owned])).toEqual([
    ['theirs', true],
    ['left', false],
  ])
  expect(store.jobs.get(jobId.parse(3))).toMatchObject({ state: 'finished', result: null })
  expect(store.experiments.acquire(experimentId.parse(1))).toBe(false)
  expect(store.datasets.list().map(({ id }) => id)).toEqual([datasetId.parse(1)])
  const after = openDatabase(join(folder, 'library.db'))
  expect(after.prepare('SELECT id FROM dataset ORDER BY id').pluck().all()).toEqual([1, 2])
  after.close()
  expect(store.pendingFiles.removeLeft()).toEqual({ files: 0, bytes: 0 })
  store.close()
  rmSync(folder, { recursive: true, force: true })
})
