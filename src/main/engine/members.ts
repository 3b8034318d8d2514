import { isDeepStrictEqual } from 'node:util'
import { badInput } from '../../shared/errors'
import type { RunId } from '../../shared/ids'
import { contrastText, protocolDifferences } from '../../shared/protocol'
import {
  combinationSettings,
  type CombinationSettings,
  type RunDetail,
  type RunMember,
  type SplitSettings,
  type TrainRequest,
} from '../../shared/runs'
import { isOpen } from '../../shared/jobs'
import { modelOf, models } from '../models/registry'
import type { StoredSplit } from '../store/store'
import type { EngineContext } from './context'

type Stored = Pick<EngineContext, 'store'>

const named = (run: RunDetail): string => `Run ${run.id} (${run.name})`

const wrongSplit = (who: string, first: RunDetail, what: string): Error =>
  badInput(
    `${who} does not match run ${first.id} (${first.name}): ${what}.`,
    'Combine runs with the same data set, preparation, split and catalogue. Train the missing ones with the same settings.',
  )

/** Throws BAD_INPUT if a run cannot be multiplied with others. */
function checkUsable(run: RunDetail): void {
  if (run.status.state !== 'finished')
    throw badInput(
      `${named(run)} has not finished: it is ${run.status.state}.`,
      isOpen(run.status) ? 'Wait until it has, or choose another run.' : 'Choose another run, or train it again.',
    )
  if (run.members)
    throw badInput(
      `${named(run)} is already a combination of trained runs.`,
      `Choose its members instead: ${run.members.map((member) => member.run).join(', ')}.`,
    )
}

const sameUsers = (a: StoredSplit | null, b: StoredSplit | null): boolean =>
  isDeepStrictEqual(
    [a?.trainUsers, a?.validationUsers, a?.testUsers],
    [b?.trainUsers, b?.validationUsers, b?.testUsers],
  )

/** Throws BAD_INPUT if a run does not match the first one: otherwise the product would be measured on users that one of them has seen. */
function checkAlike({ store }: Stored, run: RunDetail, first: RunDetail): void {
  const who = named(run)
  if (run.dataset !== first.dataset) throw wrongSplit(who, first, 'the data sets differ')
  if (protocolDifferences(run, first).length > 0)
    throw wrongSplit(who, first, `preparation or split differ (${contrastText(run, first)})`)
  const [split, wanted] = [store.runs.split(run.id), store.runs.split(first.id)]
  // Checked before the users, because fewer items leave fewer users.
  if (!isDeepStrictEqual(split?.catalogue, wanted?.catalogue)) throw wrongSplit(who, first, 'the catalogues differ')
  if (!sameUsers(split, wanted)) throw wrongSplit(who, first, 'their training or held-out users differ')
}

/** A combination of trained runs, as a new run records it. */
export interface Combination {
  readonly members: RunMember[]
  readonly config: CombinationSettings
  readonly preparation: TrainRequest['preparation']
  readonly split: SplitSettings
}

/**
 * The trained runs that a request combines. Throws NOT_FOUND for an unknown run, and BAD_INPUT if they are fewer than two, unfinished, or do not have
 * the request's data set, preparation, split and catalogue.
 */
export function combination(context: Stored, request: TrainRequest, ids: readonly RunId[]): Combination {
  const definition = modelOf(request.model)
  if (!definition.combinesRuns)
    throw badInput(
      `${definition.name} cannot combine trained runs.`,
      `Combine them as ${models
        .filter(({ combinesRuns }) => combinesRuns)
        .map(({ name, kind }) => `${name} (${kind})`)
        .join(' or ')}.`,
    )
  const settings = combinationSettings.safeParse(request.overrides)
  if (request.preset !== null || !settings.success)
    throw badInput(
      'A combination of trained runs is not trained: it has no preset, and its only setting is weights=equal or weights=validation.',
      'Remove the other settings; or, to train the members together, remove the runs and list the members in the setting “members”.',
    )
  const runs = [...new Set(ids)].map((id) => context.store.runs.get(id))
  const [first] = runs
  if (!first) throw new Error('The contract lets no combination of fewer than two runs pass.')
  for (const run of runs) checkUsable(run)
  for (const run of runs) checkAlike(context, run, first)
  if (request.dataset !== first.dataset)
    throw badInput(
      `The runs were trained on “${first.datasetName}”, not on the given data set.`,
      `Give “${first.datasetName}”, or choose runs of the other data set.`,
    )
  checkProtocol(request, first)
  return {
    members: runs.map(({ id, name, model, config }) => ({
      run: id,
      name,
      model,
      config,
      weight: settings.data.weights === 'equal' ? 1 : null,
      calibration: null,
      problem: null,
    })),
    config: settings.data,
    preparation: first.preparation,
    split: first.split,
  }
}

/** Throws BAD_INPUT if the request's protocol differs from that of its runs; open sizes are taken from the runs. */
function checkProtocol({ preparation, split }: TrainRequest, first: RunDetail): void {
  const asked = {
    ...split,
    test: split.test ?? first.split.test,
    validation: split.validation ?? first.split.validation,
  }
  const wanted = { preparation, split: asked }
  if (protocolDifferences(wanted, first).length > 0)
    throw badInput(
      `Run ${first.id} (${first.name}) was trained with a different preparation or split than requested. Requested: ${contrastText(wanted, first)}.`,
      'Leave out preparation and split: a combination uses those of its runs.',
    )
}
