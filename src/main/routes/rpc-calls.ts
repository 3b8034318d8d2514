import { StandardRPCHandler } from '@orpc/server/standard'
import { createServerPeerHandleRequestFn } from '@orpc/server/standard-peer'
import { ServerPeer } from '@orpc/standard-server-peer'
import type { EngineContext } from '../engine/context'
import type { Engine, PageConnection } from '../engine/engine'

/** The maximum number of calls of one connection that wait for an answer at the same time, including streams. */
const mostOpenCalls = 256
const noMessage = 'This is not a message of VASP Studio.'

/** The calls over one connection of a page, of either kind of connection. */
export interface RpcCalls {
  /** Handles one message. Never rejects: for a message outside the protocol it calls `refuse`. */
  message(raw: unknown): Promise<void>
  /** Ends the running calls. */
  close(): void
}

export type AnswerCalls = (
  connection: PageConnection,
  send: (message: string | ArrayBufferLike | Uint8Array) => void,
  refuse: (reason: string) => void,
) => RpcCalls

/**
 * Answers calls of the contract over the app's message port or the browser host's WebSocket. Messages that do not follow the protocol, and
 * more simultaneous calls than a page makes, are reported to the connection, which closes.
 * @param failed called for streams that ended with an error, which their page has received
 */
export function answerCalls(engine: Pick<Engine, 'router'>, failed: (error: unknown) => void): AnswerCalls {
  const handler = new StandardRPCHandler<EngineContext>(engine.router, {})
  return (connection, send, refuse) => {
    const peer = new ServerPeer(async (message) => send(message))
    const answer = createServerPeerHandleRequestFn(handler, { context: connection.context })
    let open = 0
    return {
      async message(raw) {
        if (!isMessage(raw)) {
          refuse(noMessage)
          return
        }
        if (open >= mostOpenCalls) {
          refuse('Too many calls are open at the same time.')
          return
        }
        const call = { understood: false }
        open++
        try {
          await peer.message(raw, (request) => {
            call.understood = true
            return answer(request)
          })
        } catch (error) {
          if (call.understood) failed(error)
          else refuse(noMessage)
        } finally {
          open--
        }
      },
      close() {
        peer.close()
        connection.close()
      },
    }
  }
}

const isMessage = (raw: unknown): raw is string | ArrayBuffer | Uint8Array<ArrayBuffer> =>
  typeof raw === 'string' || raw instanceof ArrayBuffer || raw instanceof Uint8Array
