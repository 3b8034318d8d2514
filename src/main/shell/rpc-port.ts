import { ipcMain, type IpcMainEvent } from 'electron'
import { RPCHandler } from '@orpc/server/message-port'
import { appOrigin, rpcConnect } from '../../shared/connection'
import type { Engine } from '../engine/engine'

/** Connects the renderer's port to the engine's router: only from the main frame of a page of `app://ui`. */
export function answerRpcPorts(engine: Engine): void {
  const handler = new RPCHandler(engine.router)
  ipcMain.on(rpcConnect, (event: IpcMainEvent) => {
    const [port] = event.ports
    if (port === undefined) return
    if (!isOwnPage(event)) {
      port.close()
      return
    }
    handler.upgrade(port, { context: engine.context })
    port.start()
  })
}

function isOwnPage(event: IpcMainEvent): boolean {
  const frame = event.senderFrame
  return frame !== null && frame.origin === appOrigin && frame === event.sender.mainFrame
}
