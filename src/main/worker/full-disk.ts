import { setTimeout as wait } from 'node:timers/promises'
import { cancelled, toErrorShape } from '../../shared/errors'
import type { JobContext } from '../numeric/job-context'

/** Time before a full disk is tried again, in milliseconds. */
const again = 2000

/** Does `work`, and waits while the disk is full: a training goes on when there is room instead of losing hours. Throws CANCELLED while it waits. */
export async function whileDiskIsFull<Result>(
  context: JobContext,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (toErrorShape(error).code !== 'DISK_FULL') throw error
      if (context.signal.aborted) throw cancelled('The training')
      context.progress({
        stage: 'The disk is full: free some space, and the training goes on by itself',
        done: 0,
        total: null,
        unit: 'steps',
      })
      await wait(again, undefined, { signal: context.signal }).catch(() => undefined)
    }
  }
}
