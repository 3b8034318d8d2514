import { connect, type Socket } from 'node:net'
import { draws, type Draws } from '../draws'

export interface RawRequestsOptions {
  readonly port: number
  /** How many connections are opened and attacked. */
  readonly count: number
  readonly seed: number
  /** Cookie header of a browser that was let in: a part of the requests carries it, and malformed frames follow its upgrades. */
  readonly cookie?: string
  /** Connections open at the same moment. */
  readonly atOnce?: number
}

export interface RawRequestsResult {
  readonly sent: number
  /** How many first answers had each status. */
  readonly statuses: Readonly<Record<string, number>>
  /** Connections that the host closed without an answer. */
  readonly closed: number
  /** Connections that the attack reset. */
  readonly reset: number
  /** Connections that the attack ended because no answer came within its patience (unfinished requests). */
  readonly unanswered: number
  /** Connections that could not be opened: 0 while the host lives. */
  readonly refused: number
  /** Answers that must not be: 500 and INTERNAL; without a session anything below 400. Each with what repeats it. */
  readonly wrong: readonly string[]
}

type Ending = 'wait' | 'reset' | 'half-open' | 'end'
interface Attack {
  readonly bytes: Buffer
  readonly ending: Ending
  readonly session: boolean
  /** Bytes that follow once the host has answered (frames after an upgrade). */
  readonly then: Buffer | null
}

/** How long an unfinished request is left open before the attack hangs up, in milliseconds. */
const patienceMs = 400
/** How long a connection may take to be opened, in milliseconds: this process may be busy itself, with other attacks. */
const connectingMs = 15_000
const keptExamples = 20

const methods = ['GET', 'HEAD', 'PUT', 'POST', 'TRACE', 'OPTIONS', 'DELETE', 'PATCH', 'CONNECT', 'QUERY', 'get', 'G=T']
const targets = [
  '/',
  '//',
  '///',
  '//evil.example/',
  '/?token=',
  '/?token=%',
  '/rpc',
  '/rpc?page=%00',
  '//rpc',
  '/rpc/',
  '/files/0a0a0a0a-1111-2222-3333-444444444444?offset=0',
  '/files/%?offset=%',
  '/files/?offset=1e9',
  '/files/0a0a0a0a-1111-2222-3333-444444444444?offset=99999999999999999999',
  '/exports/1',
  '/exports/%00',
  '/exports/%ff',
  '/exports/-1',
  '/%',
  '/%00',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..\\..\\x',
  '\\',
  '*',
  '?',
  '#',
  '/#',
  '',
  'rpc',
  'http://127.0.0.1/',
  'http://[',
  'http://evil.example/rpc',
  'https://127.0.0.1:99999/',
  '127.0.0.1:80',
  'app://ui/',
  '/\u0000',
  '/ü',
  '/ /',
] as const
const hosts = ['127.0.0.1:99999', '127.0.0.1:', '127.0.0.1:-1', 'localhost:0', 'evil.example', '[::1]', '', '@', 'a\tb']

/**
 * Sends raw bytes to a listener on this machine: noise, mutated requests and upgrades, pipelines, unfinished headers and bodies, malformed frames;
 * and ends connections by waiting, by half-closing or by a TCP reset. The same seed sends the same bytes.
 */
export async function rawRequests(options: RawRequestsOptions): Promise<RawRequestsResult> {
  const statuses: Record<string, number> = {}
  const wrong: string[] = []
  const totals = { closed: 0, reset: 0, unanswered: 0, refused: 0 }
  let next = 0

  const work = async (): Promise<void> => {
    for (let number = next++; number < options.count; number = next++) {
      const attack = makeAttack(options, number)
      const outcome = await carryOut(options.port, attack)
      if (outcome.kind !== 'answered') {
        totals[outcome.kind]++
        continue
      }
      statuses[outcome.status] = (statuses[outcome.status] ?? 0) + 1
      if (isWrong(outcome, attack) && wrong.length < keptExamples)
        wrong.push(`seed ${options.seed}, request ${number}: ${outcome.status} for ${shown(attack.bytes)}`)
    }
  }
  await Promise.all(Array.from({ length: options.atOnce ?? 16 }, work))
  return { sent: options.count, statuses, ...totals, wrong }
}

/** Without a session nothing may succeed; with or without, nothing may be a defect. 503 says that there are too many connections. */
function isWrong({ status, text }: { status: number; text: string }, { session }: Attack): boolean {
  if (text.includes('INTERNAL') || (status >= 500 && status !== 503)) return true
  return !session && status < 400 && status !== 100
}

const shown = (bytes: Buffer): string => JSON.stringify(bytes.subarray(0, 300).toString('latin1'))

function makeAttack(options: RawRequestsOptions, number: number): Attack {
  const draw = draws(options.seed, String(number))
  const session = options.cookie !== undefined && draw.chance(0.4)
  const cookie = session ? options.cookie : undefined
  const ending = draw.of<Ending>(['wait', 'wait', 'reset', 'reset', 'half-open', 'end'])
  const kind = draw.of(['noise', 'request', 'request', 'mutated', 'mutated', 'pipeline', 'upgrade', 'upgrade', 'body'])
  const own = { port: options.port, cookie, draw }
  switch (kind) {
    case 'noise':
      return { bytes: draw.bytes(1 + draw.below(2000)), ending, session: false, then: null }
    case 'mutated':
      return { bytes: mutate(Buffer.from(oneRequest(own), 'latin1'), draw), ending, session, then: null }
    case 'pipeline':
      return {
        bytes: Buffer.from(Array.from({ length: 2 + draw.below(30) }, () => oneRequest(own)).join(''), 'latin1'),
        ending,
        session,
        then: null,
      }
    case 'upgrade':
      return { bytes: Buffer.from(upgradeRequest(own), 'latin1'), ending, session, then: frames(draw) }
    case 'body':
      return { bytes: Buffer.from(requestWithBody(own), 'latin1'), ending, session, then: null }
    default:
      return { bytes: Buffer.from(oneRequest(own), 'latin1'), ending, session, then: null }
  }
}

interface Own {
  readonly port: number
  readonly cookie: string | undefined
  readonly draw: Draws
}

const target = (draw: Draws): string =>
  draw.chance(0.1) ? `/${'a'.repeat(draw.below(30_000))}?q=${'%41'.repeat(draw.below(3000))}` : draw.of(targets)

function headers({ port, cookie, draw }: Own): string[] {
  // Who has a session gets further with a plain address, so that more than its refusal is attacked.
  const right = cookie === undefined ? 0.7 : 0.95
  const host = draw.chance(right) ? `127.0.0.1:${port}` : draw.of(hosts)
  const lines = [`Host: ${host}`]
  if (draw.chance(right)) lines.push(`Origin: ${draw.chance(right) ? `http://127.0.0.1:${port}` : 'null'}`)
  if (cookie !== undefined) lines.push(`Cookie: ${cookie}`)
  if (draw.chance(0.05)) lines.push(`X-Long: ${'x'.repeat(draw.below(40_000))}`)
  if (draw.chance(0.05)) for (let n = 0; n < 300; n++) lines.push(`X-${n}: ${n}`)
  if (draw.chance(0.05)) lines.push(draw.of(['Host: twice', 'Range: bytes=9-1', 'Expect: x', 'TE: ?', '__proto__: x']))
  return lines
}

const message = (method: string, path: string, lines: readonly string[], body = ''): string =>
  `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`

const oneRequest = (own: Own): string => message(own.draw.of(methods), target(own.draw), headers(own))

function upgradeRequest(own: Own): string {
  const { draw } = own
  const lines = headers(own)
  lines.push(draw.chance(0.9) ? 'Connection: Upgrade' : 'Connection: close')
  lines.push(`Upgrade: ${draw.chance(0.8) ? 'websocket' : draw.of(['h2c', 'x', 'WebSocket, h2c'])}`)
  if (draw.chance(0.9)) lines.push(`Sec-WebSocket-Key: ${draw.chance(0.9) ? draw.bytes(16).toString('base64') : '?'}`)
  if (draw.chance(0.9)) lines.push(`Sec-WebSocket-Version: ${draw.of([13, 13, 13, 8, 99])}`)
  if (draw.chance(0.1)) lines.push('Sec-WebSocket-Extensions: permessage-deflate; x=,')
  if (draw.chance(0.1)) lines.push('Sec-WebSocket-Protocol: ,,')
  const path = draw.chance(own.cookie === undefined ? 0.6 : 0.9) ? '/rpc' : target(draw)
  return message(draw.chance(0.9) ? 'GET' : draw.of(methods), path, lines)
}

function requestWithBody(own: Own): string {
  const { draw } = own
  const path = target(draw)
  const length = draw.below(5000)
  const sent = 'b'.repeat(draw.chance(0.5) ? length : draw.below(length + 1))
  const wrongs = [
    ['Content-Length: -1'],
    ['Content-Length: 99999999999999999999'],
    ['Content-Length: 1', 'Content-Length: 2'],
    ['Content-Length: 4', 'Transfer-Encoding: chunked'],
    ['Transfer-Encoding: chunked, x'],
  ] as const
  const right = draw.chance(0.5) ? [`Content-Length: ${length}`] : ['Transfer-Encoding: chunked']
  const chunk = draw.of([
    `${sent.length.toString(16)}\r\n${sent}\r\n0\r\n\r\n`,
    `zz\r\n${sent}`,
    `ffffffffffffffff\r\n`,
  ])
  const lines = draw.chance(0.3) ? draw.of(wrongs) : right
  const body = lines.some((line) => line.startsWith('Transfer')) ? chunk : sent
  return message(draw.of(['PUT', 'POST', 'GET']), path, [...headers(own), ...lines], body)
}

/** Flips, drops, repeats and inserts bytes. */
function mutate(bytes: Buffer, draw: Draws): Buffer {
  let mutated = bytes
  for (let n = 1 + draw.below(6); n > 0; n--) {
    const at = draw.below(mutated.length)
    const before = mutated.subarray(0, at)
    const way = draw.below(4)
    if (way === 0) mutated = Buffer.concat([before, draw.bytes(1), mutated.subarray(at + 1)])
    else if (way === 1) mutated = Buffer.concat([before, mutated.subarray(at + draw.below(20))])
    else if (way === 2) mutated = Buffer.concat([before, draw.bytes(draw.below(20)), mutated.subarray(at)])
    else mutated = Buffer.concat([before, mutated.subarray(Math.max(0, at - draw.below(40)))])
    if (mutated.length === 0) return draw.bytes(3)
  }
  return mutated
}

const texts = [
  '',
  '{',
  'null',
  '[]',
  '{"i":1}',
  '{"i":"1","p":{}}',
  '{"i":"1","p":{"u":"http://["}}',
  '{"i":"1","p":{"u":"/__proto__/x"}}',
  '{"i":"1","p":{"u":"/system/about","h":{"content-type":"multipart/form-data"}}}',
  '{"i":"1","p":{"u":"/datasets/users","b":{"json":{"id":1,"query":"%","limit":1e99}}}}',
  '{"i":"1","t":3,"p":null}',
  '{"i":"1","t":9}',
]

/** Frames as a client sends them (masked), each in some way wrong or saying what makes no sense. */
function frames(draw: Draws): Buffer {
  const parts: Buffer[] = []
  for (let n = 1 + draw.below(4); n > 0; n--) {
    const payload = draw.chance(0.3) ? draw.bytes(draw.below(300)) : Buffer.from(draw.of(texts))
    const opcode = draw.of([0x81, 0x81, 0x81, 0x82, 0x01, 0x80, 0x88, 0x89, 0xf1, 0x83])
    if (draw.chance(0.1)) {
      const endless = Buffer.alloc(14)
      endless[0] = opcode
      endless[1] = 0xff
      endless.writeBigUInt64BE(draw.of([1n << 62n, 16_000_000n, 17_000_000n]), 2)
      parts.push(endless)
    } else if (payload.length < 126) parts.push(Buffer.from([opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload)
    else parts.push(Buffer.from([opcode, 0xfe, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]), payload)
  }
  return Buffer.concat(parts)
}

type Outcome =
  | { readonly kind: 'answered'; readonly status: number; readonly text: string }
  | { readonly kind: 'closed' | 'reset' | 'unanswered' | 'refused' }

/** Carries one attack out; resolves once its connection is gone. */
function carryOut(port: number, attack: Attack): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    let text = ''
    let opened = false
    let ended: 'closed' | 'reset' | 'unanswered' = 'closed'
    let followed = false
    const hangUp = (): void => {
      ended = 'unanswered'
      socket.destroy()
    }
    let patience = setTimeout(hangUp, connectingMs)

    socket.on('connect', () => {
      opened = true
      clearTimeout(patience)
      patience = setTimeout(hangUp, patienceMs)
      socket.write(attack.bytes)
      if (attack.ending === 'half-open') socket.end()
      if (attack.ending === 'reset') {
        // In the turn in which the host may be about to answer.
        setImmediate(() => {
          ended = 'reset'
          socket.resetAndDestroy()
        })
      }
    })
    socket.on('data', (data: Buffer) => {
      if (text.length < 4000) text += data.toString('latin1')
      if (attack.then !== null && !followed) {
        followed = true
        if (socket.writable) socket.write(attack.then)
      } else if (attack.ending === 'end') socket.destroy()
    })
    socket.on('end', () => end(socket))
    // The host may close first: what counts is whether it lives.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      clearTimeout(patience)
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]
      if (status !== undefined) resolve({ kind: 'answered', status: Number(status), text })
      else resolve({ kind: opened ? ended : 'refused' })
    })
  })
}

function end(socket: Socket): void {
  if (socket.writable) socket.end()
  else socket.destroy()
}
