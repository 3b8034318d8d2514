import { z } from 'zod'
import { givenName } from './names'

/** How a table of runs is shown; a saved view has a name. */
export const runView = z.object({
  /** As `parseFilter` reads it. */
  filter: z.string().default(''),
  /** Key of the field by which runs are grouped. */
  group: z.string().nullable().default(null),
  /** Keys of the shown fields, in their order; null: the usual ones. */
  columns: z.array(z.string()).nullable().default(null),
  sort: z
    .object({ key: z.string(), direction: z.enum(['ascending', 'descending']) })
    .default({ key: 'started', direction: 'descending' }),
})
export type RunView = z.infer<typeof runView>

export const namedRunView = runView.extend({ name: givenName })
export type NamedRunView = z.infer<typeof namedRunView>
