import path from 'node:path'
import { build } from './setup/build.mjs'
import { underNode24 } from './setup/node.mjs'
import { installPackages } from './setup/packages.mjs'
import { endWith, SetupProblem } from './setup/problem.mjs'
import { root } from './setup/root.mjs'
import { setUpTensorflow } from './setup/tensorflow.mjs'
import { gates, report, runTwoAtATime } from './testing/gates.mjs'

try {
  await underNode24()
  await installPackages()
  const tensorflow = await setUpTensorflow({ retry: true })
  if (!tensorflow.ok) throw new SetupProblem(tensorflow.reason, tensorflow.fix)
  await build()
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs')
  const units = {
    name: 'unit specs',
    command: [process.execPath, [vitest, 'run', '--project', 'unit', '--project', 'renderer', '--reporter=dot']],
  }
  const results = await runTwoAtATime([units, ...gates], report)
  process.exit(results.every((result) => result.passed) ? 0 : 1)
} catch (error) {
  endWith(error)
}
