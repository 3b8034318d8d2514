import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { toErrorShape } from '../../shared/errors'
import type { RunId } from '../../shared/ids'
import { environmentDifferences } from '../../shared/provenance'
import type { Difference, Repetition, RunDetail, TrainResult } from '../../shared/runs'
import { hashOfTensors, verifyTensors } from '../compute/safetensors'
import type { Store } from '../store/store'

/** Compares a run, trained and measured, with the one that it repeats. @param found its figures */
export async function repeated(
  store: Store,
  run: RunDetail,
  { run: of, name }: Repetition,
  found: Pick<TrainResult, 'bestEpoch' | 'validation' | 'test'> & Pick<RunDetail, 'stoppedEarly'>,
): Promise<Repetition> {
  let before: RunDetail
  try {
    before = store.runs.get(of)
  } catch (error) {
    const problem = toErrorShape(error).message
    return { run: of, name, outcome: { sameWeights: null, problem, sameFigures: false, differences: [] } }
  }
  const { bestEpoch, validation, test } = before
  const sameFigures = isDeepStrictEqual({ bestEpoch, validation, test }, plain(found))
  const differences = [
    ...environmentDifferences(before.environment, run.environment),
    ...stopDifference(before.stoppedEarly, found.stoppedEarly),
  ]
  try {
    const [old, own] = [await weightsHash(store, of), await weightsHash(store, run.id)]
    return { run: of, name, outcome: { sameWeights: old === own, problem: null, sameFigures, differences } }
  } catch (error) {
    const problem = toErrorShape(error).message
    return { run: of, name, outcome: { sameWeights: null, problem, sameFigures, differences } }
  }
}

/** A training that a person ended has fewer epochs than its repetition, or the other way round. */
function stopDifference(before: boolean, now: boolean): Difference[] {
  const words = (stopped: boolean): string => (stopped ? 'stopped early' : 'trained to its end')
  return before === now ? [] : [{ what: 'Training', before: words(before), now: words(now) }]
}

/** Figures as they are read back: without those that are missing. */
const plain = ({ bestEpoch, validation, test }: Pick<TrainResult, 'bestEpoch' | 'validation' | 'test'>): unknown =>
  JSON.parse(JSON.stringify({ bestEpoch, validation, test }))

async function weightsHash(store: Store, run: RunId): Promise<string> {
  const checkpoint = store.runs.checkpoint(run)
  if (!checkpoint) throw new Error(`Run ${run} has no weights.`)
  const file = join(store.library, checkpoint.path)
  await verifyTensors(file, checkpoint.sha256)
  return hashOfTensors(file)
}
