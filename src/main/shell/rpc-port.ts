import { randomUUID } from 'node:crypto'
import { ipcMain, type IpcMainEvent } from 'electron'
import { appOrigin, rpcConnect } from '../../shared/connection'
import type { Engine } from '../engine/engine'
import { log, logDefect } from '../jobs/log'
import { answerCalls } from '../routes/rpc-calls'

/** Connects the renderer's port to the engine's router: only from the main frame of a page of `app://ui`. */
export function answerRpcPorts(engine: Engine): void {
  const answer = answerCalls(engine, logDefect)
  ipcMain.on(rpcConnect, (event: IpcMainEvent) => {
    const [port] = event.ports
    if (port === undefined) return
    if (!isOwnPage(event)) {
      port.close()
      return
    }
    // A port cannot be opened again, so every load of the page counts as a new page.
    const calls = answer(
      engine.connect(randomUUID()),
      (message) => port.postMessage(message),
      (reason) => {
        log(`The window's connection was closed: ${reason}`)
        port.close()
      },
    )
    port.on('message', ({ data }: { data: unknown }) => void calls.message(data))
    port.on('close', () => calls.close())
    port.start()
  })
}

function isOwnPage(event: IpcMainEvent): boolean {
  const frame = event.senderFrame
  return frame !== null && frame.origin === appOrigin && frame === event.sender.mainFrame
}
