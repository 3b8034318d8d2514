import { constants, copyFileSync, existsSync, statSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { badInput } from '../../../shared/errors'
import { bomb, mostUnpacked } from '../archives/limits'
import type { Choice } from '../../../shared/reading'
import {
  type ForeignDatabase,
  type ForeignTable,
  type JoinedColumns,
  openForeignDatabase,
} from '../../store/foreign-database'
import type { Conversion, Format } from './format'
import { joinChoice, likeliestTable, namesBeside } from './joined-tables'
import { likeliest, tableChoice } from './likeliest-table'
import { mostCounted, RelatedTables } from './related-tables'
import { type Cell, TextWriter } from './text-writer'

const cellOf = (value: unknown): Cell =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? value : null

/** The table to read, and the columns that others add to its rows. */
function chosenTable(
  database: ForeignDatabase,
  tables: readonly ForeignTable[],
  { table: wanted, holds }: Conversion,
  file: string,
): { chosen: ForeignTable; joined: readonly JoinedColumns[]; choices: Choice[] } {
  const related = holds === 'items' ? null : new RelatedTables(database, tables)
  if (!related || wanted !== null || tables.length === 0) {
    const chosen = likeliest(tables, { table: wanted, holds }, file, 'table', ({ name }) =>
      database.count(name, mostCounted),
    )
    const joined = related?.joinedTo(chosen) ?? []
    const choices = tables.length === 1 ? [] : [tableChoice(file, chosen, tables, 'table', wanted !== null)]
    return {
      chosen,
      joined,
      choices: [...choices, ...joined.map((join) => joinChoice(file, chosen, join, tables, 'table'))],
    }
  }
  const { table: chosen, evidence, rivals } = likeliestTable(related, tables, file, 'table')
  const joined = related.joinedTo(chosen)
  const choices = tables.length === 1 ? [] : [tableChoice(file, chosen, tables, 'table', false, evidence, rivals)]
  return {
    chosen,
    joined,
    choices: [...choices, ...joined.map((join) => joinChoice(file, chosen, join, tables, 'table'))],
  }
}

/** A table of another program's SQLite database. */
export const sqlite: Format = {
  name: 'SQLite database',
  recognises: (head) => head.subarray(0, 16).toString('latin1') === 'SQLite format 3\0',
  async toText(file, conversion) {
    // A copy is read because SQLite writes files beside a database that it opens, and the user's folders are never written to.
    const copy = join(conversion.folder, `database-${randomUUID()}`)
    copyFileSync(file.path, copy, constants.COPYFILE_FICLONE)
    if (existsSync(`${file.path}-wal`)) copyFileSync(`${file.path}-wal`, `${copy}-wal`, constants.COPYFILE_FICLONE)
    const database = openForeignDatabase(copy, file.name)
    const writer = new TextWriter(conversion)
    const bytes = statSync(copy).size
    const most = mostUnpacked(bytes)
    try {
      const tables = database.tables()
      const { chosen, joined, choices } = chosenTable(database, tables, conversion, file.name)
      for (const row of database.rows(chosen.name, joined)) {
        await writer.row(row.map(cellOf))
        // A view can have infinitely many rows.
        if (writer.written > most) throw bomb(file.name, bytes)
        if (!writer.wantsMore) break
      }
      const others = tables.map(({ name }) => name).filter((name) => name !== chosen.name)
      const converted = await writer.end(
        [...chosen.columns, ...joined.flatMap((join) => namesBeside(chosen, join))],
        [chosen.name, ...others],
      )
      return { ...converted, choices }
    } catch (error) {
      await writer.abandon()
      if (error instanceof Error && 'code' in error && /^SQLITE_(CORRUPT|NOTADB)/.test(String(error.code)))
        throw badInput(`The SQLite database ${file.name} is damaged.`, 'Export its table as CSV, or copy it again.', {
          cause: error,
        })
      throw error
    } finally {
      database.close()
    }
  },
}
