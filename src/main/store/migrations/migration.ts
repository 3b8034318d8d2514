import type { Database } from 'better-sqlite3'

/** One step of the schema: from version − 1 to `version`. Never changed once released; a later one corrects mistakes. */
export interface Migration {
  readonly version: number
  /** Its effect, for the message when it fails. */
  readonly name: string
  readonly sql: string
  /** Changes that SQL alone cannot express, made after it in the same transaction. */
  readonly then?: (database: Database) => void
}
