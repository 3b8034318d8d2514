import type { ExperimentId } from '../../shared/ids'
import type { ExperimentTable } from '../../shared/experiments'
import { builtInRecipes } from '../experiments/recipes'
import { tablesOf, type TableFigures } from '../experiments/tables'
import { tableFile } from '../exporting/tables/table-file'
import type { EngineContext } from './context'
import { deleteExperiment } from './deleting'
import { procedures } from './procedures'

const os = procedures.experiments

const tables = (
  { store }: EngineContext,
  { id, ...wanted }: { id: ExperimentId } & TableFigures,
): Promise<ExperimentTable[]> => tablesOf(store, store.experiments.get(id), wanted)

export const experiments = os.router({
  recipes: os.recipes.handler(() =>
    builtInRecipes.map(({ kind, title, summary, systems }) => ({
      kind,
      title,
      summary,
      systems: systems('small').flatMap(({ row, label }) => (row === null ? [] : [label])),
    })),
  ),
  list: os.list.handler(({ context }) => context.scheduler.list()),
  get: os.get.handler(({ context, input }) => context.scheduler.detail(input.id)),
  create: os.create.handler(({ context, input }) => context.scheduler.create(input)),
  resume: os.resume.handler(({ context, input }) => context.scheduler.resume(input.id)),
  cancel: os.cancel.handler(async ({ context, input }) => ({ cancelled: await context.scheduler.cancel(input.id) })),
  watch: os.watch.handler(({ context, input, signal }) => context.scheduler.watch(input.id, signal)),
  rename: os.rename.handler(({ context, input }) => {
    context.store.experiments.rename(input.id, input.name)
    return context.scheduler.detail(input.id)
  }),
  delete: os.delete.handler(({ context, input }) => deleteExperiment(context, input.id, input.runs)),
  tables: os.tables.handler(({ context, input }) => tables(context, input)),
  write: os.write.handler(async ({ context, input }) =>
    tableFile(context.store.experiments.get(input.id).name, await tables(context, input), input.format),
  ),
})
