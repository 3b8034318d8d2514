import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { isContractProcedure } from '@orpc/contract'
import { ORPCError } from '@orpc/client'
import { z } from 'zod'
import { contract } from '../../../src/shared/contract'
import { errorShape } from '../../../src/shared/errors'
import { seededRandom, type Random } from '../../../src/main/numeric/random'
import { counted, Tally, type Attack, type AttackResult, type AttackSetting } from '../attack'
import { startBrowserHost, type BrowserHost, type Connection } from '../browser-host'
import type { Finding } from '../library-state'
import { endText, Product, residentBytes } from '../product'
import { pause, within } from '../waiting'
import { hostileFrame, hostileInput } from './hostile-input'

/** One procedure of the contract: how it is reached, and what it says it takes. */
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
/** Growth of the host's resident memory from the middle to the end of the requests that passes as flat. */
const flat = 64 * 2 ** 20

function proceduresOf(node: unknown, path: readonly string[] = []): Procedure[] {
  if (isContractProcedure(node)) {
    const schema: unknown = node['~orpc'].inputSchema
    return [{ path, input: schema instanceof z.ZodType ? schema : z.unknown() }]
  }
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([name, inner]) => proceduresOf(inner, [...path, name]))
}

type Callable = (input: unknown, options: { signal: AbortSignal }) => Promise<unknown>

/** The procedure of a client, whose types know only what fits. */
function callable(client: Connection['client'], path: readonly string[]): Callable {
  let at: unknown = client
  for (const name of path) at = (at as Record<string, unknown>)[name]
  return at as Callable
}

/** Calls one procedure with what it was not made for; a refusal has to be the contract's own. */
async function callBadly(
  host: BrowserHost,
  { client }: Connection,
  procedure: Procedure,
  input: unknown,
): Promise<Finding[]> {
  const name = procedure.path.join('.')
  const withdrawn = new AbortController()
  try {
    const answer = await within(
      callable(client, procedure.path)(input, { signal: withdrawn.signal }),
      answerWithin,
      `The answer of ${name}`,
    )
    await withdraw(client, answer, withdrawn)
    return []
  } catch (error) {
    withdrawn.abort()
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

/** Ends what was started in earnest: jobs, and streams that would go on. */
async function withdraw(client: Connection['client'], answer: unknown, withdrawn: AbortController): Promise<void> {
  const started = job.safeParse(answer)
  if (started.success) await callable(client, ['jobs', 'cancel'])(started.data, { signal: withdrawn.signal })
  if (typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer) withdrawn.abort()
}

function inputText(input: unknown): string {
  // JSON has no text for undefined and for a bigint.
  if (input === undefined) return 'undefined'
  const text = JSON.stringify(input, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
  return text.slice(0, 150)
}

const isAlive = ({ started }: BrowserHost): boolean =>
  started.child.exitCode === null && started.child.signalCode === null

/** Starts a host again where one was ended, which is counted where it happened. */
class Hosts {
  #host: BrowserHost | null = null
  #connection: Connection | null = null
  constructor(
    readonly product: Product,
    readonly library: string,
  ) {}

  async host(): Promise<BrowserHost> {
    if (this.#host && isAlive(this.#host)) return this.#host
    this.#connection = null
    this.#host = await startBrowserHost(this.product, { library: this.library })
    return this.#host
  }

  async connection(): Promise<Connection> {
    const host = await this.host()
    if (this.#connection?.socket.readyState !== 1) this.#connection = await host.connect()
    return this.#connection
  }

  async stop(): Promise<void> {
    this.#connection?.close()
    if (this.#host && isAlive(this.#host)) await this.#host.stop()
  }
}

/** The last line a program wrote that names an error. */
const lastError = (text: string): string =>
  text
    .match(/^.*Error.*$/gm)
    ?.at(-1)
    ?.slice(0, 200) ?? text.trim().slice(-200)

const ended = (host: BrowserHost): Finding[] =>
  isAlive(host) ? [] : [{ what: 'the host ended', detail: lastError(host.started.said().stderr) }]

async function rpcInputs(hosts: Hosts, setting: AttackSetting, count: number): Promise<AttackResult> {
  const tally = new Tally('inputs over RPC')
  const procedures = proceduresOf(contract).filter(({ path }) => !leftAlone.has(path.join('.')))
  let middle = 0
  for (let number = 1; number <= count; number++) {
    const random = seededRandom(setting.seed).fork(`input ${number}`)
    const procedure = procedures[random.integer(procedures.length)]
    const name = procedure?.path.join('.') ?? ''
    if (!procedure || (withoutInput.has(name) && number > procedures.length)) {
      tally.add(number, [])
      continue
    }
    const input = hostileInput(procedure.input, random, destructive.test(name) ? [999, 1_000_000] : [1, 2, 3, 999])
    if (setting.only === null || setting.only === number) {
      const host = await hosts.host()
      tally.add(number, [...(await callBadly(host, await hosts.connection(), procedure, input)), ...ended(host)])
    }
    if (number === Math.floor(count / 2)) middle = residentBytes((await hosts.host()).pid)
  }
  await pause(1000)
  const end = residentBytes((await hosts.host()).pid)
  const memory = `host at the middle ${mebibytes(middle)}, at the end ${mebibytes(end)}`
  if (setting.only === null) tally.add(0, end - middle > flat ? [{ what: 'memory that grows', detail: memory }] : [])
  return tally.result(memory)
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`

async function frames(hosts: Hosts, setting: AttackSetting, count: number): Promise<AttackResult> {
  const tally = new Tally('frames over WebSockets')
  for (let number = 1; number <= count; number++) {
    if (setting.only !== null && setting.only !== number) continue
    const random = seededRandom(setting.seed).fork(`frame ${number}`)
    const host = await hosts.host()
    const connection = await host.connect()
    connection.socket.send(hostileFrame(random))
    const alive = await isAnswering(host, connection)
    connection.close()
    tally.add(number, [...alive, ...ended(host)])
  }
  return tally.result()
}

/** After a bad frame the connection may be closed, but a new one has to be answered. */
async function isAnswering(host: BrowserHost, connection: Connection): Promise<Finding[]> {
  const closed = new Promise<'closed'>((resolve) => connection.socket.once('close', () => resolve('closed')))
  const asked = connection.client.system.about().then(
    () => 'answered' as const,
    () => 'closed' as const,
  )
  const first = await within(Promise.race([asked, closed]), answerWithin, 'An answer after a bad frame').catch(
    () => null,
  )
  if (first === 'answered') return []
  if (first === null) return [{ what: 'no answer after a bad frame', detail: 'neither closed nor answered' }]
  if (!isAlive(host)) return []
  const again = await host.connect()
  const answer = await within(again.client.system.about(), answerWithin, 'An answer').catch((error: unknown) => error)
  again.close()
  return answer instanceof Error ? [{ what: 'a new connection is not answered', detail: answer.message }] : []
}

const odd = [
  '/',
  '/index.html',
  '/files/x',
  '/files/0a0a0a0a-1111-2222-3333-444444444444',
  '/exports/1',
  '/exports/',
  '/rpc',
  '/%',
  '/%00',
  '/..%2f..',
  '//',
  '/\\',
  '/?token=',
  '/*',
]
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND']
const searches = [
  '',
  '?offset=-1',
  '?offset=1e99',
  '?offset=NaN',
  '?offset',
  '?token=x',
  `?${'a=1&'.repeat(3000)}`,
  '?%',
  '?__proto__=1',
]

const one = <T>(random: Random, values: readonly T[]): T => values[random.integer(values.length)] as T

/** Well-formed HTTP with contents that nobody expects, with and without the session. */
async function http(hosts: Hosts, setting: AttackSetting, count: number): Promise<AttackResult> {
  const tally = new Tally('requests over HTTP')
  const letIn = { number: 0 }
  for (let number = 1; number <= count; number++) {
    if (setting.only !== null && setting.only !== number) continue
    const random = seededRandom(setting.seed).fork(`request ${number}`)
    const host = await hosts.host()
    const session = random.integer(2) === 0
    const headers: Record<string, string> = {
      ...(session ? { cookie: host.cookie } : {}),
      ...(random.integer(3) > 0
        ? { origin: `http://127.0.0.1:${host.port}` }
        : { origin: one(random, ['null', 'http://evil.example', 'x']) }),
      ...(random.integer(4) === 0
        ? {
            host: one(random, ['127.0.0.1:99999', 'localhost:', 'evil.example', '127.0.0.1:0', '[::1]', 'localhost:x']),
          }
        : {}),
      ...(random.integer(4) === 0 ? { range: one(random, ['bytes=0-', 'bytes=5-1', 'x', 'bytes=-']) } : {}),
      ...(random.integer(6) === 0 ? { connection: 'Upgrade', upgrade: one(random, ['websocket', 'h2c', 'x']) } : {}),
    }
    const method = one(random, methods)
    const path = `${one(random, odd)}${one(random, searches)}`
    const body = method === 'PUT' || method === 'POST' ? Buffer.alloc(random.integer(5000)) : undefined
    const told = `${method} ${path.slice(0, 60)} host ${headers['host'] ?? 'own'}${headers['upgrade'] ? ` upgrade ${headers['upgrade']}` : ''}`
    const found: Finding[] = []
    try {
      const { status, body: text, headers: answered } = await host.ask(path, { method, headers, ...(body && { body }) })
      if (status >= 500 || text.includes('INTERNAL'))
        found.push({ what: `an answer of ${status}`, detail: `${told}: ${text.slice(0, 150)}` })
      const served = status < 400 && status !== 304
      if (!session && (served || answered['set-cookie']))
        found.push({ what: 'let in without a session', detail: `${told}: ${status}` })
      if (!session && served) letIn.number++
    } catch (error) {
      // An end takes a moment to be told.
      await pause(300)
      if (isAlive(host))
        found.push({
          what: 'a request without an answer',
          detail: `${told}: ${error instanceof Error ? error.message : String(error)}`,
        })
    }
    tally.add(
      number,
      [...found, ...ended(host)].map(({ what, detail }) => ({
        what,
        detail: detail.includes(told) ? detail : `${told}: ${detail}`,
      })),
    )
  }
  return tally.result(`${letIn.number} let in without a session`)
}

export const attack: Attack = {
  name: 'malformed',
  what: 'to end the browser host, to be let in, or to get an INTERNAL error, by inputs, frames and requests that no program of ours sends',
  async run(setting) {
    const product = new Product(setting.root)
    const library = join(setting.folder, 'library')
    cpSync((await setting.base()).library, library, { recursive: true })
    const hosts = new Hosts(product, library)
    try {
      const results = [
        await rpcInputs(hosts, setting, counted(setting.scale, 4000, 60)),
        await frames(hosts, setting, counted(setting.scale, 900, 10)),
        await http(hosts, setting, counted(setting.scale, 1000, 60)),
      ]
      const after = await product.run(['runs', '--json'], { library })
      if (after.code !== 0) throw new Error(`After it the library does not open: ${endText(after)}`)
      return results
    } finally {
      await hosts.stop()
    }
  },
}
