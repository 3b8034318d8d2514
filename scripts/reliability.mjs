import path from 'node:path'
import { build } from './setup/build.mjs'
import { become } from './setup/command.mjs'
import { underNode24 } from './setup/node.mjs'
import { installPackages } from './setup/packages.mjs'
import { endWith } from './setup/problem.mjs'
import { root } from './setup/root.mjs'
import { setUpTensorflow } from './setup/tensorflow.mjs'

/** `npm run reliability -- [name …] [--short] [--seed N] [--only CASE] [--json] [--store]`: bundles the attacks and runs them against the built product. */
try {
  await underNode24()
  await installPackages()
  await build()
  await setUpTensorflow()
  const vite = await import('vite')
  await vite.build({
    configFile: false,
    root,
    logLevel: 'warn',
    build: {
      ssr: 'test/reliability/index.ts',
      outDir: 'node_modules/.cache/reliability',
      target: 'node20.18',
      emptyOutDir: true,
    },
  })
  process.chdir(root)
  await become(process.execPath, [
    path.join(root, 'node_modules/.cache/reliability/index.js'),
    ...process.argv.slice(2),
  ])
} catch (error) {
  endWith(error)
}
