import { build } from './setup/build.mjs'
import { underNode24 } from './setup/node.mjs'
import { installPackages } from './setup/packages.mjs'
import { endWith } from './setup/problem.mjs'

try {
  await underNode24()
  await installPackages()
  await build()
} catch (error) {
  endWith(error)
}
