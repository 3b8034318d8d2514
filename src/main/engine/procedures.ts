import { implement, ORPCError, ValidationError } from '@orpc/server'
import { contract } from '../../shared/contract'
import { toErrorShape, type ErrorShape } from '../../shared/errors'
import { formatCount } from '../../shared/format'
import { logDefect } from '../jobs/log'
import type { EngineContext } from './context'

/** Maximum number of invalid values that a message lists; a request may have thousands. */
const namedIssues = 3
/** Maximum length of the text about one value: a name in a request can have any length. */
const longestIssue = 200

const shortened = (text: string): string => (text.length > longestIssue ? `${text.slice(0, longestIssue)}…` : text)

/** The shape of anything that a procedure throws, including errors of input that does not fit the contract. */
export function failureShape(error: unknown): ErrorShape {
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError) {
    const { issues } = error.cause
    const named = issues.slice(0, namedIssues).map(({ path, message }) => {
      const where = path?.map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
      // A rule's sentence ends with a full stop, which the list has at its own end.
      const said = message.replace(/\.$/, '')
      return shortened(where ? `${where}: ${said}` : said)
    })
    const others = issues.length - named.length
    const list = others > 0 ? [...named, `and ${formatCount(others)} more`] : named
    return {
      code: 'BAD_INPUT',
      message: `The request is invalid: ${list.join('; ')}.`,
      next: 'Correct these values and try again.',
    }
  }
  return toErrorShape(error)
}

/** The same stream, with errors of the contract's type. */
async function* failingTyped(stream: AsyncIterable<unknown>, typed: (error: unknown) => unknown): AsyncGenerator {
  try {
    yield* stream
  } catch (error) {
    throw typed(error)
  }
}

const isStream = (output: unknown): output is AsyncIterable<unknown> =>
  typeof output === 'object' && output !== null && Symbol.asyncIterator in output

/** The contract's procedures; they fail only with the contract's typed error. */
export const procedures = implement(contract)
  .$context<EngineContext>()
  .use(async ({ next, errors, signal }) => {
    const typed = (error: unknown): unknown => {
      if (signal?.aborted || (error instanceof ORPCError && error.code === 'STUDIO_ERROR')) return error
      const shape = failureShape(error)
      // A defect: users see its message, the log gets its stack.
      if (shape.code === 'INTERNAL') logDefect(error)
      return errors.STUDIO_ERROR({ message: shape.message, data: shape, cause: error })
    }
    try {
      const result = await next()
      if (!isStream(result.output)) return result
      return { ...result, output: failingTyped(result.output, typed) as typeof result.output }
    } catch (error) {
      throw typed(error)
    }
  })
