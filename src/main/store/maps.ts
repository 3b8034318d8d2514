import { mapRecord, type MapRecord } from '../../shared/maps'
import type { Connection } from './connection'
import { parsed } from './json'
import { float32FromBlob, int32FromBlob, toBlob } from './little-endian'
import { unknownId } from './naming'
import type { MapRepository } from './store'

interface MapRow {
  id: number
  run: number
  settings: string
  epoch: number
  seconds: number
  items: Buffer
  popularity: Buffer
  created_at: string
  plots: number
}

interface PlotRow {
  name: string
  divergence: number
  x: Buffer
  y: Buffer
}

export function mapRepository(connection: Connection): MapRepository {
  const rowOf = (id: number): MapRow => {
    const [row] = connection.rows<MapRow>('map', { id })
    if (row) return row
    throw unknownId('map', id, connection.prepare<[], number>('SELECT id FROM map ORDER BY id').pluck().all())
  }

  const plotsOf = ({ id, plots }: MapRow): PlotRow[] => {
    const found = connection.rows<PlotRow>('map_plot', { map: id }, 'ORDER BY position')
    if (found.length === plots) return found
    throw connection.damaged(`map ${id} has ${found.length} instead of ${plots} plots`)
  }

  const recordOf = (row: MapRow): MapRecord =>
    mapRecord.parse({
      id: row.id,
      run: row.run,
      settings: parsed(row.settings),
      epoch: row.epoch,
      items: row.items.byteLength / Int32Array.BYTES_PER_ELEMENT,
      plots: plotsOf(row).map(({ name, divergence }) => ({ name, divergence })),
      seconds: row.seconds,
      createdAt: row.created_at,
    })

  return {
    save: (map) =>
      connection.write(() => {
        const settings = JSON.stringify(map.settings)
        connection.prepare('DELETE FROM map WHERE run = ? AND settings = ?').run(map.run, settings)
        const { lastInsertRowid } = connection
          .prepare(
            `INSERT INTO map (run, settings, epoch, seconds, items, popularity, created_at, plots) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          )
          .run(
            map.run,
            settings,
            map.epoch,
            map.seconds,
            toBlob(map.items),
            toBlob(map.popularity),
            new Date().toISOString(),
            map.plots.length,
          )
        const insert = connection.prepare(
          'INSERT INTO map_plot (map, position, name, divergence, x, y) VALUES (?, ?, ?, ?, ?, ?)',
        )
        for (const [position, { name, divergence, x, y }] of map.plots.entries())
          insert.run(lastInsertRowid, position, name, divergence, toBlob(x), toBlob(y))
        return recordOf(rowOf(Number(lastInsertRowid)))
      }),
    list: (run) => connection.rows<MapRow>('map', { run }, 'ORDER BY id DESC').map(recordOf),
    get: (id) => {
      const row = rowOf(id)
      return {
        record: recordOf(row),
        items: int32FromBlob(row.items),
        popularity: int32FromBlob(row.popularity),
        plots: plotsOf(row).map(({ name, divergence, x, y }) => ({
          name,
          divergence,
          x: float32FromBlob(x),
          y: float32FromBlob(y),
        })),
      }
    },
    delete: (id) => {
      connection.remove(() => {
        rowOf(id)
        connection.prepare('DELETE FROM map WHERE id = ?').run(id)
      })
      connection.freeSpace()
    },
  }
}
