/** How the renderer reaches the router: by a MessagePort of its own window in Electron, by a WebSocket in a browser. */

/** Channel and window message with which the renderer hands the preload its one port: `window.postMessage(rpcConnect, '*', [port])`. */
export const rpcConnect = 'rpc:connect'

/** WebSocket path of the browser host: `ws://<location.host>/rpc`. */
export const rpcSocketPath = '/rpc'

/** Where the renderer lives under Electron; nothing else may connect. */
export const appScheme = 'app'
export const appOrigin = 'app://ui'
