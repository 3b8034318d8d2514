import { Argument, type Command } from 'commander'
import { z } from 'zod'
import { goesOnWhere } from '../../../shared/runs'
import { existingRun } from '../resolve'
import { withSession, type Invocation } from '../session'
import { read, wholeNumber } from '../options'
import { followTraining, reportTraining } from './train'

const options = z.object({ stages: z.string().optional() })

export function addResume(program: Command, invocation: Invocation): void {
  program
    .command('resume')
    .summary('go on with a training that was interrupted')
    .description(
      'Goes on with a run that failed, was cancelled, is paused or whose program was killed, after the last step whose state was kept: at the ends of epochs, and at least every five minutes. On the same machine it ends with the same weights, bit for bit, as without the interruption. A model that is solved in closed form goes on with its next candidate. A run without a state begins again.',
    )
    .option('--stages <stages>', 'train a finished run further by these stages, such as 1e-4x10, as a new run')
    .addArgument(new Argument('<run>', 'run, see vasp runs').argParser(wholeNumber(1)))
    .helpGroup('Models:')
    .addHelpText(
      'after',
      '\nExamples:\n  $ vasp resume 12\n  $ vasp resume 12 --json\n  $ vasp resume 12 --stages 1e-4x10',
    )
    .action((asked: number, _options: unknown, command: Command) =>
      withSession(invocation, command, async (session) => {
        const { client, terminal } = session
        const id = await existingRun(client, asked)
        const { stages } = read(options, command)
        if (stages !== undefined) {
          const { run, job } = await client.runs.trainFurther({ run: id, stages })
          terminal.note(`Run ${run}: training run ${id} further`)
          await reportTraining(session, await followTraining(session, run, job))
          return
        }
        const { resumesAfter, name, epochs } = await client.runs.get({ run: id })
        const { run, job } = await client.runs.resume({ run: id })
        const where = resumesAfter && goesOnWhere(resumesAfter)
        terminal.note(
          where
            ? `Run ${run} (${name}): going on ${where}`
            : `Run ${run} (${name}): no state was kept${epochs.length > 0 ? `, so its ${epochs.length} epochs are trained again` : ', so it begins again'}`,
        )
        await reportTraining(session, await followTraining(session, run, job))
      }),
    )
}
