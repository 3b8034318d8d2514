import fs from 'node:fs'
import path from 'node:path'
import { run } from './command.mjs'
import { SetupProblem } from './problem.mjs'

/** npm's own program file, so that it can be run under the Node of our choice, on Windows too. */
function npmProgram() {
  const candidates = [process.env.npm_execpath]
  const folders = [path.dirname(process.execPath), ...(process.env.PATH ?? '').split(path.delimiter)]
  for (const folder of folders) {
    candidates.push(path.join(folder, 'node_modules/npm/bin/npm-cli.js'))
    candidates.push(path.join(folder, '../lib/node_modules/npm/bin/npm-cli.js'))
    if (fs.existsSync(path.join(folder, 'npm'))) candidates.push(fs.realpathSync(path.join(folder, 'npm')))
  }
  const found = candidates.find((file) => file?.endsWith('npm-cli.js') && fs.existsSync(file))
  if (found !== undefined) return found
  throw new SetupProblem('npm was not found.', 'Install Node.js with npm (version 20.19 or newer) and start again.')
}

/** Runs npm under this process's Node; see `run` for the result. */
export const npm = (args, options = {}) =>
  run(process.execPath, [npmProgram(), '--loglevel=error', '--no-fund', '--no-audit', ...args], {
    ...options,
    // Lets the scripts of packages, where any run, find the same Node.
    env: { PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`, ...options.env },
  })
