import { app, dialog } from 'electron'
import { toErrorShape } from '../../shared/errors'

/** Says in the system's own dialog why the application cannot start and what to do, then ends it with exit code 1. */
export function showStartFailure(error: unknown, library: string): void {
  const shape = toErrorShape(error)
  process.stderr.write(`${shape.message} ${shape.next}\n`)
  dialog.showErrorBox('VASP Studio cannot start', `${shape.message}\n\n${shape.next}\n\nLibrary: ${library}`)
  app.exit(1)
}
