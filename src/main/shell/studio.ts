import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { app, nativeTheme, powerMonitor, type BrowserWindow } from 'electron'
import { libraryFolder } from '../engine/default-library'
import { startEngine, type Engine } from '../engine/engine'
import { interfaceFiles } from '../routes/interface-files'
import { answerAppScheme, registerAppScheme } from './app-protocol'
import { endAtFirstDefect } from './defects'
import { saveAsUsersFiles } from './downloads'
import { lockDown } from './lockdown'
import { installMenu } from './menu'
import { guardQuitting } from './quitting'
import { answerRpcPorts } from './rpc-port'
import { askAboutStartFailure, endUnstarted } from './start-failure'
import { openStudioWindow } from './studio-window'
import { utilityWorker } from './utility-worker'

/**
 * Starts the desktop application. Everything that Electron requires before `ready` happens here, synchronously.
 * @param built folder of the built main bundle; the worker is in it, preload and renderer are beside it
 */
export function startStudio(built: string): void {
  const hasOpened = endAtFirstDefect()
  let library: string
  try {
    library = libraryFolder(undefined)
  } catch (error) {
    void app
      .whenReady()
      .then(() => askAboutStartFailure(error, 'none'))
      .then(endUnstarted)
    return
  }
  // Every renderer is sandboxed. If the sandbox was disabled from outside (root in a container), requesting it would only crash the renderers.
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
    .then(async () => {
      lockDown()
      saveAsUsersFiles()
      const studio = await openedStudio(built, library)
      if (!studio) return
      hasOpened(studio)
      window = studio.window
    })
    .catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
      endUnstarted()
    })
}

interface Studio {
  readonly engine: Engine
  readonly window: BrowserWindow
}

/** The studio, after the person's choice about a library that could not be opened; null if the person gave up. */
async function openedStudio(built: string, library: string, newLibrary = false): Promise<Studio | null> {
  try {
    return await openStudio(built, library, newLibrary)
  } catch (error) {
    const choice = await askAboutStartFailure(error, library)
    if (choice !== 'end') return openedStudio(built, library, choice === 'new library')
    endUnstarted()
    return null
  }
}

async function openStudio(built: string, library: string, newLibrary: boolean): Promise<Studio> {
  const developer = !app.isPackaged
  installMenu(developer)
  const files = await interfaceFiles(join(built, '..', 'renderer'))
  const engine = await startEngine({
    library,
    newLibrary,
    host: 'electron',
    spawnWorker: utilityWorker(join(built, 'worker.js')),
    appRoot: join(built, '..', '..'),
    conditions: () => ({ onBattery: powerMonitor.isOnBatteryPower(), idleSeconds: powerMonitor.getSystemIdleTime() }),
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
  return { engine, window }
}

/** One running application per library: the lock is in Electron's profile folder, so a library given by path gets its own profile. */
function keepLibrariesApart(library: string): void {
  if (!process.env.VASP_LIBRARY || app.commandLine.hasSwitch('user-data-dir')) return
  const name = createHash('sha256').update(library).digest('hex').slice(0, 16)
  app.setPath('userData', join(app.getPath('userData'), 'libraries', name))
}
