import { membersText } from '../../shared/combination-text'
import type { ExperimentTable } from '../../shared/experiments'
import { filterWarning } from '../../shared/filter-steps'
import { formatCount, formatCounted } from '../../shared/format'
import type { SegmentName } from '../../shared/metrics'
import { fewestForError, fewMeasured } from '../../shared/measured-users'
import { descriptionSentence, protocolDescription } from '../../shared/protocol'
import type { SplitSummary } from '../../shared/runs'
import { level, roundsFor } from './marks'

type Unexplained = Omit<ExperimentTable, 'notes' | 'significance'>

/** `1 user`, `60 users`. */
const usersText = (users: number, heldOut: string): string =>
  `${formatCount(users)} ${heldOut} ${users === 1 ? 'user' : 'users'}`

/** How ties with the best of a column are determined; null if there is nothing to compare. */
export const significanceOf = ({ rows, users, segment }: Unexplained): string | null =>
  segment === null && users >= fewestForError && rows.filter(({ runs }) => runs.length > 0).length > 1
    ? `two-sided paired permutation test over users, ${formatCount(roundsFor(users))} rounds, Holm-corrected within the column, p ≥ ${level}`
    : null

/** Which users or targets a segment has. */
const segmentText = (segment: SegmentName): string => {
  switch (segment) {
    case 'light':
    case 'medium':
    case 'heavy':
      return `Only the ${segment} third of the users, by number of items shown; no row is marked.`
    case 'head':
    case 'mid':
    case 'tail':
      return `Only targets among the ${segment} items by popularity, and users who have such targets; no row is marked.`
  }
}

/** What each product of a row is made of, with weights and reasons, a sentence each. */
const combinationNotes = ({ label, combined }: ExperimentTable['rows'][number]): string[] =>
  combined.map(({ run, members }) => `${label} (run ${run}) is made of ${membersText(members)}.`)

/**
 * The notes below a table, one sentence each. @param summary of the split, as recorded by one of the runs
 * @param chosen models of which the table shows only the settings with the best validation
 */
export function notesOf(table: Unexplained, summary: SplitSummary | null, chosen: readonly string[]): string[] {
  const { heldOut, segment, users, rows, seeds, published } = table
  const protocol = descriptionSentence(protocolDescription(table))
  const missing = rows.reduce((sum, row) => sum + row.missing, 0)
  const outcomes = [
    ...rows.flatMap(({ failed }) =>
      failed.map(({ label, seed, error }) => `${label}, seed ${seed}, failed: ${error.message} ${error.next}`.trim()),
    ),
    ...(missing > 0 ? [`${formatCounted(missing, 'planned run has', 'planned runs have')} no results yet.`] : []),
  ]
  if (rows.every(({ runs }) => runs.length === 0))
    return ['No run of this table has finished yet.', protocol, ...outcomes]
  if (segment !== null && users === 0)
    return [
      `No run of this table has results for the ${segment} segment: evaluate its runs again, or show all test users.`,
      protocol,
      ...outcomes,
    ]
  const severalSeeds = rows.some(({ runs }) => runs.length > 1)
  const overSeeds =
    segment === null
      ? ', of each user’s mean over the seeds; the second ± is the standard error over seeds'
      : ', both averaged over the seeds; the second ± is the standard error over seeds'
  return [
    `Mean ± standard error over ${usersText(users, heldOut)}${
      severalSeeds ? overSeeds : ''
    } (training ${seeds.length === 1 ? `seed ${seeds.join()}` : `seeds ${seeds.join(', ')}; exact solutions are trained once`}).`,
    ...(segment === null ? [] : [segmentText(segment)]),
    protocol,
    ...chosen.map((model) => `${model} is shown with the settings that have the best validation NDCG@100.`),
    ...[filterWarning(summary?.filters ?? []), fewMeasured(users, `${heldOut} user`)].filter(
      (warning) => warning !== null,
    ),
    ...rows.flatMap(combinationNotes),
    ...outcomes,
    ...(published ? [`Published figures: ${published.citation}; measured on ${published.shape}.`] : []),
  ]
}
