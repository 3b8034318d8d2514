import { join } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import { libraryFolder } from '../../engine/default-library'
import { read, wholeNumber } from '../options'
import { globalOptions, terminalOf, withEngine, type Invocation } from '../session'

const options = z.object({ port: z.number(), open: z.boolean().default(false) })

export function addServe(program: Command, invocation: Invocation): void {
  program
    .command('serve')
    .summary('open the app in a browser, for machines without a display')
    .description(
      'Serves the app on 127.0.0.1 and prints its address with a random token. Anyone with the address can use the library. From another machine, tunnel the port: ssh -L PORT:127.0.0.1:PORT HOST.',
    )
    .option('--port <n>', 'port to listen on; 0: any free one', wholeNumber(0, 65_535), 0)
    .option('--open', 'open the app in the default browser, with an address for one use')
    .helpGroup('System:')
    .addHelpText('after', '\nExamples:\n  $ vasp serve --port 8600 --open')
    .action(async (_options: unknown, command: Command) => {
      const { port, open } = read(options, command)
      const library = libraryFolder(globalOptions.parse(command.optsWithGlobals()).library)
      const terminal = terminalOf(command)
      // Loaded on demand, like the engine: otherwise every other command would wait for it.
      const { startBrowserHost } = await import('../../serve/server')
      const { firstDefect } = await import('../../serve/defects')
      const { openBrowser } = await import('../../serve/open-browser')
      await withEngine(invocation, { library, host: 'browser', terminal }, async ({ engine, interrupts }) => {
        const defect = firstDefect()
        const host = await startBrowserHost({ engine, renderer: join(invocation.built, '..', 'renderer'), port })
        try {
          const address = { url: host.url, port: host.port, library }
          terminal.result(
            address,
            () => `VASP Studio is running at\n\n  ${host.url}\n\nLibrary: ${library}\nCtrl-C stops it.`,
          )
          if (open && !(await openBrowser(host.oneTimeUrl())))
            terminal.note('No browser could be started; open the address yourself.')
          await Promise.race([interrupts.untilAsked(), defect])
          terminal.note('Stopping …')
        } finally {
          await host.close()
        }
      })
      // Stopping it is its normal end.
      invocation.exitCode = 0
    })
}
