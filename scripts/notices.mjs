import fs from 'node:fs'
import path from 'node:path'
import { build } from './setup/build.mjs'
import { underNode24 } from './setup/node.mjs'
import { endWith, SetupProblem } from './setup/problem.mjs'
import { pins, root } from './setup/root.mjs'
import { allows } from './notices/allowed.mjs'
import { shippedPackages } from './notices/shipped.mjs'
import { noticesText } from './notices/text.mjs'

const file = path.join(root, 'THIRD_PARTY_NOTICES')

/** Writes THIRD_PARTY_NOTICES; with --check only says whether it is what would be written. */
try {
  await underNode24()
  await build()
  const packages = shippedPackages(root)
  const refused = packages.filter(({ licence }) => !allows(licence))
  if (refused.length > 0) {
    const names = refused.map(({ name, licence }) => `${name} (${licence})`).join(', ')
    throw new SetupProblem(
      `Licences that are not on the list of allowed ones: ${names}.`,
      'Replace the package, or change scripts/notices/allowed.mjs for a reason.',
    )
  }
  const text = noticesText(packages, pins.tensorflow.version)
  if (!process.argv.includes('--check')) fs.writeFileSync(file, text)
  else if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) {
    throw new SetupProblem('THIRD_PARTY_NOTICES is out of date.', 'Run: node scripts/notices.mjs')
  }
} catch (error) {
  endWith(error)
}
