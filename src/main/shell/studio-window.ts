import { BrowserWindow, dialog, nativeTheme, screen } from 'electron'
import { appOrigin } from '../../shared/connection'
import { readWindowState, visibleBounds, writeWindowState } from './window-state'

const standardSize = { width: 1280, height: 800 }
/** The page's background colour, shown until the page has been drawn. */
const background = { light: '#ffffff', dark: '#0f172a' }

const crashesBeforeGivingUp = 3
const crashWindowMs = 60_000

/** Opens the application's only window. @param stateFile remembers its size and position @param developer allows developer tools */
export function openStudioWindow(options: { preload: string; stateFile: string; developer: boolean }): BrowserWindow {
  const saved = readWindowState(options.stateFile)
  const bounds =
    saved &&
    visibleBounds(
      saved.bounds,
      screen.getAllDisplays().map((display) => display.workArea),
    )
  const window = new BrowserWindow({
    ...(bounds ?? standardSize),
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: 'VASP Studio',
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      devTools: options.developer,
    },
  })
  if (saved?.maximised) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () =>
    writeWindowState(options.stateFile, { bounds: window.getNormalBounds(), maximised: window.isMaximized() }),
  )
  reloadAfterCrash(window)
  void window.loadURL(`${appOrigin}/`)
  return window
}

/** A crashed page is loaded again with a message; jobs run in other processes and continue. If it keeps crashing, the person has to act. */
function reloadAfterCrash(window: BrowserWindow): void {
  let crashes: number[] = []
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit' || window.isDestroyed()) return
    const now = Date.now()
    crashes = [...crashes.filter((time) => now - time < crashWindowMs), now]
    const again = crashes.length < crashesBeforeGivingUp
    if (again) window.webContents.reload()
    void dialog
      .showMessageBox(window, {
        type: 'warning',
        message: `The window stopped working (${details.reason}).`,
        detail: again
          ? 'It was loaded again. Running jobs were not affected.'
          : 'It stopped several times within a minute. Running jobs were not affected. Load it again, or close VASP Studio.',
        buttons: again ? ['OK'] : ['Load again', 'Close'],
        noLink: true,
      })
      .then(({ response }) => {
        if (!again && response === 0 && !window.isDestroyed()) window.webContents.reload()
      })
  })
}
