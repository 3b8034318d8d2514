import { app, dialog, type BrowserWindow, type MessageBoxOptions } from 'electron'
import type { Engine } from '../engine/engine'
import { logDefect } from '../jobs/log'

/** How long closing the library may take before the application ends regardless, in milliseconds. */
const closingPatienceMs = 15_000

/** What to close after a defect: nothing before the library is open. */
interface Opened {
  readonly engine: Engine
  readonly window: BrowserWindow
}

/**
 * Handles uncaught errors of this process, including rejected promises, as long as it lives. The state of the process is then unknown, so
 * the first defect is shown with its stack, jobs are cancelled, the library is closed, and the application ends with exit code 1; later defects are logged.
 * @returns a function that registers what has been opened
 */
export function endAtFirstDefect(): (opened: Opened) => void {
  let open: Opened | null = null
  let ending = false
  const take = (error: unknown): void => {
    logDefect(error)
    if (ending) return
    ending = true
    void Promise.all([closed(open), told(error, open)]).then(() => app.exit(1))
  }
  process.on('uncaughtException', take)
  // By default Electron only logs warnings about these.
  process.on('unhandledRejection', take)
  return (opened) => {
    open = opened
  }
}

/** Resolves when the library is closed, or cannot be closed. */
async function closed(open: Opened | null): Promise<void> {
  let clock: NodeJS.Timeout | undefined
  const patience = new Promise<void>((resolve) => (clock = setTimeout(resolve, closingPatienceMs)))
  await Promise.race([open?.engine.close().catch(logDefect), patience])
  clearTimeout(clock)
}

/** Resolves when the person closes the message. */
async function told(error: unknown, open: Opened | null): Promise<void> {
  if (!app.isReady()) return
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const message: MessageBoxOptions = {
    type: 'error',
    title: 'VASP Studio has to close',
    message: 'VASP Studio has to close because of a defect.',
    detail: `Its jobs are cancelled; what was finished stays. Start it again. If it happens again, copy this message and report it.\n\n${stack}`,
    buttons: ['Quit'],
    noLink: true,
  }
  const window = open?.window
  const shown =
    window && !window.isDestroyed() ? dialog.showMessageBox(window, message) : dialog.showMessageBox(message)
  await shown.catch(logDefect)
}
