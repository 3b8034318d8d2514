import { createPackage } from '@electron/asar'
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses'
import fs from 'node:fs'
import path from 'node:path'
import { alone, cacheRoot, place } from './cache.mjs'
import { lastLine, run } from './command.mjs'
import { hashFile, hashTree } from './hash.mjs'
import { pinnedNode } from './node.mjs'
import { SetupProblem } from './problem.mjs'
import { unpackPackage } from './registry-file.mjs'
import { pins, root } from './root.mjs'
import { say, whileSaying } from './say.mjs'

const pin = pins.testElectron
const recipe = 'test/e2e/runtime'

/**
 * A real Electron for the end-to-end tests where the electron package cannot download its own: `{folder, program, version, sqliteBinding}`.
 * It is an old Electron: never shipped, never shown anything but our own pages.
 */
export async function setUpTestElectron() {
  const key = hashTree(root, [`${recipe}/default_app`]).slice(0, 12)
  const folder = path.join(cacheRoot(), 'electron-test', `${pin.version}-${key}`)
  if (!fs.existsSync(folder)) await alone('electron-test', () => buildRuntime(folder))
  const sqliteBinding = await buildSqliteBinding()
  return { folder, program: path.join(folder, 'electron'), version: pin.version, sqliteBinding }
}

async function buildRuntime(folder) {
  if (fs.existsSync(folder)) return
  say(`Downloading the test Electron ${pin.version} (190 MB, once) …`)
  await place(folder, async (temporary) => {
    const packed = `${temporary}.pack`
    try {
      await whileSaying('Downloading the test Electron', () => unpackPackage(pin.package, 'The test Electron', packed))
      await takeElectron(path.join(packed, 'package', pin.archive), packed, temporary)
    } finally {
      fs.rmSync(packed, { recursive: true, force: true })
    }
    await flipFuses(path.join(temporary, 'electron'), {
      version: FuseVersion.V1,
      // Playwright attaches through the inspector; the snapshot belongs to the application that was taken out.
      [FuseV1Options.EnableNodeCliInspectArguments]: true,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    })
    await createPackage(path.join(root, recipe, 'default_app'), path.join(temporary, 'resources/default_app.asar'))
  })
}

/** Takes Electron alone out of the archive, without the application that was packed into it. */
async function takeElectron(archive, scratch, destination) {
  if ((await hashFile(archive)) !== pin.archiveSha256) {
    throw new SetupProblem('The test Electron is not the one that was pinned.', 'Start again.')
  }
  const excluded = ['Cypress/resources/*', 'Cypress/browser_v8_context_snapshot.bin']
  const { code, output } = await run('unzip', ['-q', archive, '-d', scratch, '-x', ...excluded])
  if (code !== 0)
    throw new SetupProblem(`The test Electron could not be unpacked (${lastLine(output)}).`, 'Install unzip.')
  fs.renameSync(path.join(scratch, 'Cypress'), destination)
  fs.renameSync(path.join(destination, 'Cypress'), path.join(destination, 'electron'))
  fs.mkdirSync(path.join(destination, 'resources'), { recursive: true })
  fs.writeFileSync(path.join(destination, 'version'), `v${pin.version}`)
}

/**
 * better-sqlite3's prebuilt file wants Node-API 10, which the test Electron does not have: the same sources compiled with a shim
 * for Node-API 9. The product uses the stock file.
 */
async function buildSqliteBinding() {
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'node_modules/better-sqlite3/package.json'), 'utf8'))
  const shim = path.join(root, recipe, 'napi9-shim.h')
  const folder = path.join(
    cacheRoot(),
    'electron-test',
    `better-sqlite3-${version}-${(await hashFile(shim)).slice(0, 12)}`,
  )
  const binding = path.join(folder, 'better_sqlite3.node')
  if (fs.existsSync(binding)) return binding
  await alone('electron-test-sqlite', async () => {
    if (fs.existsSync(binding)) return
    const node = await pinnedNode()
    say('Compiling SQLite for the test Electron (about a minute, once) …')
    await place(folder, async (temporary) => {
      const copy = path.join(temporary, 'better-sqlite3')
      fs.cpSync(path.join(root, 'node_modules/better-sqlite3'), copy, { recursive: true, dereference: true })
      const gyp = path.join(root, 'node_modules/node-gyp/bin/node-gyp.js')
      const args = [gyp, 'rebuild', '--release', `--nodedir=${node}`, '--force_build=1']
      const env = {
        CXXFLAGS: `-UNAPI_VERSION -DNAPI_VERSION=9 -include ${shim}`,
        NODE_PATH: path.join(root, 'node_modules'),
        PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`,
      }
      const { code, output } = await whileSaying('Compiling', () => run(process.execPath, args, { cwd: copy, env }))
      if (code !== 0) {
        throw new SetupProblem(
          `SQLite could not be compiled for the test Electron (${lastLine(output)}).`,
          'Install g++ and make.',
        )
      }
      fs.renameSync(path.join(copy, 'build/Release/better_sqlite3.node'), path.join(temporary, 'better_sqlite3.node'))
      fs.rmSync(copy, { recursive: true })
    })
  })
  return binding
}
