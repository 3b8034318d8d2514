import { Option, type Command } from 'commander'
import { z } from 'zod'
import { drawRange, searchSpace } from '../../../shared/experiments'
import { modelKind } from '../../../shared/models'
import { noBomHelp } from '../export-options'
import { firstModel, modelKinds } from '../model-names'
import { keyValue, numberBy, read, wholeNumber } from '../options'
import { addProtocolOptions, protocolFor, protocolShape } from '../protocol-options'
import { datasetNamed } from '../resolve'
import { gridValues, randomRange } from '../search-options'
import { withSession, type Invocation } from '../session'
import { finish, outputOf } from './reproduce'

const options = z.object({
  data: z.string(),
  model: modelKind,
  preset: z.string().optional(),
  set: z.record(z.string(), z.string()).default({}),
  grid: z.record(z.string(), z.array(z.string())).default({}),
  random: z.record(z.string(), drawRange).default({}),
  budget: z.number(),
  seed: z.number(),
  fresh: z.boolean().default(false),
  out: z.string().optional(),
  force: z.boolean().default(false),
  bom: z.boolean(),
  ...protocolShape,
})

export function addSearch(program: Command, invocation: Invocation): void {
  const command = program
    .command('search')
    .summary('search for the settings of a model that validate best')
    .description(
      'Trains a model with settings from a grid or sampled from ranges, at most --budget runs, and marks the best by validation users. Test users are not used for the choice; each run stops early by its own patience.',
    )
    .requiredOption('--data <name>', 'data set, by name or id')
    .addOption(new Option('--model <model>', 'what to train').choices(modelKinds).makeOptionMandatory())
    .option('--preset <preset>', 'settings to start from (vasp models lists them)')
    .option('--set <key=value>', 'change one setting of all candidates; repeat for more', keyValue)
    .option('--grid <key=a,b,c>', 'values to try; repeat for more settings; a|b where values hold commas', gridValues)
    .option('--random <key=low..high[:log]>', 'range to draw from; repeat for more settings', randomRange)
    .option('--budget <n>', 'maximum number of runs; a larger grid is sampled', numberBy(searchSpace.shape.budget), 20)
    .option('--seed <n>', 'seed of the draws and of every training', wholeNumber(0), 1)
    .option('--fresh', 'train everything again, even if an identical run exists')
    .option('--out <file>', 'also write the table: .csv, .md or .tex')
    .option('--force', 'replace the file if it exists')
    .option('--no-bom', noBomHelp)
  addProtocolOptions(command)
    .helpGroup('Models:')
    .addHelpText(
      'after',
      `
Examples:
  $ vasp search --data movies --model ${firstModel.kind} --grid training=joint,alternating --grid "stages=1e-3x30|3e-3x10,1e-3x10"
  $ vasp search --data movies --model ${firstModel.kind} --random alpha=0.1..0.5 --random hidden=128..1024:log --budget 12`,
    )
    .action((_options: unknown, invoked: Command) =>
      withSession(invocation, invoked, async (session) => {
        const asked = read(options, invoked)
        const dataset = await datasetNamed(session.client, asked.data)
        const output = await outputOf(asked)
        const { preparation, split } = await protocolFor(session, asked, dataset)
        const { model, grid, random, budget, seed } = asked
        const created = await session.client.experiments.create({
          name: null,
          subject: {
            kind: 'search',
            space: { model, preset: asked.preset ?? null, overrides: asked.set, grid, random, budget, seed },
          },
          datasets: [dataset.id],
          preparations: [preparation],
          splits: [split],
          seeds: [seed],
          reuse: !asked.fresh,
        })
        await finish(invocation, session, created, { heldOut: 'validation', segment: null, output })
      }),
    )
}
