import { StudioError } from '../../shared/errors'
import { logDefect } from '../jobs/log'

/** How long an orderly stop may take before the process ends regardless, in milliseconds. */
const stopPatienceMs = 15_000

const connectionCodes: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ENOTCONN',
  'ETIMEDOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
])

/** Whether an error only means that a connection broke or sent invalid data: it affects only that connection. */
export function isConnectionError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return connectionCodes.has(code) || code.startsWith('HPE_') || code.startsWith('WS_ERR_')
}

/**
 * Handles uncaught errors of this process, including rejected promises, as long as it lives. An error of a connection is logged and the host continues;
 * after any other error the state of the process is unknown, so the returned promise rejects once for an orderly stop (which cancels jobs and
 * closes the library); later defects are logged.
 */
export function firstDefect(): Promise<never> {
  const first = new Promise<never>((_resolve, reject) => {
    process.on('uncaughtException', (error: unknown) => {
      logDefect(error)
      if (isConnectionError(error)) return
      setTimeout(() => process.exit(1), stopPatienceMs).unref()
      reject(
        new StudioError(
          {
            code: 'INTERNAL',
            message: 'VASP Studio stopped because of a defect; see the stack trace above.',
            next: 'Start it again. If it happens again, copy these messages and report them.',
          },
          { cause: error },
        ),
      )
    })
  })
  // It may reject before anybody waits for it, while the host starts or stops.
  first.catch(() => undefined)
  return first
}
