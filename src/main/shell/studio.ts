import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { app, nativeTheme, type BrowserWindow } from 'electron'
import { libraryFolder } from '../engine/default-library'
import { startEngine } from '../engine/engine'
import { interfaceFiles } from '../routes/interface-files'
import { answerAppScheme, registerAppScheme } from './app-protocol'
import { saveAsUsersFiles } from './downloads'
import { lockDown } from './lockdown'
import { installMenu } from './menu'
import { guardQuitting } from './quitting'
import { answerRpcPorts } from './rpc-port'
import { showStartFailure } from './start-failure'
import { openStudioWindow } from './studio-window'
import { utilityWorker } from './utility-worker'

/**
 * Starts the desktop application. Everything that Electron wants before `ready` happens here, synchronously.
 * @param built folder of the built main bundle; the worker lies beside it, preload and renderer beside the folder
 */
export function startStudio(built: string): void {
  const library = libraryFolder(undefined)
  // Every renderer is sandboxed. Where that has been switched off from outside (root in a container), asking for it would only crash them.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  registerAppScheme()
  keepLibrariesApart(library)
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }

  let window: BrowserWindow | null = null
  app.on('second-instance', () => {
    if (!window || window.isDestroyed()) return
    if (window.isMinimized()) window.restore()
    window.focus()
  })

  app
    .whenReady()
    .then(async () => (window = await openStudio(built, library)))
    .catch((error: unknown) => showStartFailure(error, library))
}

async function openStudio(built: string, library: string): Promise<BrowserWindow> {
  const developer = !app.isPackaged
  lockDown()
  saveAsUsersFiles()
  installMenu(developer)
  const files = await interfaceFiles(join(built, '..', 'renderer'))
  const engine = await startEngine({
    library,
    host: 'electron',
    spawnWorker: utilityWorker(join(built, 'worker.js')),
    appRoot: join(built, '..', '..'),
  })
  nativeTheme.themeSource = (await engine.client.system.readSettings()).theme
  answerAppScheme(engine, files)
  answerRpcPorts(engine)
  const window = openStudioWindow({
    preload: join(built, '..', 'preload', 'index.cjs'),
    stateFile: join(app.getPath('userData'), 'window.json'),
    developer,
  })
  guardQuitting(engine, window)
  return window
}

/** One running application per library: the lock lies in Electron's profile folder, so a library that was asked for gets a profile of its own. */
function keepLibrariesApart(library: string): void {
  if (!process.env.VASP_LIBRARY || app.commandLine.hasSwitch('user-data-dir')) return
  const name = createHash('sha256').update(library).digest('hex').slice(0, 16)
  app.setPath('userData', join(app.getPath('userData'), 'libraries', name))
}
