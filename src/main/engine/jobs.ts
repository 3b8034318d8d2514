import { procedures } from './procedures'

const os = procedures.jobs

export const jobs = os.router({
  list: os.list.handler(({ context }) => context.queue.list()),
  watch: os.watch.handler(({ context, input, signal }) => context.queue.watch(input.job, signal)),
  cancel: os.cancel.handler(async ({ context, input }) => ({ cancelled: await context.queue.cancel(input.job) })),
})
