#!/usr/bin/env node
import path from 'node:path'
import { build } from './setup/build.mjs'
import { become } from './setup/command.mjs'
import { underNode24 } from './setup/node.mjs'
import { installPackages } from './setup/packages.mjs'
import { endWith } from './setup/problem.mjs'
import { root } from './setup/root.mjs'
import { setUpTensorflow } from './setup/tensorflow.mjs'

/** Commands that compute; the others are not held up by setting TensorFlow up. */
const computing = new Set([
  'train',
  'evaluate',
  'recommend',
  'explain',
  'export',
  'map',
  'demo',
  'serve',
  'reproduce',
  'experiments',
  'search',
])

try {
  await underNode24()
  await installPackages()
  await build()
  const args = process.argv.slice(2)
  const asksForHelp = args.some((argument) => argument === '--help' || argument === '-h')
  const asksForSetup = args.includes('setup')
  if (!asksForHelp && (asksForSetup || args.some((argument) => computing.has(argument))))
    await setUpTensorflow({ retry: asksForSetup })
  await become(process.execPath, [path.join(root, 'out/main/cli.js'), ...args])
} catch (error) {
  endWith(error)
}
