import { constants } from 'node:zlib'
import { ZodError } from 'zod'
import { damagedDatabase } from './damage'
import { explainSqlite } from './connection'

const zlibErrors = new Set(Object.keys(constants))

/** Whether stored data could not be understood: JSON that does not parse, a value outside its schema, an array of a wrong length, a broken gzip. */
function isUnreadable(error: unknown): error is Error {
  if (error instanceof ZodError || error instanceof SyntaxError || error instanceof RangeError) return true
  return error instanceof Error && 'code' in error && zlibErrors.has(String(error.code))
}

/**
 * Explains in plain words what went wrong in the library's database, whether SQLite refused or its data cannot be understood.
 * @param of what was read, in the plural: “runs”
 */
export function explainStored(error: unknown, library: string, file: string, of: string | null = null): unknown {
  if (!isUnreadable(error)) return explainSqlite(error, library)
  const words = error instanceof ZodError ? firstIssue(error) : error.message
  const what = of === null ? 'something stored in it' : `what it has of ${of}`
  return damagedDatabase(file, `${what} cannot be read (${words})`, error)
}

/** The first thing that is wrong, with its place: `epochs.3.seconds: expected number`. */
export function firstIssue({ issues: [issue] }: ZodError): string {
  if (!issue) throw new Error('an error of zod without an issue')
  const place = issue.path.map(String).join('.')
  return place === '' ? issue.message : `${place}: ${issue.message}`
}

/** The same repository, with every failure explained once. Failures of iterators that it returns are explained, too. */
export function explained<Repository extends object>(
  repository: Repository,
  explain: (error: unknown) => unknown,
): Repository {
  const members = Object.entries(repository).map(([name, member]: [string, unknown]) => [
    name,
    typeof member === 'function' ? explainedFunction(member.bind(repository) as Method, explain) : member,
  ])
  return Object.fromEntries(members) as Repository
}

type Method = (...args: unknown[]) => unknown

const explainedFunction =
  (method: Method, explain: (error: unknown) => unknown): Method =>
  (...args) => {
    try {
      const result = method(...args)
      return isIterator(result) ? explainedIterator(result, explain) : result
    } catch (error) {
      throw explain(error)
    }
  }

const isIterator = (value: unknown): value is IterableIterator<unknown> =>
  typeof value === 'object' && value !== null && 'next' in value && Symbol.iterator in value

function* explainedIterator(
  values: Iterable<unknown>,
  explain: (error: unknown) => unknown,
): Generator<unknown, unknown, void> {
  const iterator = values[Symbol.iterator]()
  try {
    for (;;) {
      let step: IteratorResult<unknown>
      try {
        step = iterator.next()
      } catch (error) {
        throw explain(error)
      }
      if (step.done) return step.value as unknown
      yield step.value
    }
  } finally {
    iterator.return?.()
  }
}
