/** How the renderer reaches the router: by a MessagePort of its own window in Electron, by a WebSocket in a browser. */

/** Channel and window message with which the renderer hands the preload its one port: `window.postMessage(rpcConnect, '*', [port])`. */
export const rpcConnect = 'rpc:connect'

/** WebSocket path of the browser host: `ws://<location.host>/rpc?page=<uuid>`. */
export const rpcSocketPath = '/rpc'
/** Path with the name that a page gives itself while it is loaded: who connects again under it still owns the uploads of before. */
export const rpcSocketAddress = (page: string): string => `${rpcSocketPath}?page=${page}`

/** Where the renderer lives under Electron; nothing else may connect. */
export const appScheme = 'app'
export const appOrigin = 'app://ui'
