import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runId } from '../../../shared/ids'
import { defaultPreparation, defaultSplit } from '../../../shared/runs'
import { openDatabase } from '../connection'
import { openStore } from '../open'
import { migrations } from './all'
import { migrate } from './migrate'

test('015 from 014: figures of one user have no standard error, others keep theirs, and go with their run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vasp-migrate-'))
  const database = openDatabase(join(folder, 'library.db'))
  migrate(database, migrations.slice(0, 14), join(folder, 'backups'))
  const one = JSON.stringify({ mean: 0.5, se: 0, users: 1 })
  database.exec(`
    INSERT INTO dataset (id, name, state, owner_pid, touched_at, source, import_settings, created_at)
      VALUES (1, 'films', 'ready', 1, 0, '[]', '{}', '2026-01-01T00:00:00Z');
    INSERT INTO run (id, name, dataset, model, config, seed, preparation, split, state, created_at)
      VALUES (1, 'old', 1, 'ease', '{}', 1, '${JSON.stringify(defaultPreparation)}', '${JSON.stringify(defaultSplit)}', 'finished', '2026-01-01T00:00:00Z');
    INSERT INTO export (run, file_name, users, k, state, created_at) VALUES (1, 'old.csv', 9, 5, 'finished', '2026-01-01T00:00:00Z');
    INSERT INTO epoch (run, epoch, label, loss, validation, seconds, rows_per_second) VALUES (1, 1, 'λ = 1', '{}', '{"ndcg@100":${one},"recall@20":${one},"recall@50":${one}}', 1, 1);
    INSERT INTO segments (run, of_test) VALUES (1, '[{"by":"user-activity","name":"light","low":1,"high":1,"members":1,"metrics":{"mrr":${one}}}]');
  `)
  const insert = database.prepare(
    'INSERT INTO metric (run, part, metric, mean, se, users) VALUES (1, ?, ?, 0.315, 0, ?)',
  )
  for (const metric of ['ndcg@100', 'recall@20', 'recall@50']) {
    insert.run('test', metric, 1)
    insert.run('validation', metric, 2)
  }
  database.close()
  const store = openStore(folder)
  const run = store.runs.get(runId.parse(1))
  expect(run.test?.['ndcg@100']).toEqual({ mean: 0.315, se: null, users: 1 })
  expect(run.validation?.['ndcg@100']).toEqual({ mean: 0.315, se: 0, users: 2 })
  expect(run.epochs[0]?.validation['recall@20']).toEqual({ mean: 0.5, se: null, users: 1 })
  expect(run.segments[0]?.metrics.mrr).toEqual({ mean: 0.5, se: null, users: 1 })
  expect(store.exports.list()[0]).toMatchObject({ users: 9, popular: null, leftOut: null, unknown: 0 })
  store.runs.delete(run.id)
  store.close()
  const after = openDatabase(join(folder, 'library.db'))
  expect(after.prepare('SELECT count(*) FROM metric').pluck().get()).toBe(0)
  after.close()
  rmSync(folder, { recursive: true, force: true })
})
