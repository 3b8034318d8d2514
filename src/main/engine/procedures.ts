import { implement, ORPCError, ValidationError } from '@orpc/server'
import { contract } from '../../shared/contract'
import { toErrorShape, type ErrorShape } from '../../shared/errors'
import { formatCount } from '../../shared/format'
import { logDefect } from '../jobs/log'
import type { EngineContext } from './context'

/** Places of a request that a refusal names; a list of thousands may be wrong in each. */
const namedIssues = 3
/** Characters of what is said of one place: a name in a request can be of any length. */
const longestIssue = 200

const shortened = (text: string): string => (text.length > longestIssue ? `${text.slice(0, longestIssue)}…` : text)

/** The shape of anything that a procedure throws, input that does not fit the contract included. */
export function failureShape(error: unknown): ErrorShape {
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError) {
    const { issues } = error.cause
    const named = issues.slice(0, namedIssues).map(({ path, message }) => {
      const where = path?.map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
      return shortened(where ? `${where}: ${message}` : message)
    })
    const others = issues.length - named.length
    const list = others > 0 ? [...named, `and ${formatCount(others)} more`] : named
    return {
      code: 'BAD_INPUT',
      message: `The request does not fit: ${list.join('; ')}.`,
      next: 'Correct what is named and try again.',
    }
  }
  return toErrorShape(error)
}

/** The contract's procedures, each of which fails with the one typed error of the contract and nothing else. */
export const procedures = implement(contract)
  .$context<EngineContext>()
  .use(async ({ next, errors, signal }) => {
    try {
      return await next()
    } catch (error) {
      if (signal?.aborted || (error instanceof ORPCError && error.code === 'STUDIO_ERROR')) throw error
      const shape = failureShape(error)
      // A defect: people see its words, its place belongs in the log.
      if (shape.code === 'INTERNAL') logDefect(error)
      throw errors.STUDIO_ERROR({ message: shape.message, data: shape, cause: error })
    }
  })
