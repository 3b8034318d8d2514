import { isContractProcedure } from '@orpc/contract'
import { ORPCError } from '@orpc/client'
import { z } from 'zod'
import { contract } from '../../../src/shared/contract'
import { errorShape } from '../../../src/shared/errors'
import type { Random } from '../../../src/main/numeric/random'
import type { Connection } from '../browser-host'
import type { Finding } from '../library-state'
import { within } from '../waiting'
import { hostileInput } from './hostile-input'

/** One procedure of the contract: its path and its declared input. */
interface Procedure {
  readonly path: readonly string[]
  readonly input: z.ZodType
}

/** These would download gigabytes, or change what this machine computes with. */
const leftAlone = new Set(['system.setUpCuda', 'system.leaveCuda', 'system.chooseDevice'])
/** What these are given names nothing of the base library, so that there is something left to ask for. */
const destructive = /delete|rename|discard|describe/
/** Whatever is sent with these starts an import. */
const withoutInput = new Set(['datasets.importSample'])

const answerWithin = 60_000

function proceduresOf(node: unknown, path: readonly string[] = []): Procedure[] {
  if (isContractProcedure(node)) {
    const schema: unknown = node['~orpc'].inputSchema
    return [{ path, input: schema instanceof z.ZodType ? schema : z.unknown() }]
  }
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([name, inner]) => proceduresOf(inner, [...path, name]))
}

const procedures = proceduresOf(contract).filter(
  ({ path }) => !leftAlone.has(path.join('.')) && !withoutInput.has(path.join('.')),
)

/** A procedure with invalid input. */
export interface HostileCall {
  readonly procedure: Procedure
  readonly input: unknown
}

/** Draws a procedure of the contract and an input that it should refuse, or answer truthfully. */
export function drawCall(random: Random): HostileCall {
  const procedure = procedures[random.integer(procedures.length)]
  if (!procedure) throw new Error('The contract has no procedures.')
  const ids = destructive.test(procedure.path.join('.')) ? [999, 1_000_000] : [1, 2, 3, 999]
  return { procedure, input: hostileInput(procedure.input, random, ids) }
}

type Callable = (input: unknown, options: { signal: AbortSignal }) => Promise<unknown>

/** The procedure of a client, whose types know only what fits. */
function callable(client: Connection['client'], path: readonly string[]): Callable {
  let at: unknown = client
  for (const name of path) at = (at as Record<string, unknown>)[name]
  return at as Callable
}

/** Calls one procedure with invalid input; a refusal must be the contract's own. */
export async function callBadly({ client }: Connection, { procedure, input }: HostileCall): Promise<Finding[]> {
  const name = procedure.path.join('.')
  const aborted = new AbortController()
  try {
    const answer = await within(
      callable(client, procedure.path)(input, { signal: aborted.signal }),
      answerWithin,
      `The answer of ${name}`,
    )
    await endStarted(client, answer, aborted)
    return []
  } catch (error) {
    aborted.abort()
    const shape =
      error instanceof ORPCError && error.code === 'STUDIO_ERROR' ? errorShape.safeParse(error.data).data : undefined
    const told = `${name} ${inputText(input)}: ${error instanceof Error ? error.message : String(error)}`.slice(0, 400)
    // What cannot be decoded (keys that reach for prototypes, for example) is refused before any procedure.
    if (error instanceof ORPCError && error.code === 'BAD_REQUEST') return []
    if (shape === undefined) return [{ what: `a refusal that is none of the contract’s (${name})`, detail: told }]
    if (shape.code === 'INTERNAL') return [{ what: `INTERNAL (${name})`, detail: told }]
    if (shape.message.length > 4000)
      return [{ what: `a message of more than 4,000 characters (${name})`, detail: told.slice(0, 200) }]
    return []
  }
}

const job = z.object({ job: z.number().int().positive() })

/** Ends everything that was really started: jobs, and streams that would continue. */
async function endStarted(client: Connection['client'], answer: unknown, aborted: AbortController): Promise<void> {
  const started = job.safeParse(answer)
  if (started.success) await callable(client, ['jobs', 'cancel'])(started.data, { signal: aborted.signal })
  if (typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer) aborted.abort()
}

function inputText(input: unknown): string {
  // JSON has no text for undefined and for a bigint.
  if (input === undefined) return 'undefined'
  const text = JSON.stringify(input, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
  return text.slice(0, 150)
}
