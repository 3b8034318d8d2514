import { Argument, Option, type Command } from 'commander'
import { z } from 'zod'
import { badInput } from '../../../shared/errors'
import { calibrationText, uncalibratedText, weightText } from '../../../shared/combination-text'
import { combinationSettings, type RunDetail } from '../../../shared/runs'
import { combiningKinds, firstModel } from '../model-names'
import { read, wholeNumber } from '../options'
import { existingRun } from '../resolve'
import { withSession, type Invocation } from '../session'
import { number, table, text } from '../table'
import { train, trainedText } from './train'

const options = z.object({ weights: combinationSettings.shape.weights, name: z.string().optional() })

export function addCombine(program: Command, invocation: Invocation): void {
  program
    .command('combine')
    .summary('multiply trained runs, with weights chosen on validation users')
    .description(
      'Combines trained runs of one data set, preparation and split into a new run: p = Π f^w, each run’s probability to the power of a weight. By default the weights with the best NDCG@100 on the validation users are chosen. Each run alone and all weights 1 are among the candidates, so on these users the product is never worse than its best run; a run that does not help, or whose score cannot be converted to a probability, gets the weight 0. A score that is not a probability is first converted to one, f = σ(a·s + b), fitted on the same users.',
    )
    .addArgument(new Argument('<runs...>', 'two or more finished runs, see vasp runs').argParser(collected))
    .addOption(
      new Option('--weights <how>', 'validation: chosen on the validation users; equal: 1 each, as in the paper')
        .choices(combinationSettings.shape.weights.unwrap().options)
        .default('validation'),
    )
    .option('--name <name>', 'name of the run')
    .helpGroup('Models:')
    .addHelpText(
      'after',
      '\nExamples:\n  $ vasp combine 3 4 7\n  $ vasp combine 3 4 --weights equal --name "Plain product"',
    )
    .action((ids: number[], _options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const { weights, name } = read(options, command)
        const { client, terminal } = session
        const runs = await Promise.all(ids.map((id) => existingRun(client, id)))
        const [member] = runs
        const [model = firstModel.kind] = combiningKinds
        if (member === undefined) throw badInput('No run is given.', 'Give two or more, see vasp runs.')
        const { dataset, preparation, split } = await client.runs.get({ run: member })
        const result = await train(session, {
          dataset,
          model,
          preparation,
          split,
          preset: null,
          overrides: { weights },
          seed: 1,
          name: name ?? null,
          members: runs,
        })
        const made = await client.runs.get({ run: result.run })
        terminal.result({ ...result, members: made.members }, () =>
          [membersTable(made), ...problemsOf(made), '', trainedText(result)].join('\n'),
        )
      }),
    )
}

/** commander parser of one run id in a list. */
const collected = (value: string, before: readonly number[] = []): number[] => [...before, wholeNumber(1)(value)]

/** Why members could not take part. */
const problemsOf = ({ members }: RunDetail): string[] =>
  (members ?? []).flatMap(({ run, problem }) =>
    problem === null ? [] : [`Run ${run} has the weight 0: ${uncalibratedText(problem)}.`],
  )

/** Each member with its weight, and how its score was converted to a probability. */
const membersTable = ({ members }: RunDetail): string =>
  table(
    [number('run'), text('name'), number('weight'), text('probability')],
    (members ?? []).map(({ run, name, weight, calibration, problem }) => [
      String(run),
      name,
      weightText(weight),
      calibration ? `${calibrationText(calibration)} of its score s` : problem === null ? 'its own' : 'none',
    ]),
  )
