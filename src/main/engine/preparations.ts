import { preparationPreview } from '../../shared/preparations'
import { askOnce } from '../jobs/answering-worker'
import { procedures } from './procedures'

const os = procedures.preparations
/** Timeout for reading all of a large data set, in milliseconds. */
const patience = 300_000

export const preparations = os.router({
  list: os.list.handler(({ context }) => context.store.preparations.list()),
  save: os.save.handler(({ context, input }) => context.store.preparations.save(input.name, input.preparation)),
  rename: os.rename.handler(({ context, input }) => context.store.preparations.rename(input.id, input.name)),
  delete: os.delete.handler(({ context, input }) => {
    context.store.preparations.delete(input.id)
    return { deleted: true }
  }),
  preview: os.preview.handler(async ({ context, input, signal }) => {
    context.store.datasets.get(input.dataset)
    const question = { kind: 'prepare' as const, ...input }
    return preparationPreview.parse(
      await askOnce(context.workers, { kind: 'probe' }, question, patience, 'Previewing the effect', signal),
    )
  }),
})
