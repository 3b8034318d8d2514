import type { Command } from 'commander'
import { z } from 'zod'
import { type ImportPreview, usualDuplicates } from '../../../shared/datasets'
import type { ImportForecast } from '../../../shared/import-forecast'
import { formatBytes, formatCount, formatCounted, formatShare } from '../../../shared/format'
import { isWarning, objectsLeftOut } from '../../../shared/reading'
import { fileChoices } from '../../../shared/file-choices'
import { warningsOf } from '../../../shared/reading'
import { repeatedCountsChoice } from '../../../shared/repeated-counts'
import { addColumnOptions, chooseColumns, chooseItemColumns, chosenColumns, columnOptions } from '../import-columns'
import { filesOf, refuseNeedlessItems, refuseUnknownRoles } from '../import-files'
import { read } from '../options'
import { addItemsOptions, addReadingOptions, readingOf, readingOptions } from '../reading-options'
import { withSession, type Invocation } from '../session'
import { choiceInWords } from '../reading-text'
import { table, text } from '../table'

const options = z.object({
  items: z.string().optional(),
  table: z.string().optional(),
  ...columnOptions.shape,
  ...readingOptions.shape,
})

const rowsShown = 5
const longestCell = 24

export function addPreview(program: Command, invocation: Invocation): void {
  const command = program
    .command('preview')
    .summary('show how files would be read, and why')
    .description(
      'Shows how an import would read files: each choice with its evidence and certainty, the first rows, and the interactions that would result. Stores nothing. It takes the options of vasp import for layout and columns.',
    )
    .argument('<file...>', 'files of ratings with one row per interaction, or a folder that contains them')
    .option('--table <name>', 'table of a SQLite database, or sheet of a workbook')
  addItemsOptions(command)
  addColumnOptions(command)
  addReadingOptions(command)
    .helpGroup('Data:')
    .addHelpText(
      'after',
      `\nExamples:\n  $ vasp preview ratings.csv\n  $ vasp preview export.txt --user who --dates day-first\n`,
    )
    .action((files: string[], _options: unknown, command: Command) =>
      withSession(invocation, command, async ({ client, engine, terminal }) => {
        const chosen = read(options, command)
        const reading = readingOf(chosen)
        const found = await filesOf(client, files, { items: chosen.items, roles: reading.roles })
        const ratings = found.ratings.map((file) => engine.registerFile(file))
        const joined = found.joined.map((file) => engine.registerFile(file))
        const ofFiles = await client.datasets.preview({
          ratings,
          items: found.items === null ? null : engine.registerFile(found.items),
          joined,
          table: chosen.table,
          reading,
          columns: chosenColumns(chosen),
        })
        refuseUnknownRoles(reading.roles, [...found.found, ...ofFiles.files])
        refuseNeedlessItems(reading, ofFiles)
        const ofFolders = fileChoices(found.found)
        const preview = {
          ...ofFiles,
          itemMapping: chooseItemColumns(ofFiles, chosen),
          choices: [...ofFolders, ...ofFiles.choices],
          warnings: [...warningsOf(ofFolders), ...ofFiles.warnings],
          files: [...found.found, ...ofFiles.files],
        }
        const complete = preview.mapping.user !== null && preview.mapping.item !== null
        const duplicates = usualDuplicates(preview.mapping)
        const forecast = complete
          ? await client.datasets.forecast({
              ratings,
              joined,
              mapping: chooseColumns(preview, chosen),
              duplicates,
              table: chosen.table,
              reading,
            })
          : null
        const repeats = forecast ? repeatedCountsChoice(preview.mapping, duplicates, forecast.duplicates, null) : []
        const whole = {
          ...preview,
          choices: [...preview.choices, ...repeats],
          warnings: [...preview.warnings, ...warningsOf(repeats)],
        }
        for (const warning of whole.warnings) terminal.warning(warning)
        terminal.result({ ...whole, forecast }, () => previewText(whole, forecast))
      }),
    )
}

function previewText(preview: ImportPreview, forecast: ImportForecast | null): string {
  const { ratings, mapping, choices } = preview
  const sections = [
    `${ratings.name}: ${ratings.format}, ${formatBytes(ratings.bytes)}`,
    choices.map((choice) => `${isWarning(choice) ? '!' : ' '} ${choiceInWords(choice)} [${choice.option}]`).join('\n'),
    table(
      ratings.columns.map(({ name }) => text(name)),
      ratings.rows
        .slice(0, rowsShown)
        .map((row) => row.map((cell) => (cell.length > longestCell ? `${cell.slice(0, longestCell)}…` : cell))),
    ),
  ]
  const { items, itemMapping } = preview
  if (items)
    sections.push(
      itemMapping
        ? `${items.name}: items by “${itemMapping.item}”, ${itemMapping.title === null ? 'no title' : `title “${itemMapping.title}”`}, ${itemMapping.genres === null ? 'no genres' : `genres “${itemMapping.genres}”`} [--items-item, --items-title, --items-genres COLUMN]`
        : `Which column of ${items.name} contains the item ids? Choose it with --items-item COLUMN.`,
    )
  const open = (['user', 'item'] as const).filter((role) => mapping[role] === null)
  // Where a column has JSON objects, or the table has no such column, none can be chosen; the warnings say so.
  const hasNone = preview.refusal !== undefined || choices.some(({ value }) => value === objectsLeftOut)
  if (open.length > 0 && !hasNone)
    sections.push(
      `Which column contains the ${open.join(' and the ')}? Choose it with ${open.map((role) => `--${role} COLUMN`).join(' and ')}.`,
    )
  if (forecast) sections.push(forecastText(Boolean(mapping.count), forecast))
  return sections.join('\n\n')
}

/** All rows of a file in a sentence. */
const allOf = (rows: number): string => (rows === 1 ? 'the only row' : `all ${formatCounted(rows, 'row')}`)

/** @param counts whether the rows have counts */
function forecastText(
  counts: boolean,
  { rows, whole, users, items, interactions, duplicates, rejected, leftOut }: ImportForecast,
): string {
  const lines = [
    `An import would turn ${whole ? allOf(rows) : `the first ${formatCounted(rows, 'row')}`} into ${formatCounted(interactions, 'interaction')} of ${formatCounted(users, 'user')} with ${formatCounted(items, 'item')}.`,
  ]
  if (duplicates > 0)
    lines.push(
      `${formatCounted(duplicates, 'row')} ${duplicates === 1 ? 'repeats' : 'repeat'} a user and item: ${counts ? 'an import adds up their counts (--duplicates last, first or maximum keeps one of each)' : 'an import keeps the last one of each (--duplicates first, maximum, or count, which makes the number of rows the value)'}.`,
    )
  const all = rejected.reduce((sum, one) => sum + one.rows, 0)
  if (all > 0)
    lines.push(
      `${formatCounted(all, 'row')} of ${formatCount(rows)} (${formatShare(all / rows)}) cannot be used and would be rejected:`,
    )
  for (const { what, rows: found, examples } of rejected)
    lines.push(
      `  ${formatCounted(found, 'row')}: ${what}${examples.length > 0 ? `, as ${examples.map((one) => `“${one}”`).join('; ')}` : ''}.`,
    )
  for (const { what, rows: found } of leftOut) lines.push(`Left out as “${what}”: ${formatCount(found)}.`)
  return lines.join('\n')
}
