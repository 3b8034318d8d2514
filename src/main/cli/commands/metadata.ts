import type { Command } from 'commander'
import { z } from 'zod'
import { metadataSentences } from '../../../shared/metadata-text'
import { warningsOf } from '../../../shared/reading'
import { read } from '../options'
import { addLayoutOptions, layoutOf, layoutOptions } from '../reading-options'
import { tellReading } from '../reading-text'
import { datasetNamed } from '../resolve'
import { withSession, type Invocation } from '../session'

const options = z.object({
  item: z.string().optional(),
  title: z.string().optional(),
  genres: z.string().optional(),
  table: z.string().optional(),
  ...layoutOptions.shape,
})

/** A given column; null for “none”; undefined to recognise it by its name. */
const columnOf = (named: string | undefined): string | null | undefined => (named === 'none' ? null : named)

/** `metadata`: joins details of items into an existing data set. */
export function addMetadata(program: Command, invocation: Invocation): void {
  const command = program
    .command('metadata')
    .summary('join titles, genres and attributes of items into a data set')
    .description(
      'Joins titles, genres and all other columns of a file to the items of a data set. Interactions do not change, so runs stay valid. Empty cells keep the current value.',
    )
    .argument('<dataset>', 'name, NAME@version or id, see vasp datasets')
    .argument('<file>', 'one row per item')
    .option('--item <column>', 'column of the item id')
    .option('--title <column>', 'column of the title; none: keep the current titles')
    .option('--genres <column>', 'column of the genres, separated by |; none: keep the current genres')
    .option('--table <name>', 'table of a SQLite database, or sheet of a workbook')
  addLayoutOptions(command, '', 'the file')
    .helpGroup('Data:')
    .addHelpText(
      'after',
      '\nExamples:\n  $ vasp metadata movies movies.csv\n  $ vasp metadata books editions.csv --item isbn --title nazev',
    )
    .action((name: string, file: string, _options: unknown, command: Command) =>
      withSession(invocation, command, async ({ client, engine, terminal }) => {
        const dataset = await datasetNamed(client, name)
        const { item = null, title, genres, table, ...layout } = read(options, command)
        const result = await client.datasets.describe({
          dataset: dataset.id,
          file: engine.registerFile(file),
          item,
          title: columnOf(title),
          genres: columnOf(genres),
          reading: { ...layoutOf(layout), ...(table === undefined ? {} : { table }) },
        })
        // The result describes items with several rows, with examples.
        tellReading(
          terminal,
          result.choices.filter(({ about }) => about !== 'items'),
        )
        for (const warning of warningsOf(result.choices)) terminal.warning(warning)
        terminal.result(result, () => metadataSentences(result).join('\n'))
      }),
    )
}
