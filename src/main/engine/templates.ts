import { procedures } from './procedures'

const os = procedures.templates

export const templates = os.router({
  list: os.list.handler(({ context }) => context.store.templates.list()),
  save: os.save.handler(({ context, input }) => context.store.templates.save(input.name, input.shape, input.settings)),
  rename: os.rename.handler(({ context, input }) => context.store.templates.rename(input.id, input.name)),
  delete: os.delete.handler(({ context, input }) => {
    context.store.templates.delete(input.id)
    return { deleted: true }
  }),
})
