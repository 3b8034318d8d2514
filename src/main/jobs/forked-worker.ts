import { fork } from 'node:child_process'
import { readFromWorker, type FromWorker } from './protocol'
import { workerEnvironment, workerFlags } from './worker-environment'
import { LastOutput, type WorkerExit, type WorkerProcess, type WorkerSpawner } from './worker-process'

/** Starts workers with `child_process.fork`: for every host that runs under plain Node. @param entry path of the built worker. */
export const forkedWorker =
  (entry: string): WorkerSpawner =>
  (freed = 'kept') => {
    const child = fork(entry, [], {
      serialization: 'advanced',
      execArgv: workerFlags,
      env: workerEnvironment(freed),
      // Standard output belongs to the host: the command line prints only one JSON document there.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    const output = new LastOutput()
    child.stdout?.on('data', output.append)
    child.stderr?.on('data', output.append)
    let failedToStart: Error | null = null

    return {
      pid: child.pid,
      post(message) {
        // A worker that has just ended is reported by its exit, not by a message that could not be sent.
        if (child.connected) child.send(message, () => undefined)
      },
      onMessage(listener: (message: FromWorker) => void) {
        child.on('message', (message) => listener(readFromWorker(message)))
      },
      onExit(listener: (exit: WorkerExit) => void) {
        let told = false
        const tell = (code: number | null, signal: string | null): void => {
          if (told) return
          told = true
          listener({ code, signal, lastOutput: failedToStart?.message ?? output.text })
        }
        // `close` comes after `exit` and after the last bytes of standard error.
        child.on('close', tell)
        child.on('error', (error) => {
          failedToStart = error
          if (child.pid === undefined) tell(null, null)
        })
      },
      kill() {
        child.kill('SIGKILL')
      },
    } satisfies WorkerProcess
  }
