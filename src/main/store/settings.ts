import { type Settings, settings } from '../../shared/system'
import type { Connection } from './connection'
import type { SettingsRepository } from './store'

export function settingsRepository(connection: Connection): SettingsRepository {
  const read = (): Settings => {
    const rows = connection.rows<{ key: string; value: string }>('setting')
    return settings.parse(Object.fromEntries(rows.map((row): [string, unknown] => [row.key, JSON.parse(row.value)])))
  }
  return {
    read,
    write(patch) {
      const valid = settings.parse({ ...read(), ...patch })
      connection.write(() => {
        for (const [key, value] of Object.entries(valid))
          connection
            .prepare(
              'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
            )
            .run(key, JSON.stringify(value))
      })
      return valid
    },
  }
}
