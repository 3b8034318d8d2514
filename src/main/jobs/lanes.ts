import type { JobId } from '../../shared/ids'
import type { JobKind } from '../../shared/jobs'
import type { OpenJob } from '../store/store'

/** Jobs of one lane run one after the other. Importing and set-up need no accelerator and little memory, so they have lanes of their own. */
export const lanes = ['compute', 'import', 'setup'] as const
export type Lane = (typeof lanes)[number]
export const laneOf = (kind: JobKind): Lane => (kind === 'import' || kind === 'setup' ? kind : 'compute')

/** Whether two jobs would compute on one device: 'gpu' may be any GPU. */
const shareDevice = (one: string, other: string | null): boolean =>
  one === other || other === null || (one !== 'cpu' && other !== 'cpu' && (one === 'gpu' || other === 'gpu'))

const startable = ({ owned, running, hold, after }: OpenJob): boolean =>
  owned && !running && hold === null && (after === null || after === 'finished')

/**
 * Whether a job may start: it is its turn in the queue of the library, and nothing computes on its device. Imports and set-ups of
 * several programs do not wait for each other.
 */
export function isNext(id: JobId, device: string, open: readonly OpenJob[]): boolean {
  const mine = open.find(({ job }) => job.id === id)
  if (!mine || !startable(mine)) return false
  const lane = laneOf(mine.job.kind)
  const rivals = open.filter(({ job, ours }) => laneOf(job.kind) === lane && (lane === 'compute' || ours))
  if (rivals.some((other) => other.running && other.owned && shareDevice(device, other.device))) return false
  return rivals.find(startable)?.job.id === id
}
