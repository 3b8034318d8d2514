import { build } from './setup/build.mjs'
import { underNode24 } from './setup/node.mjs'
import { installPackages } from './setup/packages.mjs'
import { endWith } from './setup/problem.mjs'
import { say } from './setup/say.mjs'
import { packageApp } from './testing/package-app.mjs'

try {
  await underNode24()
  await installPackages()
  await build()
  say(`Packed: ${await packageApp(process.argv.slice(2))}`)
} catch (error) {
  endWith(error)
}
