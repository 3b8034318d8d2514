import { Argument, Option, type Command } from 'commander'
import { z } from 'zod'
import { badInput } from '../../../shared/errors'
import { combinationSettings } from '../../../shared/runs'
import { combiningKinds, firstModel } from '../model-names'
import { read, wholeNumber } from '../options'
import { existingRun } from '../resolve'
import { withSession, type Invocation } from '../session'
import { trainAndReport } from './train'

const options = z.object({ weights: combinationSettings.shape.weights, name: z.string().optional() })

export function addCombine(program: Command, invocation: Invocation): void {
  program
    .command('combine')
    .summary('multiply trained runs, with weights chosen on validation users')
    .description(
      'Combines trained runs of one data set, preparation and split into a new run: p = Π f^w, each run’s probability to the power of a weight. By default the weights with the best NDCG@100 on the validation users are chosen. Each run alone and all weights 1 are among the candidates, so on these users the product is never worse than its best run; a run that does not help gets the weight 0. A score that is not a probability is first converted to one, f = σ(a·s + b), fitted on the same users. A run for which the fit finds no a above 0 cannot be multiplied: it gets the weight 0, or is the product alone, by its own scores, if that is best.',
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
        const { client } = session
        const runs = await Promise.all(ids.map((id) => existingRun(client, id)))
        const [member] = runs
        const [model = firstModel.kind] = combiningKinds
        if (member === undefined) throw badInput('No run is given.', 'Give two or more, see vasp runs.')
        const { dataset, preparation, split } = await client.runs.get({ run: member })
        await trainAndReport(session, {
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
      }),
    )
}

/** commander parser of one run id in a list. */
const collected = (value: string, before: readonly number[] = []): number[] => [...before, wholeNumber(1)(value)]
