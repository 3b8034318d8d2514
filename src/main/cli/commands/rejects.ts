import { stringify } from 'csv-stringify/sync'
import type { Command } from 'commander'
import { z } from 'zod'
import type { DatasetDetail, RejectedRow } from '../../../shared/datasets'
import { formatCount } from '../../../shared/format'
import { rejectedCells, rejectedHeader, rejectedPages } from '../../../shared/rejected-pages'
import { beyondSpreadsheet } from '../../../shared/spreadsheets'
import { noBomHelp } from '../export-options'
import { read } from '../options'
import { checkOutput, writeTo } from '../output-file'
import { datasetNamed } from '../resolve'
import { withSession, type Invocation } from '../session'
import { number, table, text } from '../table'

const options = z.object({ out: z.string().optional(), force: z.boolean().default(false), bom: z.boolean() })

/** Maximum number of rows, and of characters of a row's text, on a terminal. */
const [shownRows, shownText] = [50, 100]

/** `rejects`: the rows that an import rejected. */
export function addRejects(program: Command, invocation: Invocation): void {
  program
    .command('rejects')
    .summary('list the rows that an import could not use, or write them to CSV')
    .description(
      'Lists the rows that an import could not use, each with its reason, file, line and text. In the file, text that a spreadsheet would run as a formula gets a leading apostrophe.',
    )
    .argument('<dataset>', 'name, NAME@version or id, see vasp datasets')
    .option('--out <file>', 'CSV file to write, with all rows')
    .option('--force', 'replace the file if it exists')
    .option('--no-bom', noBomHelp)
    .helpGroup('Data:')
    .addHelpText('after', '\nExamples:\n  $ vasp rejects movies\n  $ vasp rejects movies --out rejected.csv')
    .action((name: string, _options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const { client, terminal } = session
        const { out, force, bom } = read(options, command)
        const target = out === undefined ? null : await checkOutput(out, force)
        const { id } = await datasetNamed(client, name)
        const { rejected, rejectedByReason } = await client.datasets.get({ id })
        const pages = rejectedPages((page) => client.datasets.rejects({ id, ...page }))
        if (target !== null) {
          const warning = beyondSpreadsheet(rejected)
          if (warning !== null) terminal.warning(warning)
          await writeTo(session, csvOf(pages, bom), target)
          terminal.result(
            { dataset: id, rejected, byReason: rejectedByReason, file: target.path },
            () => `Wrote ${formatCount(rejected)} rejected rows to ${target.path}.`,
          )
          return
        }
        const rows: RejectedRow[] = []
        for await (const page of pages) {
          rows.push(...page)
          if (!terminal.json) break
        }
        terminal.result({ dataset: id, rejected, byReason: rejectedByReason, rows }, () =>
          rejected === 0 ? 'Every row of this data set was used.' : rejectsText(rejected, rejectedByReason, rows),
        )
      }),
    )
}

async function* csvOf(pages: AsyncIterable<RejectedRow[]>, bom: boolean): AsyncGenerator<string> {
  yield stringify([rejectedHeader], { bom })
  for await (const rows of pages) yield stringify(rows.map(rejectedCells), { escape_formulas: true })
}

function rejectsText(total: number, byReason: DatasetDetail['rejectedByReason'], rows: readonly RejectedRow[]): string {
  const shown = rows.slice(0, shownRows)
  const left = total - shown.length
  return [
    table(
      [text('reason'), number('rows')],
      byReason.map(({ reason, count }) => [reason, formatCount(count)]),
    ),
    '',
    table(
      [text('reason'), text('file'), number('line'), text('text')],
      // One line each: a quoted field may contain line ends.
      shown.map((row) => [
        row.reason,
        row.file,
        String(row.line),
        row.text.replaceAll(/\s+/g, ' ').slice(0, shownText),
      ]),
    ),
    ...(left > 0 ? ['', `${formatCount(left)} more; --out FILE.csv writes all of them.`] : []),
  ].join('\n')
}
