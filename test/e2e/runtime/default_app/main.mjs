/**
 * What a plain Electron does with `electron FOLDER`: find the folder named on the command line, take name and version from its
 * package.json and run its main. The test runtime comes without this part.
 */
import { app } from 'electron'
import fs from 'node:fs'
import Module from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const args = process.argv.slice(1)
const preloaded = []
let folder = null
for (let i = 0; i < args.length && folder === null; i++) {
  if (args[i] === '-r' || args[i] === '--require') preloaded.push(args[++i])
  else if (args[i].startsWith('--app=')) folder = args[i].slice('--app='.length)
  else if (!args[i].startsWith('-')) folder = args[i]
}

try {
  if (folder === null) throw new Error('no application folder was given')
  // Playwright attaches through a module that it asks to have required first.
  if (preloaded.length > 0) Module._preloadModules(preloaded)
  Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true })
  const application = path.resolve(folder)
  const { name, productName, version } = JSON.parse(fs.readFileSync(path.join(application, 'package.json'), 'utf8'))
  app.setVersion(version)
  app.name = productName ?? name
  app.setDesktopName(`${app.name}.desktop`)
  app.setAppPath(application)
  // Awaited, so that `ready` is held back until the application's main has run, as in a plain Electron.
  await import(pathToFileURL(Module._resolveFilename(application, null, true)).href)
} catch (error) {
  process.stderr.write(`default_app: ${error?.stack ?? String(error)}\n`)
  process.exit(1)
}
