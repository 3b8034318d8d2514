import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { outliveStandardError } from '../jobs/log'
import { makePrivateFiles } from '../jobs/private-files'
import { runCommandLine } from './main'
import { unfitNode } from './node-version'
import { Terminal } from './terminal'

makePrivateFiles()
outliveStandardError()

// `vasp … | head` closes the pipe early, which is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const args = process.argv.slice(2)
const unfit = unfitNode()
if (unfit) new Terminal({ json: args.includes('--json'), quiet: false }).failure(unfit)
process.exitCode = unfit ? 1 : await runCommandLine(args, dirname(fileURLToPath(import.meta.url)))
