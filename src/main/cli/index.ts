import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { outliveStandardError } from '../jobs/log'
import { makePrivateFiles } from '../jobs/private-files'
import { runCommandLine } from './main'

makePrivateFiles()
outliveStandardError()

// `vasp … | head` closes the pipe early: that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await runCommandLine(process.argv.slice(2), dirname(fileURLToPath(import.meta.url)))
