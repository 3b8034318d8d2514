import { build } from './setup/build.mjs'
import { underNode24 } from './setup/node.mjs'
import { installPackages } from './setup/packages.mjs'
import { endWith, SetupProblem } from './setup/problem.mjs'
import { installSystemPackages } from './setup/system-packages.mjs'
import { setUpTensorflow } from './setup/tensorflow.mjs'
import { setUpTrackers } from './setup/trackers.mjs'
import { gates, report, runTwoAtATime } from './testing/gates.mjs'
import { runEndToEnd } from './testing/end-to-end.mjs'
import { lastLines, newTally } from './testing/tally.mjs'
import { runVitest } from './testing/vitest-part.mjs'

const tally = newTally(process.env.CI === 'true')

try {
  await underNode24()
  await installPackages()
  const missingPackages = await installSystemPackages()
  const tensorflow = await setUpTensorflow({ retry: true })
  if (!tensorflow.ok) tally.cannotRun('native TensorFlow', `${tensorflow.reason} ${tensorflow.fix}`)
  const trackers = await setUpTrackers()
  if (!trackers.ok) tally.cannotRun('real TensorBoard and MLflow', `${trackers.reason} ${trackers.fix}`)
  await build()

  const results = await runTwoAtATime(gates, report)
  for (const { name, passed, output } of results)
    tally.add(passed ? { passed: 1 } : { failed: 1, failures: [{ name, message: lastLines(output) }] })
  tally.add(await runVitest('unit', ['--project', 'unit', '--project', 'renderer']))
  const withTrackers = trackers.ok
    ? { VASP_TRACKER_PYTHON: trackers.python, VASP_TRACKER_PACKAGES: trackers.packages }
    : {}
  tally.add(await runVitest('integration', ['--project', 'integration'], withTrackers))
  await runEndToEnd(tally, missingPackages)
} catch (error) {
  if (!(error instanceof SetupProblem)) endWith(error)
  tally.add({ failed: 1, failures: [{ name: 'setting up', message: `${error.reason} ${error.fix}` }] })
}
process.stdout.write(`\n${tally.failed()}\n${tally.lastLine()}\n`)
process.exit(tally.counts.failed === 0 ? 0 : 1)
