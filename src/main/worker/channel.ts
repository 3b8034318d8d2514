import { toWorker, type FromWorker, type ToWorker } from '../jobs/protocol'

/** The channel to the engine that started this process. */
export interface Channel {
  post(message: FromWorker): void
  onMessage(listener: (message: ToWorker) => void): void
  /** The engine has ended. */
  onGone(listener: () => void): void
}

/** The part of Electron's `process.parentPort` that is used here, so that the worker does not depend on Electron. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
}

const isParentPort = (value: unknown): value is ParentPort =>
  typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value

/** The channel of a utility process under Electron, or of a forked process elsewhere. Throws if this is neither. */
export function openChannel(): Channel {
  const port: unknown = Reflect.get(process, 'parentPort')
  if (isParentPort(port)) {
    return {
      post: (message) => port.postMessage(message),
      onMessage: (listener) => port.on('message', (event) => listener(toWorker.parse(event.data))),
      // Electron ends its utility processes itself.
      onGone: () => undefined,
    }
  }
  if (!process.send) throw new Error('VASP Studio starts this worker; do not start it by hand.')
  return {
    post: (message) => process.connected && process.send?.(message),
    onMessage: (listener) => process.on('message', (message) => listener(toWorker.parse(message))),
    onGone: (listener) => process.on('disconnect', listener),
  }
}
