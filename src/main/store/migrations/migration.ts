import type { Database } from 'better-sqlite3'

/** One step of the schema: from version − 1 to `version`. Never changed once released; a mistake is mended by the next. */
export interface Migration {
  readonly version: number
  /** What it does, for the message when it fails. */
  readonly name: string
  readonly sql: string
  /** What SQL alone cannot say, done after it in the same transaction. */
  readonly then?: (database: Database) => void
}
