import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { router } from '../engine/router'
import type { EngineContext } from '../engine/context'
import { answerCalls, type RpcCalls } from './rpc-calls'

/** No call that is understood here needs anything of the engine but what it says of itself. */
const context = { about: { version: '1', host: 'cli', library: '/l', platform: 'p', readOnly: false, cleanedUp: null } }

function connected(): { calls: RpcCalls; sent: unknown[]; refused: string[]; closed: () => number } {
  const [sent, refused]: [unknown[], string[]] = [[], []]
  let closed = 0
  const connection = { context: context as EngineContext, close: () => (closed += 1) }
  const calls = answerCalls({ router }, (error) => void refused.push(String(error)))(
    connection,
    (message) => void sent.push(message),
    (reason) => void refused.push(reason),
  )
  return { calls, sent, refused, closed: () => closed }
}

describe('calls over a connection', () => {
  it('answers a call, and an unknown procedure with its status', async () => {
    const { calls, sent, refused } = connected()
    await calls.message('{"i":"1","p":{"u":"/system/about"}}')
    await calls.message('{"i":"2","p":{"u":"/no/such"}}')
    await calls.message('{"i":"3","p":{"u":"/__proto__/constructor"}}')
    expect(sent.map((message) => JSON.parse(String(message)) as unknown)).toMatchObject([
      { i: '1', p: { b: { json: { host: 'cli' } } } },
      { i: '2', p: { s: 404 } },
      { i: '3', p: { s: 404 } },
    ])
    expect(refused).toEqual([])
  })

  it('refuses invalid messages, and never rejects', async () => {
    const wrong = fc.oneof(
      fc.string(),
      fc.json(),
      fc.uint8Array(),
      fc.anything(),
      fc.constantFrom(
        'null',
        '{"i":"1"}',
        '{"i":"1","p":{}}',
        '{"i":"1","p":{"u":"http://["}}',
        '{"i":"1","p":{"u":7}}',
      ),
    )
    await fc.assert(
      fc.asyncProperty(wrong, async (message) => {
        const { calls, refused } = connected()
        await calls.message(message)
        expect(refused).toEqual(['This is not a message of VASP Studio.'])
      }),
    )
  })

  it('refuses more open calls than a page makes, and closes its connection once', async () => {
    const { calls, sent, refused, closed } = connected()
    const about = Array.from({ length: 300 }, (_, n) => calls.message(`{"i":"${n}","p":{"u":"/system/about"}}`))
    expect(refused).toEqual(Array.from({ length: 300 - 256 }, () => 'Too many calls are open at the same time.'))
    await Promise.all(about)
    expect(sent).toHaveLength(256)
    calls.close()
    expect(closed()).toBe(1)
  })
})
