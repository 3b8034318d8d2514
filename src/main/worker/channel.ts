import { toWorker, type FromWorker, type ToWorker } from '../jobs/protocol'

/** This process's line to the engine that started it. */
export interface Channel {
  post(message: FromWorker): void
  onMessage(listener: (message: ToWorker) => void): void
  /** The engine is gone, with or without a word. */
  onGone(listener: () => void): void
}

/** The part of Electron's `process.parentPort` that is used here, so that the worker needs nothing of Electron. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
}

const isParentPort = (value: unknown): value is ParentPort =>
  typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value

/** The channel of a utility process under Electron, or of a forked process elsewhere. Throws where this is neither. */
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
  if (!process.send) throw new Error('The worker is started by VASP Studio, not by hand.')
  return {
    post: (message) => process.connected && process.send?.(message),
    onMessage: (listener) => process.on('message', (message) => listener(toWorker.parse(message))),
    onGone: (listener) => process.on('disconnect', listener),
  }
}
