import { Option, type Command } from 'commander'
import { z } from 'zod'
import { badInput, notFound } from '../../../shared/errors'
import { formatBytes, formatCounted, formatDuration, formatMetric } from '../../../shared/format'
import type { RunId } from '../../../shared/ids'
import { testMetricNames } from '../../../shared/metrics'
import { type MarkedProtocol, markedProtocols } from '../../../shared/protocol'
import { fieldNamed, fieldsOf, fieldText, type RunField } from '../../../shared/run-fields'
import { parseFilter } from '../../../shared/run-filter'
import { groupRuns, type RunGroup } from '../../../shared/run-groups'
import type { NamedRunView, RunView } from '../../../shared/run-views'
import type { Run } from '../../../shared/runs'
import { sortedBy } from '../../../shared/sorting'
import { figure } from '../metrics-text'
import { firstModel } from '../model-names'
import { collectedTags, idList, read, wholeNumber } from '../options'
import { datasetNamed, existingRuns } from '../resolve'
import { runStatusWord } from '../run-text'
import { withSession, type Invocation, type Session } from '../session'
import { type Column, listing, number, table, text } from '../table'

const options = z.object({
  data: z.string().optional(),
  filter: z.string().optional(),
  group: z.string().optional(),
  columns: z.array(z.string()).optional(),
  sort: z.string().optional(),
  view: z.string().optional(),
  archived: z.boolean().default(false),
})

const labelOptions = z.object({
  tag: z.array(z.string()).default([]),
  untag: z.array(z.string()).default([]),
  note: z.string().optional(),
  star: z.boolean().optional(),
  archive: z.boolean().optional(),
})

const usualColumns = ['name', 'data', 'model', 'state', 'ndcg@100', 'recall@20', 'recall@50', 'duration']

/** `runs` and `label`: the table of runs, and what people note about them. */
export function addRuns(program: Command, invocation: Invocation): void {
  program
    .command('runs')
    .summary('list trained models with their test metrics')
    .description(
      'Lists the runs of the library, each with its state and test metrics, and marks those whose figures do not compare because they were measured under different protocols.',
    )
    .option('--data <name>', 'only runs of this data set (name or id)')
    .option('--filter <terms>', 'only runs for which all terms hold, as "tag=baseline ndcg@100>0.3 -state=failed"')
    .option('--group <field>', 'group by data, model, tag or another field, with subtotals')
    .option('--columns <fields>', 'what to show, separated by commas: metrics, settings and others', idList)
    .option('--sort <field>', 'sort by this field; with - before it, largest first')
    .option('--view <name>', 'filter, groups, columns and order as saved in the app under this name')
    .option('--archived', 'archived runs, too')
    .helpGroup('Models:')
    .addHelpText(
      'after',
      `
A filter has terms with spaces between them: a word or "several words" (in name, data set, model, preset, tags or note), #7 (run 7), or a field with =, !=, <, <=, > or >=, or with : for a part of a text. A - before a term excludes what it finds. Fields are id, name, state, model, preset, data, version, seed, tag, note, starred, archived, best, duration, disk, started, the metrics (validation.ndcg@100 for those of validation), and the settings of the models.

Examples:
  $ vasp runs --filter "model=${firstModel.kind} ndcg@100>0.3 started>=2026-11-01"
  $ vasp runs --filter "tag=baseline -state=failed" --group model
  $ vasp runs --columns name,stages,batchRows,ndcg@100,disk --sort -ndcg@100`,
    )
    .action((_options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const asked = read(options, command)
        const { client, terminal } = session
        const dataset = asked.data === undefined ? null : (await datasetNamed(client, asked.data)).id
        const view = asked.view === undefined ? null : await viewNamed(session, asked.view)
        const all = await client.runs.list({ dataset })
        const fields = fieldsOf(all)
        const filter = parseFilter(asked.filter ?? view?.filter ?? '', fields)
        const showsArchived = asked.archived || filter.mentions('archived')
        const by = sortingOf(asked.sort, view)
        const sorter = by && fieldNamed(fields, by.key)
        const found = all.filter((run) => (showsArchived || !run.archived) && filter.matches(run))
        const runs = sorter ? sortedBy(found, (run) => scalar(sorter.value(run)), by.direction) : found
        const columns = (asked.columns ?? view?.columns ?? usualColumns).map((key) => fieldNamed(fields, key))
        const group = asked.group ?? view?.group ?? null
        const groups = group === null ? null : groupRuns(runs, groupable(fieldNamed(fields, group)))
        const protocols = markedProtocols(runs)
        const listed = (some: readonly Run[]): string => runTable(some, columns, protocols)
        terminal.result(groups === null ? { runs } : { runs, groups: groups.map(groupResult) }, () => {
          if (all.length === 0) return `No runs yet. Train one: vasp train --data NAME --model ${firstModel.kind}`
          if (runs.length === 0) return noneFound(all.length)
          const tables =
            groups === null
              ? listed(runs)
              : groups.map((one) => `${groupLine(group ?? '', one)}\n${listed(one.runs)}`).join('\n\n')
          return tables + legendOf(protocols)
        })
      }),
    )

  program
    .command('label')
    .summary('give runs tags, notes and stars, or archive them')
    .description(
      'Gives runs tags, a note or a star, or archives them. Nothing of what was trained or measured changes.',
    )
    .argument('<runs...>', 'numbers of the runs, see vasp runs')
    .option('--tag <tag>', 'add a tag; repeat for more', collectedTags)
    .option('--untag <tag>', 'remove a tag; repeat for more', collectedTags)
    .option('--note <text>', 'replace the note (Markdown)')
    .option('--star', 'mark with a star')
    .addOption(new Option('--no-star', 'remove the star').default(undefined))
    .option('--archive', 'leave out of the lists, until asked for')
    .addOption(new Option('--no-archive', 'list again').default(undefined))
    .helpGroup('Models:')
    .addHelpText(
      'after',
      '\nExamples:\n  $ vasp label 7 8 --tag baseline\n  $ vasp label 7 --note "with the new catalogue" --star',
    )
    .action((numbers: string[], _options: unknown, command: Command) =>
      withSession(invocation, command, async ({ client, terminal }) => {
        const { tag, untag, note, star, archive } = read(labelOptions, command)
        if (tag.length + untag.length === 0 && note === undefined && star === undefined && archive === undefined)
          throw badInput('Nothing to change is named.', 'Give --tag, --untag, --note, --star or --archive.')
        const ids = await existingRuns(
          client,
          numbers.map((written) => wholeNumber(1)(written)),
        )
        const runs = await client.runs.label({
          runs: ids,
          addTags: tag,
          removeTags: untag,
          ...(note !== undefined && { note }),
          ...(star !== undefined && { starred: star }),
          ...(archive !== undefined && { archived: archive }),
        })
        terminal.result({ runs }, () =>
          listing(runs.map((run) => [`Run ${run.id} (${run.name})`, labelText(run) || 'no tags, no note'])),
        )
      }),
    )
}

const labelText = (run: Run): string =>
  [
    ...(run.starred ? ['starred'] : []),
    ...(run.archived ? ['archived'] : []),
    ...(run.tags.length > 0 ? [`tags ${run.tags.join(', ')}`] : []),
    ...(run.note === '' ? [] : [`note: ${run.note.split('\n', 1)[0] ?? ''}`]),
  ].join('; ')

async function viewNamed({ client }: Session, name: string): Promise<NamedRunView> {
  const views = await client.runs.views()
  const found = views.find((view) => view.name === name)
  if (found) return found
  throw notFound(
    `There is no view “${name}”.`,
    views.length === 0
      ? 'The library has none: save one on the page of runs.'
      : `The library has ${views.map((view) => `“${view.name}”`).join(', ')}.`,
  )
}

function sortingOf(sort: string | undefined, view: RunView | null): RunView['sort'] | null {
  if (sort === undefined) return view?.sort ?? null
  return sort.startsWith('-') ? { key: sort.slice(1), direction: 'descending' } : { key: sort, direction: 'ascending' }
}

const scalar = (value: ReturnType<RunField['value']>): number | string | null =>
  value === null ? null : typeof value === 'number' ? value : Array.isArray(value) ? value.join(', ') : String(value)

function groupable(field: RunField): RunField {
  if (!testMetricNames.some((name) => field.key.endsWith(name))) return field
  throw badInput(
    `Runs are not grouped by ${field.key}: almost every run has another value.`,
    'Group by data, model, tag, state or a setting.',
  )
}

const groupResult = ({ name, runs, best, mixed, seconds, diskBytes }: RunGroup): Record<string, unknown> => ({
  name,
  runs: runs.map(({ id }) => id),
  best: best?.id ?? null,
  mixedProtocols: mixed,
  seconds,
  diskBytes,
})

function groupLine(field: string, { name, runs, best, mixed, seconds, diskBytes }: RunGroup): string {
  const figures = [
    formatCounted(runs.length, 'run'),
    ...(best?.test ? [`best ndcg@100 ${formatMetric(best.test['ndcg@100'].mean)} (run ${best.id})`] : []),
    ...(mixed ? ['figures of different protocols, which do not compare'] : []),
    ...(seconds > 0 ? [formatDuration(seconds)] : []),
    ...(diskBytes > 0 ? [formatBytes(diskBytes)] : []),
  ]
  return `${name === null ? `no ${field}` : `${field} ${name}`}: ${figures.join(', ')}`
}

function noneFound(total: number): string {
  return `None of ${formatCounted(total, 'run')} satisfies the filter. Archived runs are listed with --archived.`
}

function runTable(
  runs: readonly Run[],
  fields: readonly RunField[],
  protocols: ReadonlyMap<RunId, MarkedProtocol>,
): string {
  const marked = protocols.size > 0
  const columns: Column[] = [
    number('id'),
    ...(marked ? [text('protocol')] : []),
    ...fields.map(({ key, kind }) =>
      kind === 'number' && !isMeasured(key) ? number(titleOf(key)) : text(titleOf(key)),
    ),
  ]
  return table(
    columns,
    runs.map((run) => [
      String(run.id),
      ...(marked ? [protocols.get(run.id)?.mark ?? ''] : []),
      ...fields.map((field) => cell(run, field)),
    ]),
  )
}

const isMeasured = (key: string): boolean => testMetricNames.some((name) => name === key)
const titles: Readonly<Record<string, string>> = { data: 'data set', duration: 'time' }
const titleOf = (key: string): string => titles[key] ?? key

function cell(run: Run, field: RunField): string {
  const measured = testMetricNames.find((name) => name === field.key)
  const metric = measured && run.test?.[measured]
  if (metric) return figure(metric)
  if (field.key === 'state') return runStatusWord(run)
  return fieldText(run, field)
}

/** How the protocols of listed runs differ; empty if they do not. */
function legendOf(protocols: ReadonlyMap<RunId, MarkedProtocol>): string {
  if (protocols.size === 0) return ''
  const texts = new Map(Array.from(protocols.values(), ({ mark, text: said }) => [mark, said]))
  return `\n\nOnly figures under the same protocol are comparable:\n${listing([...texts])}`
}
