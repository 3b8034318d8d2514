import type { MarkedProtocol } from '../../../../shared/protocol'
import { groupRuns, type RunGroup } from '../../../../shared/run-groups'
import type { Run } from '../../../../shared/runs'

/**
 * The listed runs by protocol, in the order of its marks: a figure ranks only among those that it compares with.
 * @param protocols of the listed runs
 * @param ofRun the protocol of each run, by its number
 */
export function protocolGroups(
  runs: readonly Run[],
  protocols: readonly Pick<MarkedProtocol, 'mark' | 'text'>[],
  ofRun: ReadonlyMap<number, Pick<MarkedProtocol, 'mark'>>,
): (RunGroup & { readonly rows: readonly Run[]; readonly key: string })[] {
  const groups = groupRuns(runs, {
    key: 'protocol',
    label: 'Protocol',
    kind: 'text',
    value: ({ id }) => ofRun.get(id)?.mark ?? null,
  })
  return protocols.flatMap(({ mark, text }) =>
    groups.flatMap((group) => (group.name === mark ? [{ ...group, rows: group.runs, key: `${mark}: ${text}` }] : [])),
  )
}
