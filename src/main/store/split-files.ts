import { gunzipSync, gzipSync } from 'node:zlib'
import { notFound } from '../../shared/errors'
import type { Connection } from './connection'
import type { SplitFileRepository } from './store'

export function splitFileRepository(connection: Connection): SplitFileRepository {
  return {
    save: (sha256, text) =>
      connection.write(() => {
        connection
          .prepare('INSERT OR IGNORE INTO split_file (sha256, content) VALUES (?, ?)')
          .run(sha256, gzipSync(text))
      }),
    has: (sha256) =>
      connection.prepare<[string], number>('SELECT 1 FROM split_file WHERE sha256 = ?').pluck().get(sha256) !==
      undefined,
    text({ name, sha256 }) {
      const [row] = connection.rows<{ content: Buffer }>('split_file', { sha256 })
      if (row) return gunzipSync(row.content).toString('utf8')
      throw notFound(`The library does not have the split file ${name}.`, 'Choose the file again.')
    },
  }
}
