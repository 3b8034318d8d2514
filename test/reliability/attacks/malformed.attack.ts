import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { seededRandom, type Random } from '../../../src/main/numeric/random'
import { counted, Tally, type Attack, type AttackResult, type AttackSetting } from '../attack'
import { isAlive, startBrowserHost, type BrowserHost, type Connection } from '../browser-host'
import type { Finding } from '../library-state'
import { endText, Product, residentBytes } from '../product'
import { pause, within } from '../waiting'
import { callBadly, drawCall } from './hostile-calls'
import { hostileFrame } from './hostile-input'

const answerWithin = 60_000
/** Growth of the host's resident memory from the middle to the end of the requests that passes as flat. */
const flat = 64 * 2 ** 20

/** Restarts a host that was ended; the end is counted where it happened. */
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
  let middle = 0
  for (let number = 1; number <= count; number++) {
    const call = drawCall(seededRandom(setting.seed).fork(`input ${number}`))
    if (setting.only === null || setting.only === number) {
      const host = await hosts.host()
      tally.add(number, [...(await callBadly(await hosts.connection(), call)), ...ended(host)])
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

/** Well-formed HTTP with unexpected contents, with and without the session. */
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
      // An end takes a moment to be reported.
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
  page: 'SECURITY.md',
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
