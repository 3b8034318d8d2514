import type { DuckDBConnection } from '@duckdb/node-api'
import type { RejectLimit } from '../../shared/datasets'
import { badInput } from '../../shared/errors'
import { formatCount, formatCounted, formatShare } from '../../shared/format'
import type { LoadedFile } from './load-table'
import { brokenLineCount } from './rejected-rows'

/**
 * Stops an import with more rejected rows than allowed: a number as soon as it is exceeded, a share when
 * `files` are all of them.
 * @throws StudioError BAD_INPUT with both numbers
 */
export async function refuseBeyondLimit(
  connection: DuckDBConnection,
  files: readonly LoadedFile[],
  limit: RejectLimit,
  complete: boolean,
): Promise<void> {
  if ('share' in limit && !complete) return
  let [rejected, rows] = [0, 0]
  for (const file of files) {
    const broken = await brokenLineCount(connection, file)
    rejected += file.problems + broken
    rows += file.rows + broken
  }
  const allowed = 'share' in limit ? limit.share * rows : limit.rows
  if (rejected <= allowed) return
  const most = 'share' in limit ? formatShare(limit.share) : formatCount(limit.rows)
  throw badInput(
    `${formatCount(rejected)} of ${formatCounted(rows, 'row')} cannot be used, which is more than the allowed ${most}. Nothing was imported.`,
    'Check the columns in the preview, correct the file, or allow more rejected rows (--max-rejects; in the app: Stop where rows cannot be used).',
  )
}
