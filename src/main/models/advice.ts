import { proposal, type Advice, type Proposal } from '../../shared/advice'
import type { DataFacts } from './definition'
import { estimateMemory } from './memory-estimate'
import { configure, models } from './registry'

const roles: readonly Proposal['role'][] = proposal.shape.role.options

/**
 * First runs for a data set: for each role the first proposal, in the order of the models, whose estimated memory is free.
 *
 * @param usable bytes that a run may use
 */
export function advise(facts: DataFacts, usable: number): Omit<Advice, 'dataset'> {
  const fitting = models.flatMap((model) =>
    (model.propose?.(facts) ?? [])
      .filter(({ preset }) => estimateMemory({ model: configure(model, preset, {}), ...facts }).peak <= usable)
      .map((one): Proposal => ({ ...one, model: model.kind })),
  )
  return {
    proposals: roles.flatMap((role) => fitting.find((one) => one.role === role) ?? []),
    outlook: models.flatMap((model) => model.outlook?.(facts) ?? []).join(' '),
  }
}
