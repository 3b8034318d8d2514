import type { Command } from 'commander'
import { z } from 'zod'
import {
  importResult,
  type ColumnMapping,
  type FilePreview,
  type ImportPreview,
  type ImportResult,
} from '../../../shared/datasets'
import { badInput } from '../../../shared/errors'
import { formatCount, formatDuration } from '../../../shared/format'
import { follow } from '../follow'
import { read } from '../options'
import { withSession, type Invocation } from '../session'

const options = z.object({
  name: z.string(),
  items: z.string().optional(),
  user: z.string().optional(),
  item: z.string().optional(),
  rating: z.string().optional(),
  time: z.string().optional(),
})
type ColumnOptions = Pick<z.infer<typeof options>, 'user' | 'item' | 'rating' | 'time'>

export function addImport(program: Command, invocation: Invocation): void {
  program
    .command('import')
    .summary('import ratings from CSV and other files')
    .description(
      'Imports interactions from one or more files of the same layout into a new data set. Columns are recognised by name and content; name those that are not.',
    )
    .argument('<file...>', 'ratings: one row per interaction')
    .requiredOption('--name <name>', 'name of the new data set')
    .option('--items <file>', 'titles and genres of the items, as movies.csv')
    .option('--user <column>', 'column of the user')
    .option('--item <column>', 'column of the item')
    .option('--rating <column>', 'column of the rating; none: every row is a positive')
    .option('--time <column>', 'column of the time; none: the file is in order')
    .helpGroup('Data:')
    .addHelpText(
      'after',
      `
Examples:
  $ vasp import ratings.csv --items movies.csv --name "MovieLens small"
  $ vasp import plays.tsv --name plays --user listener --item track --rating none`,
    )
    .action((files: string[], _options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const { name, items, ...columns } = read(options, command)
        const { client, engine, terminal } = session
        const ratings = files.map((file) => engine.adoptFile(file))
        const itemsFile = items === undefined ? null : engine.adoptFile(items)
        const preview = await client.datasets.preview({ ratings, items: itemsFile })
        for (const warning of preview.warnings) terminal.note(`note: ${warning}`)
        const { job } = await client.datasets.import({
          name,
          ratings,
          items: itemsFile,
          mapping: chooseColumns(preview, columns),
          itemMapping: preview.itemMapping,
        })
        const result = await follow(session, job, 'The import', importResult)
        terminal.result(result, () => resultText(name, result))
      }),
    )
}

/** What was recognised, corrected by what the person named. Throws BAD_INPUT where the user's or the item's column is still open or a column does not exist. */
export function chooseColumns({ ratings, mapping }: ImportPreview, named: ColumnOptions): ColumnMapping {
  const columnOf = (role: keyof ColumnMapping): string | null => {
    const asked = named[role]
    if (asked === undefined) return mapping?.[role] ?? null
    return asked === 'none' ? null : existingColumn(ratings, role, asked)
  }
  const [user, item] = [columnOf('user'), columnOf('item')]
  if (user === null || item === null) {
    const missing = user === null && item === null ? 'users and items' : user === null ? 'users' : 'items'
    throw badInput(
      `No column of ${ratings.name} could be told to hold the ${missing}.`,
      `Name them with --user COL and --item COL. The file has ${columnNames(ratings)}.`,
    )
  }
  return { user, item, rating: columnOf('rating'), time: columnOf('time') }
}

function existingColumn(file: FilePreview, role: string, asked: string): string {
  const found =
    file.columns.find(({ name }) => name === asked) ??
    file.columns.find(({ name }) => name.toLowerCase() === asked.toLowerCase())
  if (found) return found.name
  throw badInput(`${file.name} has no column "${asked}".`, `Choose the ${role} column among ${columnNames(file)}.`)
}

const columnNames = (file: FilePreview): string => file.columns.map(({ name }) => `"${name}"`).join(', ')

function resultText(name: string, result: ImportResult): string {
  const lines = [
    `Imported "${name}" as data set ${result.dataset} in ${formatDuration(result.seconds)}: ${formatCount(result.interactions)} interactions of ${formatCount(result.users)} users with ${formatCount(result.items)} items.`,
  ]
  if (result.rejected > 0)
    lines.push(`${formatCount(result.rejected)} rows could not be used; the app lists each with its line and reason.`)
  if (result.unmatchedItems > 0)
    lines.push(`${formatCount(result.unmatchedItems)} items of the items file have no interactions.`)
  return lines.join('\n')
}
