import { exportResult, type ExportResult, type NewExport } from '../../shared/exports'
import { follow } from './follow'
import type { Session } from './session'

/**
 * Exports lists inside the library, passes the finished file to `use`, and removes it from the library again: an export of the command line
 * belongs to the person who named the output, not to the app's list of exports.
 */
export async function exportLists(
  session: Session,
  request: NewExport,
  use: (file: string) => Promise<void>,
): Promise<ExportResult> {
  const { client, engine } = session
  const created = await client.exports.create({ ...request, temporary: true })
  try {
    const result = await follow(session, created.job, 'The export', exportResult)
    await use(engine.exportFile(created.export).path)
    return result
  } finally {
    await client.exports.delete({ id: created.export })
  }
}
