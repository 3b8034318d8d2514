import { Option, type Command } from 'commander'
import { z } from 'zod'
import { badInput } from '../../../shared/errors'
import {
  linearSums,
  sourceSentence,
  type Explanation,
  type Explanations,
  type LinearSum,
} from '../../../shared/explore'
import { formatCount, formatScore, formatShare, formatSigned } from '../../../shared/format'
import { productExample } from '../model-names'
import { weightText } from '../../../shared/combination-text'
import { namedExplanation } from '../../models/named-factors'
import { idList, read, wholeNumber } from '../options'
import { existingRun } from '../resolve'
import { withSession, type Invocation } from '../session'
import { listing, number, table, text } from '../table'
import { refuseUnknown } from '../unknown-items'

const options = z.object({
  run: z.number(),
  user: z.string().optional(),
  history: z.array(z.string()).optional(),
  item: z.string().optional(),
  skipUnknown: z.boolean().default(false),
})

/** History items shown below each explanation; --json has all of them. */
const contributionsShown = 10

export function addExplain(program: Command, invocation: Invocation): void {
  program
    .command('explain')
    .summary('explain why an item is recommended')
    .description(
      `Splits the score of an item into the factors of its members (${productExample}), with their shares and lifts in log space, and lists the exact contribution of each history item to the logit of each linear member. Without --item, explains the first ten recommendations.`,
    )
    .requiredOption('--run <id>', 'run, see vasp runs', wholeNumber(1))
    .addOption(new Option('--user <id>', 'user of the data set').conflicts('history'))
    .addOption(new Option('--history <ids>', 'item ids of a new user, separated by commas').argParser(idList))
    .option('--item <id>', 'item to explain')
    .option('--skip-unknown', 'leave out ids of --history that the run does not know')
    .helpGroup('Recommendations:')
    .addHelpText(
      'after',
      '\nExamples:\n  $ vasp explain --run 3 --user 42\n  $ vasp explain --run 3 --history "1,50,260" --item 2571 --json',
    )
    .action((_options: unknown, command: Command) =>
      withSession(invocation, command, async ({ client, terminal }) => {
        const { user, history, item, skipUnknown, ...asked } = read(options, command)
        if (user === undefined && history === undefined) {
          throw badInput('No user is given.', 'Add --user ID or --history "id,id,…".')
        }
        const run = await existingRun(client, asked.run)
        const who = history ? { kind: 'history' as const, items: history } : { kind: 'user' as const, user: user ?? '' }
        const answer = await client.explore.explain({ run, who, item: item ?? null })
        if (!skipUnknown) refuseUnknown(answer.unknown)
        terminal.result({ ...answer, explanations: answer.explanations.map(namedExplanation) }, () =>
          explanationsText(answer),
        )
      }),
    )
}

export const explanationsText = ({ source, history, explanations }: Explanations): string =>
  [
    `History of ${formatCount(history.length)} ${history.length === 1 ? 'item' : 'items'}`,
    ...[sourceSentence({ source, history })].filter((sentence) => sentence !== null),
    ...explanations.map(explanationText),
  ].join('\n\n')

function explanationText(why: Explanation): string {
  const { item } = why
  const heading = `${item.rank}. ${item.title} (${item.id})`
  const score = `score ${formatScore(item.score)}`
  const factors =
    why.factors.length > 1
      ? [
          `${score} = ${why.factors.map(({ title, weight, value }) => `${powerOf(title, weight)} ${formatScore(value)}`).join(' × ')}`,
          '',
          table(
            [text('member'), number('factor'), number('own rank'), number('log'), number('share'), number('lift')],
            [
              ...why.factors.map((factor) => [
                powerOf(factor.title, factor.weight),
                formatScore(factor.value),
                String(factor.rank),
                formatSigned(factor.log),
                factor.share === null ? '' : formatShare(factor.share),
                log(factor.lift),
              ]),
              [
                why.factors.length === 2 ? 'both' : 'all',
                formatScore(item.score),
                String(item.rank),
                log(why.logScore),
                '',
                '',
              ],
            ],
          ),
        ]
      : [score]
  const sums = linearSums(why)
  const linear = sums.flatMap(({ member, sum }) =>
    contributionsText(member && sums.length > 1 ? `linear sum of ${member.title}` : 'linear sum', sum),
  )
  return [heading, ...factors, ...linear].join('\n')
}

/** `Name`, or `Name^0.5` where its probability has another weight than 1. */
const powerOf = (title: string, weight: number): string => (weight === 1 ? title : `${title}^${weightText(weight)}`)

function contributionsText(name: string, { logit: total, intercept, contributions }: LinearSum): string[] {
  const shown = contributions.slice(0, contributionsShown)
  const rest = contributions.slice(contributionsShown)
  const rows: [string, string][] = shown.map(({ logit, title }) => [formatSigned(logit), title])
  if (rest.length > 0) {
    const sum = rest.reduce((subtotal, { logit }) => subtotal + logit, 0)
    rows.push([formatSigned(sum), `${formatCount(rest.length)} other items`])
  }
  if (intercept !== 0) rows.push([formatSigned(intercept), 'intercept of the calibration'])
  return ['', `${name} ${formatSigned(total)}, made up of`, listing(rows)]
}

const log = (value: number | null): string => (value === null ? '' : formatSigned(value))
