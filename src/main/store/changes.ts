import type { LibraryTopic } from '../../shared/library'
import type { Connection } from './connection'
import type { ChangeRepository } from './store'

/** Queries whose results change if pages about a topic would show something else. Some changes of rows do not matter (a run's progress has its own stream). */
const shown: Readonly<Record<LibraryTopic, string>> = {
  datasets: `SELECT id, name, version, described FROM dataset WHERE state = 'ready' ORDER BY id`,
  runs: 'SELECT id, name, state, run_label.checksum FROM run LEFT JOIN run_label ON run = id ORDER BY id',
  views: 'SELECT name, checksum FROM run_view UNION ALL SELECT name, checksum FROM comparison ORDER BY name',
  experiments: 'SELECT id, checksum FROM experiment ORDER BY id',
  maps: 'SELECT id FROM map ORDER BY id',
  exports: 'SELECT id, state FROM export ORDER BY id',
  jobs: 'SELECT id, state, hold, place, owner FROM job ORDER BY id',
  preparations: 'SELECT id, checksum FROM preparation ORDER BY id',
  templates: 'SELECT id, checksum FROM import_template ORDER BY id',
}

export function changeRepository(connection: Connection): ChangeRepository {
  return {
    mark: () => connection.changeMark(),
    shown() {
      const topics = Object.entries(shown) as [LibraryTopic, string][]
      return new Map(topics.map(([topic, sql]) => [topic, JSON.stringify(connection.prepare(sql).raw().all())]))
    },
  }
}
