import { Option, type Command } from 'commander'
import { stringify } from 'csv-stringify/sync'
import { z } from 'zod'
import { badInput } from '../../../shared/errors'
import { formatCounted, formatDuration, formatMetric } from '../../../shared/format'
import {
  defaultMapSettings,
  mapResult,
  mapScaling,
  mapSettings,
  mostMapItems,
  requestedMap,
  type MapDetail,
} from '../../../shared/maps'
import { noBomHelp } from '../export-options'
import { follow } from '../follow'
import { numberBy, read, wholeNumber } from '../options'
import { checkOutput, writeTo } from '../output-file'
import { existingRun } from '../resolve'
import { withSession, type Invocation } from '../session'
import { number, table, text } from '../table'

const options = mapSettings.extend({
  run: z.number(),
  out: z.string().optional(),
  force: z.boolean().default(false),
  bom: z.boolean(),
})

const { shape } = mapSettings
const wholeOrAll = (value: string): number | null => (value === 'all' ? null : numberBy(shape.items.unwrap())(value))

export function addMap(program: Command, invocation: Invocation): void {
  program
    .command('map')
    .summary('map the items by the outputs of a run for each item alone')
    .description(
      'Makes the sensitivity map (figure 3 of the paper): feeds the run one item at a time, converts the outputs of the product and of each member to distances, and places the items in the plane by t-SNE. The map is stored with the run and replaces a map with the same settings.',
    )
    .requiredOption('--run <id>', 'run, see vasp runs', wholeNumber(1))
    .addOption(
      new Option('--items <n>', `the most popular items, up to ${mostMapItems}; all: every item of the run`)
        .argParser(wholeOrAll)
        .default(defaultMapSettings.items),
    )
    .option(
      '--perplexity <p>',
      'about how many neighbours an item has',
      numberBy(shape.perplexity),
      defaultMapSettings.perplexity,
    )
    .addOption(
      new Option('--scaling <how>', 'outputs to 0 … 1: min–max over the matrix, each row, the log, or not at all')
        .choices(mapScaling.options)
        .default(defaultMapSettings.scaling),
    )
    .option('--iterations <n>', 'steps of t-SNE', numberBy(shape.iterations), defaultMapSettings.iterations)
    .option('--seed <n>', 'seed of the starting points', numberBy(shape.seed), defaultMapSettings.seed)
    .option('--out <file>', 'write the coordinates to a CSV file')
    .option('--force', 'replace the file if it exists')
    .option('--no-bom', noBomHelp)
    .helpGroup('Recommendations:')
    .addHelpText(
      'after',
      `
Examples:
  $ vasp map --run 3
  $ vasp map --run 3 --items 1000 --perplexity 50 --out map.csv

The CSV file has one line per plot and item: plot, item, title, genres, popularity, x, y.
With --json and no file the items and the coordinates of each plot are in the document.`,
    )
    .action((_options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const { run: asked, out, force, bom, ...settings } = read(options, command)
        const target = out === undefined ? null : await checkOutput(out, force)
        const [issue] = requestedMap.safeParse(settings).error?.issues ?? []
        if (issue)
          throw badInput(
            `A perplexity of ${settings.perplexity} does not fit ${settings.items === null ? 'the items' : formatCounted(settings.items, 'item')}.`,
            issue.message,
          )
        const run = await existingRun(session.client, asked)
        const { job } = await session.client.maps.create({ run, settings })
        const { map: id } = await follow(session, job, 'The map', mapResult)
        const map = await session.client.maps.get({ id })
        if (target === null) {
          session.terminal.result(map, () => summary(map, false))
          return
        }
        const rows = csvRows(map)
        await writeTo(
          session,
          stringify(rows, { header: true, columns: csvColumns, escape_formulas: true, bom }),
          target,
        )
        const plots = map.plots.map(({ name, divergence }) => ({ name, divergence }))
        session.terminal.result(
          { map: id, run, file: target.path, items: map.items.length, rows: rows.length, plots },
          () => `${summary(map, true)}\n\nWrote ${formatCounted(rows.length, 'row')} to ${target.path}.`,
        )
      }),
    )
}

const csvColumns = ['plot', 'item', 'title', 'genres', 'popularity', 'x', 'y']

const csvRows = ({ items, plots }: MapDetail): (string | number)[][] =>
  plots.flatMap(({ name, x, y }) =>
    items.map(({ id, title, genres, popularity }, at) => [
      name,
      id,
      title,
      genres.join('|'),
      popularity,
      x[at] ?? Number.NaN,
      y[at] ?? Number.NaN,
    ]),
  )

const summary = ({ id, run, items, plots, seconds }: MapDetail, written: boolean): string =>
  [
    `Map ${id} of run ${run}: ${formatCounted(items.length, 'item')} in ${formatDuration(seconds)}.`,
    '',
    table(
      [text('plot'), number('divergence')],
      plots.map(({ name, divergence }) => [name, formatMetric(divergence)]),
    ),
    '',
    `Divergence (nats) measures how much of the neighbourhoods is lost in the plane. See the map in the app${written ? '' : ', or add --out FILE.csv'}.`,
  ].join('\n')
