import { explanations, recommendations } from '../../shared/explore'
import type { RunId } from '../../shared/ids'
import type { Question } from '../jobs/protocol'
import type { EngineContext } from './context'
import { procedures } from './procedures'
import { usableRun } from './runs'

const os = procedures.explore

/** Asks the worker that has the run's model loaded, and stores the run as the last explored one. */
async function ask(context: EngineContext, id: RunId, question: Question): Promise<unknown> {
  const { store, serving } = context
  const run = usableRun(context, id)
  const weights = store.runs.checkpoint(run.id)?.sha256 ?? ''
  const answer = await serving.ask(run.id, weights, question)
  if (!store.readOnly && store.settings.read().lastRun !== run.id) store.settings.write({ lastRun: run.id })
  return answer
}

export const explore = os.router({
  recommend: os.recommend.handler(async ({ context, input }) =>
    recommendations.parse(await ask(context, input.run, { kind: 'recommend', who: input.who, k: input.k })),
  ),
  explain: os.explain.handler(async ({ context, input }) =>
    explanations.parse(await ask(context, input.run, { kind: 'explain', who: input.who, item: input.item })),
  ),
})
