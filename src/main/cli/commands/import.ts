import { Option, type Command } from 'commander'
import { z } from 'zod'
import {
  duplicatePolicy,
  importResult,
  refusalInWords,
  rejectLimit,
  type ColumnMapping,
  type DuplicatePolicy,
  type ImportResult,
  type ImportTarget,
  type RejectedRow,
  usualDuplicates,
} from '../../../shared/datasets'
import { badInput } from '../../../shared/errors'
import { formatCounted, formatDuration } from '../../../shared/format'
import { hasValue } from '../../../shared/interaction-value'
import { fileChoices } from '../../../shared/file-choices'
import { withSaid } from '../../../shared/kept-reading'
import { warningsOf } from '../../../shared/reading'
import { reasonsInWords } from '../../../shared/rejected-words'
import { follow } from '../follow'
import { chooseColumns, chooseItemColumns, addColumnOptions, chosenColumns, columnOptions } from '../import-columns'
import { filesOf, refuseNeedlessItems, refuseUnknownRoles } from '../import-files'
import {
  asOptions,
  columnsOfTemplate,
  earlierReading,
  rolesWithoutColumn,
  saveTemplate,
  templateNamed,
  withRemaining,
  withTemplate,
} from '../import-template'
import { read, rowLimit } from '../options'
import { tellReading } from '../reading-text'
import { addItemsOptions, addReadingOptions, readingOf, readingOptions } from '../reading-options'
import { datasetNamed } from '../resolve'
import { withSession, type Invocation, type Session } from '../session'

const options = z.object({
  name: z.string().optional(),
  appendTo: z.string().optional(),
  refresh: z.string().optional(),
  items: z.string().optional(),
  duplicates: duplicatePolicy.optional(),
  maxRejects: rejectLimit.optional(),
  table: z.string().optional(),
  template: z.string().optional(),
  saveTemplate: z.string().optional(),
  ...columnOptions.shape,
  ...readingOptions.shape,
})

export function addImport(program: Command, invocation: Invocation): void {
  const command = program
    .command('import')
    .summary('import ratings from CSV and many other files')
    .description(
      'Imports interactions from one or more files of the same layout into a new data set: CSV and other delimited text, JSON lines and arrays, Parquet, Excel and SQLite files, tables as database consoles print them (columns below dashes), records of lines “key: value”, logs of web servers (W3C, with a line #Fields:), the text of the Netflix Prize, compressed or not, or the folder of an export. Columns are recognised by name and content; name those that are not recognised.',
    )
    .argument(
      '<file...>',
      'files of ratings with one row per interaction, and one of items if there is one; or the folder that contains them',
    )
    .option('--name <name>', 'name of the new data set')
    .option('--append-to <data>', 'add the files to a data set, as a new version of it')
    .option('--refresh <data>', 'add a new version that contains only these files to a data set')
    .addOption(
      new Option(
        '--duplicates <which>',
        'which interaction to keep if a user has an item several times (usually last; counts are added up)',
      ).choices(duplicatePolicy.options),
    )
    .option(
      '--max-rejects <limit>',
      'stop if more rows than this cannot be used: a number such as 100, or a share such as 5%',
      rowLimit,
    )
    .option('--table <name>', 'table of a SQLite database, or sheet of a workbook')
    .option('--template <name>', 'use saved columns and layout; other options override them')
    .option('--save-template <name>', 'save columns and layout for files of the same shape')
  addItemsOptions(command)
  addColumnOptions(command)
  addReadingOptions(command)
    .helpGroup('Data:')
    .addHelpText(
      'after',
      `
Examples:
  $ vasp import ratings.csv --items movies.csv --name "MovieLens small"
  $ vasp import ml-1m.zip --name "MovieLens 1M"
  $ vasp import plays.parquet --name plays --duplicates count
  $ vasp import events.csv --name shop --event event_type --event-types purchase=5,cart=3
  $ vasp import export.csv --name export --encoding windows-1252 --delimiter semicolon --decimal comma
  $ vasp import ratings.csv --items titles.txt --items-encoding windows-1250 --items-header no --name movies
  $ vasp import loans.csv --items books.csv --items-item isbn --items-title nazev --name library
  $ vasp import may.csv --name may --user who --item what --save-template shop
  $ vasp import june.csv --append-to may --template shop
  $ vasp import plays.tsv --name plays --user listener --item track --rating none`,
    )
    .action((files: string[], _options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const chosen = read(options, command)
        const { items: itemsOption, name: named, appendTo, refresh, maxRejects } = chosen
        const { client, engine, terminal } = session
        const { name, into } = await targetOf(session, { name: named, appendTo, refresh })
        const said = readingOf(chosen)
        const found = await filesOf(client, files, { items: itemsOption, roles: said.roles })
        const ratings = found.ratings.map((file) => engine.registerFile(file))
        const itemsFile = found.items === null ? null : engine.registerFile(found.items)
        const joined = found.joined.map((file) => engine.registerFile(file))
        const template = chosen.template === undefined ? null : await templateNamed(client, chosen.template)
        const earlier = template
          ? null
          : await earlierReading(
              session,
              into,
              { ratings, items: itemsFile, joined },
              { reading: said, table: chosen.table, columns: chosenColumns(chosen) },
            )
        const before = template ?? earlier
        const known = template ? columnsOfTemplate(template) : asOptions(earlier?.remaining.columns ?? {})
        const reading = withSaid(before?.settings.reading ?? {}, said)
        const table = chosen.table ?? before?.settings.table
        const columns = {
          ...chosenColumns({ ...known, ...chosen }),
          // The template or the version before says which types count, too.
          ...(before?.settings.mapping.event && known.event !== undefined && chosen.event === undefined
            ? { eventTypes: true }
            : {}),
        }
        const detected = await client.datasets.preview({
          ratings,
          items: itemsFile,
          joined,
          table,
          reading,
          columns,
          into: into?.dataset,
        })
        refuseUnknownRoles(said.roles, [...found.found, ...detected.files])
        refuseNeedlessItems(said, detected)
        const ofFolders = fileChoices(found.found)
        const warnings = [...warningsOf(ofFolders), ...detected.warnings]
        tellReading(terminal, [...ofFolders, ...detected.choices])
        // The import answers with the same sentence as an error.
        const refusal = detected.refusal && refusalInWords(detected.refusal)
        for (const warning of warnings) if (warning !== refusal) terminal.warning(warning)
        const preview = template
          ? withTemplate(detected, template)
          : earlier
            ? withRemaining(detected, earlier)
            : detected
        const mapping = chooseColumns(preview, chosen)
        const itemMapping = chooseItemColumns(preview, chosen)
        const { choices } = preview
        const wanted = chosen.duplicates ?? before?.settings.duplicates
        // A new version keeps what the one before it did, and a new data set stores what nobody chose as a guess.
        const duplicates = wanted ?? (into === null ? usualDuplicates(mapping) : 'last')
        for (const role of earlier ? rolesWithoutColumn(earlier, mapping) : [])
          terminal.warning(
            `No column was found for the ${role} that ${earlier?.name} has: these interactions are stored without. If there is one, use --${role} COLUMN.`,
          )
        if (!hasValue(mapping) && !mapping.event)
          terminal.note('note: there is no rating or count: every row counts as an interaction.')
        if (chosen.saveTemplate !== undefined) {
          // The shape of the files as detected, without any choices, so that similar files are recognised later.
          const unaided = await client.datasets.preview({ ratings, items: itemsFile, joined })
          const settings = { mapping, itemMapping, duplicates, reading, table: table ?? null }
          await saveTemplate(client, chosen.saveTemplate, unaided.ratings, settings)
          terminal.note(`note: the template "${chosen.saveTemplate}" is saved.`)
        }
        const { job } = await client.datasets.import({
          name,
          ratings,
          items: itemsFile,
          joined,
          mapping,
          itemMapping,
          duplicates: wanted,
          maxRejects,
          table,
          reading,
          choices: [...ofFolders, ...choices],
          into,
        })
        const wasDescribed = into?.how === 'refresh' && (await client.datasets.get({ id: into.dataset })).itemsDescribed
        const result = await follow(session, job, 'The import', importResult)
        // Warnings that only appear when the whole files are read.
        const shown = new Set(warnings.map(withoutCounts))
        for (const warning of warningsOf(result.choices))
          if (!shown.has(withoutCounts(warning))) terminal.warning(warning)
        if (wasDescribed && !(await client.datasets.get({ id: result.dataset })).itemsDescribed)
          terminal.warning(
            'The previous version has titles, genres or attributes of items, but these files have none. Join them again with vasp metadata, or give the items file with --items.',
          )
        // The text for people has these sentences itself.
        if (terminal.json && result.rejected > 0) {
          const { rows } = await client.datasets.rejects({ id: result.dataset, offset: 0, limit: 1 })
          terminal.warning(rejectedText(result, rows[0]))
        }
        terminal.result(result, () => resultText(name, result, duplicates, mapping))
      }),
    )
}

/** A warning without its counts, which may be higher for all rows than for those of a preview. */
const withoutCounts = (warning: string): string => warning.replaceAll(/\d[\d,]*(?= (?:of|rows?|ids?|values?)\b)/g, '')

/** The name of a new data set, or the one that gets a new version. Throws BAD_INPUT unless exactly one of them is given. */
async function targetOf(
  { client }: Session,
  { name, appendTo, refresh }: Pick<z.infer<typeof options>, 'name' | 'appendTo' | 'refresh'>,
): Promise<{ name: string; into: ImportTarget | null }> {
  const asked = [name, appendTo, refresh].filter((value) => value !== undefined)
  if (asked.length !== 1)
    throw badInput(
      asked.length === 0 ? 'The data set is not given: --name is missing.' : 'The files can only go into one data set.',
      'Give one of --name NAME (a new data set), --append-to DATA and --refresh DATA (a new version).',
    )
  if (name !== undefined) return { name, into: null }
  const dataset = await datasetNamed(client, appendTo ?? refresh ?? '')
  return { name: dataset.name, into: { dataset: dataset.id, how: appendTo === undefined ? 'refresh' : 'append' } }
}

/** How many rows could not be used, and why. @param first the first of them, if it is known */
function rejectedText({ rejected, rejectedByReason }: ImportResult, first?: RejectedRow): string {
  const why = reasonsInWords(rejectedByReason, 'option')
  const where = first ? ` The first is line ${first.line}: ${first.text.trim().slice(0, 80)}` : ''
  const listed = rejected === 1 ? 'vasp rejects lists it with its line.' : 'vasp rejects lists each with its line.'
  return `${formatCounted(rejected, 'row')} could not be used: ${why}. ${listed}${where}`
}

/** The choice of duplicates that may suit the values of these columns better than keeping one row by its position. */
function otherDuplicates(mapping: ColumnMapping, duplicates: DuplicatePolicy): string {
  if (mapping.count && duplicates !== 'count') return ' (--duplicates count adds up their counts)'
  return mapping.rating && duplicates !== 'maximum' ? ' (--duplicates maximum keeps the highest rating)' : ''
}

function resultText(name: string, result: ImportResult, duplicates: DuplicatePolicy, mapping: ColumnMapping): string {
  const lines = [
    `Imported "${name}" as data set ${result.dataset} in ${formatDuration(result.seconds)}: ${formatCounted(result.interactions, 'interaction')} of ${formatCounted(result.users, 'user')} with ${formatCounted(result.items, 'item')}.`,
  ]
  if (result.rejected > 0) lines.push(rejectedText(result))
  if (result.leftOut > 0)
    lines.push(
      result.leftOut === 1
        ? '1 row was left out because of its event type, its user or a value that means “not rated”.'
        : `${formatCounted(result.leftOut, 'row')} were left out because of their event types, their users or values that mean “not rated”.`,
    )
  if (result.duplicates > 0) {
    const kept =
      duplicates === 'count'
        ? mapping.count
          ? 'their counts were added up (--duplicates last keeps the last one of each)'
          : 'they were counted or added up'
        : `the ${duplicates === 'maximum' ? 'highest' : duplicates} one of each was kept${otherDuplicates(mapping, duplicates)}`
    lines.push(`${formatCounted(result.duplicates, 'row')} repeated a user and item: ${kept}.`)
  }
  if (result.unmatchedItems > 0)
    lines.push(
      `${formatCounted(result.unmatchedItems, 'item')} of the items file ${result.unmatchedItems === 1 ? 'has' : 'have'} no interactions.`,
    )
  if (result.repeatedItems > 0)
    lines.push(
      `${formatCounted(result.repeatedItems, 'item')} ${result.repeatedItems === 1 ? 'has' : 'have'} several rows in the items file: genres and attributes were joined, and the first title was taken.`,
    )
  return lines.join('\n')
}
