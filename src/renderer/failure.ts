import { ORPCError } from '@orpc/client'
import { errorShape, toErrorShape, type ErrorShape } from '../shared/errors'

/** The form in which people see an error that a call, an upload or a stream threw. */
export function asFailure(error: unknown): ErrorShape {
  if (error instanceof ORPCError) {
    const shape = errorShape.safeParse(error.data)
    if (shape.success) return shape.data
    if (error.code === 'BAD_REQUEST') {
      return {
        code: 'BAD_INPUT',
        message: 'A value in this form is not valid.',
        next: 'Check the marked fields and try again.',
      }
    }
  }
  return toErrorShape(error)
}

/** The text of a failure for a message or an issue. */
export const failureText = (failure: ErrorShape): string => `${failure.code}: ${failure.message}\n${failure.next}`
