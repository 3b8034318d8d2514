import { ORPCError } from '@orpc/client'
import { errorShape, toErrorShape, type ErrorCode, type ErrorShape } from '../../shared/errors'

/** 0 done · 2 wrong usage or bad input · 1 anything else · 130 and 143 ended by Ctrl-C or SIGTERM, as shells expect. */
export type ExitCode = 0 | 1 | 2 | 130 | 143

/** Errors that the person can solve by typing something else. */
const inputErrors: ReadonlySet<ErrorCode> = new Set(['BAD_INPUT', 'NOT_FOUND', 'CONFLICT', 'NEWER_DATABASE'])

export const exitCodeOf = (error: ErrorShape): ExitCode => (inputErrors.has(error.code) ? 2 : 1)

/** The shape of any error thrown by the engine's client (whose errors carry it as data) or by the command line itself. */
export function shapeOf(error: unknown): ErrorShape {
  if (!(error instanceof ORPCError)) return toErrorShape(error)
  const own = errorShape.safeParse(error.data)
  if (own.success) return own.data
  const words = error.cause instanceof Error ? error.cause.message : error.message
  if (error.code === 'BAD_REQUEST') {
    return {
      code: 'BAD_INPUT',
      message: `The request is not valid: ${words}`,
      next: 'Check the values and try again.',
    }
  }
  return toErrorShape(error.cause ?? error)
}
