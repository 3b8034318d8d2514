import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readDatabase } from './library-state'

/**
 * The hash of a run's stored weights: their names, shapes and values, without what the file says of the run. Throws if it has none.
 *
 * @param library its folder
 */
export function weightsHash(library: string, run: number): string {
  const path = readDatabase(library, (database) =>
    database.prepare<[number], string>('SELECT path FROM checkpoint WHERE run = ?').pluck().get(run),
  )
  if (path === undefined) throw new Error(`Run ${run} has no weights.`)
  const file = readFileSync(join(library, path))
  const end = 8 + Number(file.readBigUInt64LE())
  const { __metadata__: _, ...header } = JSON.parse(file.subarray(8, end).toString()) as Record<string, unknown>
  return createHash('sha256').update(JSON.stringify(header)).update(file.subarray(end)).digest('hex')
}
