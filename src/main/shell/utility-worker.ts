import { utilityProcess } from 'electron'
import { readFromWorker } from '../jobs/protocol'
import { workerEnvironment, workerFlags } from '../jobs/worker-environment'
import { LastOutput, type WorkerSpawner } from '../jobs/worker-process'

/**
 * Starts workers as Electron utility processes: Node without Chromium's windows, from an ESM entry that may be inside the asar archive.
 * @param entry path of the built worker
 */
export const utilityWorker =
  (entry: string): WorkerSpawner =>
  (freed = 'kept') => {
    const child = utilityProcess.fork(entry, [], {
      serviceName: 'VASP Studio worker',
      execArgv: workerFlags,
      env: workerEnvironment(freed),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = new LastOutput()
    child.stdout?.on('data', output.append)
    child.stderr?.on('data', output.append)
    let running = true
    child.once('exit', () => (running = false))
    // Electron reports V8's fatal errors (out of memory) here and not on standard error.
    child.on('error', (type, location) => output.append(`\n${type} at ${location}\n`))

    return {
      get pid() {
        return child.pid
      },
      post(message) {
        // A worker that has just ended is reported by its exit, not by a message that could not be sent.
        if (running) child.postMessage(message)
      },
      onMessage(listener) {
        child.on('message', (message: unknown) => listener(readFromWorker(message)))
      },
      onExit(listener) {
        child.once('exit', (code) => listener({ code, signal: null, lastOutput: output.text }))
      },
      kill() {
        // SIGKILL, if there are signals: `child.kill()` only asks, and a worker inside a long TensorFlow call would not notice it.
        if (child.pid !== undefined && process.platform !== 'win32') process.kill(child.pid, 'SIGKILL')
        else child.kill()
      },
    }
  }
