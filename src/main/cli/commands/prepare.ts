import type { Command } from 'commander'
import { z } from 'zod'
import { StudioError } from '../../../shared/errors'
import { formatCount, formatCounted } from '../../../shared/format'
import { stepNames } from '../../../shared/filter-steps'
import type { NamedPreparation, PreparationPreview } from '../../../shared/preparations'
import { descriptionSentence, preparationDescription } from '../../../shared/protocol'
import { protocolWarnings } from '../../../shared/protocol-warnings'
import { firstModel } from '../model-names'
import { read } from '../options'
import { addProtocolOptions, protocolFor, protocolShape } from '../protocol-options'
import { datasetNamed } from '../resolve'
import { withSession, type Invocation } from '../session'
import { number, table, text } from '../table'

const options = z.object({ data: z.string(), save: z.string().optional(), ...protocolShape })

/** `prepare` and `preparations`: the effect of filters on a data set, and saved filters. */
export function addPrepare(program: Command, invocation: Invocation): void {
  const command = program
    .command('prepare')
    .summary('show the effect of filters and a split on a data set, and save the filters')
    .description(
      'Shows what each filter leaves of a data set, the sizes of the split, and whether it leaks data. Nothing is changed; --save stores the filters for train --preparation NAME.',
    )
    .requiredOption('--data <name>', 'data set, by name or id')
    .option('--save <name>', 'save the filters under this name')
  addProtocolOptions(command)
    .helpGroup('Data:')
    .addHelpText(
      'after',
      `
Examples:
  $ vasp prepare --data "MovieLens small" --min-interactions 5 --min-per-item 5 --save "5-core"
  $ vasp train --data "MovieLens small" --model ${firstModel.kind} --preparation "5-core"`,
    )
    .action((_options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const { data, save, ...asked } = read(options, command)
        const dataset = await datasetNamed(session.client, data)
        const protocol = await protocolFor(session, asked, dataset)
        const preview = await session.client.preparations.preview({ dataset: dataset.id, ...protocol })
        if (preview.problem) throw new StudioError(preview.problem)
        const saved =
          save === undefined
            ? null
            : await session.client.preparations.save({ name: save, preparation: protocol.preparation })
        const warnings = preview.split ? protocolWarnings(preview.split.summary) : []
        for (const warning of warnings) session.terminal.warning(warning)
        const { preparation } = protocol
        session.terminal.result({ ...preview, preparation, warnings, saved: saved?.name ?? null }, () =>
          [previewText(preview), ...(saved ? ['', `Saved as "${saved.name}".`] : [])].join('\n'),
        )
      }),
    )

  program
    .command('preparations')
    .summary('list the saved filters')
    .description('Lists the preparations (saved filters) of the library, for --preparation NAME.')
    .helpGroup('Data:')
    .action((_options: unknown, command: Command) =>
      withSession(invocation, command, async ({ client, terminal }) => {
        const preparations = await client.preparations.list()
        terminal.result({ preparations }, () =>
          preparations.length === 0
            ? 'No preparations yet. Save one: vasp prepare --data NAME --save NAME'
            : preparationsText(preparations),
        )
      }),
    )
}

/** Each preparation with its filters in full: what distinguishes two may be the last of them. */
export const preparationsText = (preparations: readonly Pick<NamedPreparation, 'name' | 'preparation'>[]): string =>
  preparations
    .map(({ name, preparation }) => `${name}\n  ${descriptionSentence(preparationDescription(preparation))}`)
    .join('\n\n')

function previewText({ steps, split }: PreparationPreview): string {
  const effect = table(
    [text('filter'), number('users'), number('items'), number('interactions')],
    steps.map(({ filter, users, items, interactions, rounds }) => [
      `${stepNames[filter]}${rounds !== null && rounds > 1 ? ` (${rounds} rounds)` : ''}`,
      ...[users, items, interactions].map(formatCount),
    ]),
  )
  if (!split) return effect
  const { summary, checks } = split
  return [
    effect,
    '',
    `Split: ${formatCounted(summary.trainUsers, 'training user')} with ${formatCounted(summary.trainInteractions, 'interaction')}, ${formatCount(summary.validationUsers)} validation and ${formatCounted(summary.testUsers, 'test user')}, ${formatCounted(summary.items, 'item')} known.`,
    ...checks.map(
      ({ claim, checked, violations }) =>
        `${violations === 0 ? 'ok' : 'LEAK'}: ${claim} (${formatCount(violations)} of ${formatCounted(checked, 'user')}).`,
    ),
  ].join('\n')
}
