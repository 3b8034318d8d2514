import { ipcRenderer } from 'electron'
import { rpcConnect } from '../shared/connection'

/**
 * Hands on one MessagePort that this very window posted, once per page load, and nothing else: no object is put into the page's world,
 * so the page gains exactly what the engine's contract offers.
 */
const forward = (event: MessageEvent<unknown>): void => {
  const [port] = event.ports
  if (event.source !== window || event.data !== rpcConnect || port === undefined) return
  window.removeEventListener('message', forward)
  ipcRenderer.postMessage(rpcConnect, null, [port])
}
window.addEventListener('message', forward)
