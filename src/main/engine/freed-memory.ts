import type { FreedMemory } from '../jobs/worker-process'
import type { ModelDefinition } from '../models/registry'

/**
 * Solving for a model frees matrices of many sizes, whose memory can rarely be reused by a worker that keeps it (`jobs/worker-environment.ts`).
 */
export const freedMemory = ({ training }: ModelDefinition): FreedMemory =>
  training === 'closed-form' ? 'returned' : 'kept'
