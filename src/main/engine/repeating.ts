import { badInput, StudioError } from '../../shared/errors'
import type { JobId, RunId } from '../../shared/ids'
import type { RunDetail } from '../../shared/runs'
import { configure, modelOf } from '../models/registry'
import type { NewRun } from '../store/store'
import type { EngineContext } from './context'
import { combination } from './members'

const LONGEST_NAME = 120

/**
 * Trains a finished run again as a new run with the same settings, seed, data and split, which says when it has finished whether it has the same
 * weights. Throws CONFLICT if the run has not finished, BAD_INPUT if the runs that it combines are not in this library.
 */
export function repeatRun(context: Pick<EngineContext, 'store' | 'queue'>, id: RunId): { run: RunId; job: JobId } {
  const { store, queue } = context
  const { id: job, run } = queue.submit(() => {
    const before = store.runs.get(id)
    requireFinished(before)
    const { name, dataset, datasetName, model, seed } = before
    const again = store.runs.create({
      ...settingsOf(context, before),
      name: `${name}, again`.slice(0, LONGEST_NAME),
      repeats: { run: id, name, outcome: null },
      dataset,
      model,
      seed,
    })
    return {
      label: `Training ${again.name} on ${datasetName}`,
      specification: { kind: 'train', run: again.id, keepState: false },
      dataset,
      run: again.id,
    }
  })
  if (run === null) throw new Error(`Training job ${job} names no run.`)
  return { run, job }
}

function settingsOf(
  context: Pick<EngineContext, 'store'>,
  { id, name, imported, members, dataset, model, preset, config, seed, preparation, split }: RunDetail,
): Pick<NewRun, 'preset' | 'config' | 'preparation' | 'split' | 'members'> {
  if (!members) return { preset, config: configure(modelOf(model), preset, config).config, preparation, split }
  if (imported)
    throw badInput(
      `Run ${id} (${name}) combines runs of the library that it was imported from, so it cannot be made again here.`,
      'Make it again there, or train its members here and combine them.',
    )
  const ids = members.map((member) => member.run)
  const request = { dataset, model, preset: null, overrides: config, seed, preparation, split, name, members: ids }
  return { ...combination(context, request, ids), preset: null }
}

function requireFinished({ id, name, status: { state } }: RunDetail): void {
  if (state === 'finished') return
  throw new StudioError({
    code: 'CONFLICT',
    message: `Run ${id} (${name}) is ${state}; only a finished run can be repeated.`,
    next: 'Wait until it has finished, or go on with it.',
  })
}
