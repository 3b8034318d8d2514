import type { Run } from '../../../shared/runs'
import type { Column } from '../../components/table'
import { useRuns } from './runs.store'

/** The column of a table of runs that marks their protocols; none where all runs have the same. */
export function protocolColumn(from?: Column<Run>['from']): Column<Run>[] {
  const { protocols } = useRuns()
  if (protocols.size === 0) return []
  return [
    {
      key: 'protocol',
      label: 'Protocol',
      hint: 'Figures compare only under the same protocol',
      width: '5.5rem',
      ...(from && { from }),
      sort: (run) => protocols.get(run.id)?.mark ?? null,
    },
  ]
}
