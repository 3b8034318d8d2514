import { Argument, type Command } from 'commander'
import { z } from 'zod'
import { type Comparison, differs } from '../../../shared/comparisons'
import { evaluatedUsers } from '../../../shared/evaluated-users'
import { formatMetric, formatSigned } from '../../../shared/format'
import { runId } from '../../../shared/ids'
import { metricNames } from '../../../shared/metrics'
import { figure } from '../metrics-text'
import { read, wholeNumber } from '../options'
import { existingRuns } from '../resolve'
import { withSession, type Invocation } from '../session'
import { number, table, text } from '../table'

const options = z.object({ baseline: z.number().optional(), all: z.boolean().default(false) })

export function addCompare(program: Command, invocation: Invocation): void {
  program
    .command('compare')
    .summary('compare runs: settings, figures, tests')
    .description(
      'Compares two to twenty runs with one of them: the settings in which they differ, the test metrics with the mean difference per user, its 95 % interval and a paired permutation test (corrected by Holm), and how many users are better and worse off.',
    )
    .addArgument(
      new Argument('<runs...>', 'numbers of the runs, see vasp runs').argParser((value: string, all?: number[]) => [
        ...(all ?? []),
        wholeNumber(1)(value),
      ]),
    )
    .option('--baseline <run>', 'the run to compare with; the first one otherwise', wholeNumber(1))
    .option('--all', 'all metrics, not only the usual three, and settings that only some of the models have')
    .helpGroup('Models:')
    .addHelpText('after', '\nExamples:\n  $ vasp compare 1 2 3\n  $ vasp compare 1 2 3 --baseline 3 --json')
    .action((numbers: number[], _options: unknown, command: Command) =>
      withSession(invocation, command, async ({ client, terminal }) => {
        const { baseline, all } = read(options, command)
        const runs = await existingRuns(client, numbers)
        const result = await client.runs.compare({
          runs,
          baseline: baseline === undefined ? null : runId.parse(baseline),
        })
        terminal.result(result, () => comparisonText(result, all))
      }),
    )
}

function comparisonText(
  { baseline, runs, settings, figures, users, seeds, summary, warnings }: Comparison,
  all: boolean,
): string {
  const heads = runs.map((run) => `run ${run.id}${run.id === baseline ? ', baseline' : ''}`)
  const shown = figures.filter(({ metric }) => all || metricNames.some((name) => name === metric))
  const different = settings.filter((setting) => all || differs(setting))
  const evaluated = runs.flatMap(({ id, evaluated: of }) => (of ? [{ id, of }] : []))
  const parts = [
    [...summary, ...warnings].join('\n'),
    table(
      [number('id'), text('name'), text('data set')],
      runs.map((run) => [String(run.id), run.name, run.datasetName]),
    ),
    different.length === 0
      ? 'They do not differ in any setting that they have in common.'
      : `Different settings:\n${table(
          [text('setting'), ...heads.map(text)],
          different.map(({ label, values }) => [
            label,
            ...values.map((value) => (value === null ? '' : String(value))),
          ]),
        )}`,
    ...shown.map(
      ({ metric, cells }) =>
        `${metric}:\n${table(
          [number('id'), text('mean'), text('difference'), text('95 % interval'), text('p'), number('users')],
          cells.map((cell, index) => [
            String(runs[index]?.id ?? ''),
            cell ? figure(cell) : '',
            cell?.difference ? formatSigned(cell.difference.mean) : '',
            cell?.difference?.low != null && cell.difference.high !== null
              ? `${formatSigned(cell.difference.low)} to ${formatSigned(cell.difference.high)}`
              : '',
            cell?.p == null ? '' : cell.p < 0.001 ? '< 0.001' : cell.p.toFixed(3),
            cell ? String(cell.users) : '',
          ]),
        )}`,
    ),
    ...(users.some((rows) => rows.length > 0)
      ? [
          `Users with a higher ndcg@100 than from run ${baseline}, with a lower, with the same:\n${table(
            [number('id'), text('users'), number('higher'), number('lower'), number('same')],
            users.flatMap((rows, index) =>
              rows.map(({ segment, wins, losses, ties }) => [
                String(runs[index]?.id ?? ''),
                segment ?? 'all',
                String(wins),
                String(losses),
                String(ties),
              ]),
            ),
          )}`,
        ]
      : []),
    ...(evaluated.length === 0
      ? []
      : [
          `Latest evaluations, after the training (the users may be others, so they are not compared):\n${table(
            [number('id'), text('users'), ...metricNames.map(text)],
            evaluated.map(({ id, of }) => [
              String(id),
              evaluatedUsers(of),
              ...metricNames.map((name) => figure(of.metrics[name])),
            ]),
          )}`,
        ]),
    ...seeds.map(
      (one) =>
        `Runs ${one.runs.join(', ')} differ in their seed alone: ndcg@100 ${formatMetric(one.mean)}${one.se === null ? '' : ` ± ${formatMetric(one.se)}`} over the seeds.`,
    ),
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}
