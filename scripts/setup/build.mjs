import fs from 'node:fs'
import path from 'node:path'
import { alone } from './cache.mjs'
import { run } from './command.mjs'
import { hashTree } from './hash.mjs'
import { SetupProblem } from './problem.mjs'
import { root } from './root.mjs'
import { say } from './say.mjs'

/** Everything that a build depends on. */
const sources = [
  'src',
  'resources/native',
  'electron.vite.config.ts',
  'nuxt-ui.config.ts',
  'built-commit.ts',
  'bundled-packages.plugin.ts',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
]

const stamp = path.join(root, 'out/.built-from')
/** Written by the build, gone after a new install of the packages, needed by the type check. */
const generatedTypes = path.join(root, 'node_modules/.nuxt-ui')

const isFresh = () =>
  fs.existsSync(stamp) && fs.existsSync(generatedTypes) && fs.readFileSync(stamp, 'utf8') === hashTree(root, sources)

/** Builds `out/` where the sources have changed since the last build. */
export async function build() {
  if (isFresh()) return
  await alone(`build-${root.replaceAll(/[^\w]+/g, '-')}`, async () => {
    if (isFresh()) return
    say('Building VASP Studio (about 20 s) …')
    const builtFrom = hashTree(root, sources)
    fs.rmSync(stamp, { force: true })
    const { code, output } = await run(process.execPath, ['node_modules/electron-vite/bin/electron-vite.js', 'build'], {
      cwd: root,
    })
    if (code !== 0) {
      process.stderr.write(output)
      throw new SetupProblem('The build failed; what it said stands above.', 'Correct the sources and start again.')
    }
    fs.writeFileSync(stamp, builtFrom)
  })
}
