import type { ErrorShape } from '../../shared/errors'
import { saysGpuIsFull, whenGpuIsFull } from '../../shared/gpu-memory'
import type { WorkerExit } from './worker-process'

/** TensorFlow's and Node's chatter, which says nothing about why a process ended. */
const chatter =
  /^\s*$|: [IW] (tensorflow|external)|^\s+at |^WARNING: All log|rebuild TensorFlow|failed call to cuInit|ExperimentalWarning|--trace-|^Node\.js v|This TensorFlow binary is optimized/

const lastLines = (text: string): string =>
  text
    .split(/\r?\n/)
    .filter((line) => !chatter.test(line))
    .slice(-3)
    .map((line) => line.trim())
    .join(' · ')
    .slice(0, 400)

const outOfMemory = /heap out of memory|std::bad_alloc|Cannot allocate memory|OOM when allocating|ResourceExhausted/i
/** 137 = 128 + 9 is how shells and containers, 9 how Electron reports SIGKILL. */
const killed = (exit: WorkerExit): boolean => exit.signal === 'SIGKILL' || exit.code === 137 || exit.code === 9

function how(exit: WorkerExit): string {
  if (exit.signal) return `by the signal ${exit.signal}`
  return exit.code === null ? 'before it could start' : `with exit code ${exit.code}`
}

/** Says why a worker process ended without a result: the signal or exit code, in plain words, and the last lines it wrote. */
export function workerEnded(what: string, exit: WorkerExit): ErrorShape {
  const words = lastLines(exit.lastWords)
  if (saysGpuIsFull(exit.lastWords)) {
    return {
      code: 'WORKER_ENDED',
      message: `${what} stopped: its process ended ${how(exit)}, because the GPU’s memory was not enough. It last said: ${words}`,
      next: whenGpuIsFull,
    }
  }
  if (killed(exit) || outOfMemory.test(exit.lastWords)) {
    return {
      code: 'WORKER_ENDED',
      message: `${what} stopped: its process was ended ${how(exit)}, most likely because this machine ran out of memory.${words ? ` It last said: ${words}` : ''}`,
      next: 'Close other programs, or choose a smaller model or a smaller batch, then start it again.',
    }
  }
  return {
    code: 'WORKER_ENDED',
    message: `${what} stopped: its process ended ${how(exit)} without a result.${words ? ` It last said: ${words}` : ''}`,
    next: 'Start it again; if it stops again, copy this message and report it.',
  }
}
