import { stringify } from 'csv-stringify/sync'
import { membersText } from '../../../shared/combination-text'
import type { ExperimentTable } from '../../../shared/experiments'
import { protocolCells, protocolKeys, type ProtocolKey } from '../../../shared/protocol'
import { defaultSplit } from '../../../shared/runs'

type Cell = string | number | null

/** `minPerItem` → `min_per_item`; the split's settings begin with `split`. */
const columnOf = (key: ProtocolKey): string => {
  const snake = key.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)
  return key in defaultSplit ? `split_${snake}` : snake
}

/**
 * Tables as one CSV file, one line per table and row, with every effective protocol setting (filters that are off in words) and all digits (UTF-8, with a header). Text that a
 * spreadsheet would run as a formula (it starts with = + - @, tab or carriage return) gets a leading apostrophe; numbers are left alone.
 */
export function csvOfTables(tables: readonly ExperimentTable[]): string {
  const metrics = [...new Set(tables.flatMap((table) => table.metrics))]
  const header = [
    'data',
    'version',
    ...protocolKeys.map(columnOf),
    'held_out',
    'segment',
    'system',
    'settings',
    ...metrics.flatMap((metric) => [
      metric,
      `${metric}_se`,
      `${metric}_se_seeds`,
      `${metric}_mark`,
      `${metric}_p`,
      `${metric}_published`,
    ]),
    'users',
    'seconds',
    'runs',
    'members',
    'failed',
  ]
  const rows = tables.flatMap((table) =>
    table.rows.map((row): Cell[] => [
      table.datasetName,
      table.datasetVersion,
      ...Object.values(protocolCells(table, table.valueKind)),
      table.heldOut,
      table.segment,
      row.label,
      Object.entries(row.overrides)
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(' '),
      ...metrics.flatMap((metric): Cell[] => {
        const cell = row.cells[metric]
        const published = row.published[metric] ?? null
        if (!cell) return [null, null, null, null, null, published]
        return [cell.mean, cell.se, cell.seedSe, cell.best ? 'best' : cell.tied ? 'tied' : '', cell.p, published]
      }),
      Math.max(0, ...Object.values(row.cells).map(({ users }) => users)),
      row.seconds,
      row.runs.join(' '),
      row.combined.map(({ run, members }) => `run ${run}: ${membersText(members)}`).join(' | '),
      row.failed.map(({ label, seed, error }) => `${label}, seed ${seed}: ${error.message}`).join('; '),
    ]),
  )
  return stringify([header, ...rows], { escape_formulas: true })
}
