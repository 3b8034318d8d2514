import { Command } from 'commander'
import { version } from '../../../package.json'
import { readDevice } from '../../shared/devices'
import { addCombine } from './commands/combine'
import { addCompare } from './commands/compare'
import { addDemo } from './commands/demo'
import { addDoctor } from './commands/doctor'
import { addEvaluate } from './commands/evaluate'
import { addExperiments } from './commands/experiments'
import { addExplain } from './commands/explain'
import { addExport } from './commands/export'
import { addImport } from './commands/import'
import { addLibrary } from './commands/library'
import { addLibraryUpkeep } from './commands/library-upkeep'
import { addMap } from './commands/map'
import { addMetadata } from './commands/metadata'
import { addPrepare } from './commands/prepare'
import { addPreview } from './commands/preview'
import { addQueue } from './commands/queue'
import { addRename } from './commands/rename'
import { addRecommend } from './commands/recommend'
import { addRejects } from './commands/rejects'
import { addReproduce } from './commands/reproduce'
import { addSearch } from './commands/search'
import { addRun } from './commands/run'
import { addServe } from './commands/serve'
import { addSetup } from './commands/setup'
import { addSplit } from './commands/split'
import { addResume } from './commands/resume'
import { addRuns } from './commands/runs'
import { addTrain } from './commands/train'
import { firstModel } from './model-names'
import { globalOptions, type Invocation } from './session'

/** `vasp` with all its commands. Errors of usage are thrown as CommanderError; nothing here ends the process. */
export function vaspProgram(invocation: Invocation): Command {
  const program = new Command('vasp')
    .description('Train, evaluate and explain recommenders on your own machine.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .option('--library <folder>', 'folder of database and weights (or VASP_LIBRARY)')
    .option('--new-library', 'create a new database in a library folder that has lost its own')
    .option('--device <device>', 'device to use: auto, cpu or the number of a GPU (or VASP_DEVICE)')
    .option('--json', 'print only one JSON document on standard output')
    .option('-q, --quiet', 'print no progress on standard error, only warnings')
    .hook('preAction', (_program, command) => {
      // Workers inherit it; the machine's stored choice does not change.
      const { device, newLibrary } = globalOptions.parse(command.optsWithGlobals())
      invocation.newLibrary = newLibrary
      if (device !== undefined) process.env.VASP_DEVICE = readDevice(device, '--device')
    })
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => undefined })
    .exitOverride()
    .addHelpText(
      'after',
      `
Start here:
  $ vasp demo
  $ vasp import ratings.csv --items movies.csv --name movies
  $ vasp train --data movies --model ${firstModel.kind}
  $ vasp recommend --run 1 --user 42

Exit codes: 0 done, 2 wrong usage or bad input, 1 anything else, 130 stopped by Ctrl-C.
With --json an error is {"error": {"code", "message", "next"}}.`,
    )
  for (const add of [
    addImport,
    addPreview,
    addLibrary,
    addRejects,
    addMetadata,
    addPrepare,
    addRename,
    addSplit,
    addTrain,
    addResume,
    addRuns,
    addCompare,
    addRun,
    addQueue,
    addCombine,
    addReproduce,
    addExperiments,
    addSearch,
    addEvaluate,
    addRecommend,
    addExplain,
    addMap,
    addExport,
    addDoctor,
    addSetup,
    addServe,
    addLibraryUpkeep,
    addDemo,
  ]) {
    add(program, invocation)
  }
  return program
}
