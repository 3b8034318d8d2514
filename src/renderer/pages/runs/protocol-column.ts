import { descriptionSentence, distinguishing, type MarkedProtocol } from '../../../shared/protocol'
import type { Run } from '../../../shared/runs'
import type { Column } from '../../components/table'
import { useRuns } from './runs.store'

/** The protocols of the listed runs, one for each mark, in the order of the marks, described by their differences. Empty if all runs have the same. */
export function protocolsOf(listed: readonly Run[]): MarkedProtocol[] {
  const { protocols } = useRuns()
  const distinct = new Map(
    listed.flatMap(({ id }) => {
      const protocol = protocols.get(id)
      return protocol ? [[protocol.mark, protocol] as const] : []
    }),
  )
  // Z comes before AA.
  const inOrder = (a: MarkedProtocol, b: MarkedProtocol): number =>
    a.mark.length - b.mark.length || (a.mark < b.mark ? -1 : 1)
  if (distinct.size < 2) return []
  const ordered = [...distinct.values()].sort(inOrder)
  const lines = distinguishing(ordered.map(({ description }) => description))
  return ordered.map((protocol, at) => ({ ...protocol, text: descriptionSentence(lines[at] ?? []) }))
}

/** The column of a table of runs that marks their protocols; none if all runs have the same. */
export function protocolColumn(listed: readonly Run[]): Column<Run>[] {
  const { protocols } = useRuns()
  if (protocolsOf(listed).length === 0) return []
  return [
    {
      key: 'protocol',
      label: 'Protocol',
      hint: 'Only figures under the same protocol are comparable',
      width: '5.5rem',
      sort: (run) => protocols.get(run.id)?.mark ?? null,
    },
  ]
}
