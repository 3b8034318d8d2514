/** How the renderer reaches the router: by a MessagePort of its own window in Electron, by a WebSocket in a browser. */

/** Channel and window message with which the renderer hands the preload its one port: `window.postMessage(rpcConnect, '*', [port])`. */
export const rpcConnect = 'rpc:connect'

/** WebSocket path of the browser host: `ws://<location.host>/rpc?page=<uuid>`. */
export const rpcSocketPath = '/rpc'
/** Path with the name that a page gives itself while it is loaded: a page that reconnects under it still owns its earlier uploads. */
export const rpcSocketAddress = (page: string): string => `${rpcSocketPath}?page=${page}`

/** Origin of the renderer under Electron; no other may connect. */
export const appScheme = 'app'
export const appOrigin = 'app://ui'
