import type { ErrorShape } from '../../shared/errors'
import { saysGpuIsFull, whenGpuIsFull } from '../../shared/gpu-memory'
import type { WorkerExit } from './worker-process'

/**
 * Lines that say why a process ended: the last messages of V8, the C and C++ libraries, the dynamic linker, TensorFlow and JavaScript. Everything
 * else (start-up messages, warnings, stacks, progress) is left out, because it changes between library versions.
 */
const reasons = [
  /^FATAL ERROR: |^# Fatal /,
  /^(Uncaught )?([A-Z]\w*)?(Error|Exception)( \[\w+\])?: /,
  /terminate called|^\s*what\(\): |std::bad_alloc/,
  /Assertion .+ failed|Check failed: /,
  /: F (tensorflow|external)|^F\d{4} /,
  /OOM when allocating|ResourceExhausted|RESOURCE_EXHAUSTED|CUDA_ERROR_|failed to allocate/,
  /(Segmentation fault|Bus error|Illegal instruction|Floating point exception|stack smashing detected|double free or corruption|(malloc|free|realloc|munmap_chunk)\(\): )/,
  /symbol lookup error|error while loading shared libraries|cannot open shared object file/,
  /Cannot allocate memory|heap out of memory|No space left on device/,
  /\bspawn\b.* E[A-Z]+\b/,
]

const lastLines = (text: string): string =>
  text
    .split(/\r?\n/)
    .filter((line) => reasons.some((reason) => reason.test(line)))
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

/** Explains why a worker process ended without a result: the signal or exit code, and the last lines of its output. */
export function workerEnded(what: string, exit: WorkerExit): ErrorShape {
  const words = lastLines(exit.lastOutput)
  if (saysGpuIsFull(exit.lastOutput)) {
    return {
      code: 'WORKER_ENDED',
      message: `${what} stopped: its process ended ${how(exit)}, because the GPU ran out of memory. Its last output: ${words}`,
      next: whenGpuIsFull,
    }
  }
  if (killed(exit) || outOfMemory.test(exit.lastOutput)) {
    return {
      code: 'WORKER_ENDED',
      message: `${what} stopped: its process ended ${how(exit)}, most likely because this machine ran out of memory.${words ? ` Its last output: ${words}` : ''}`,
      next: 'Close other programs, or choose a smaller model or a smaller batch, then start it again.',
    }
  }
  return {
    code: 'WORKER_ENDED',
    message: `${what} stopped: its process ended ${how(exit)} without a result.${words ? ` Its last output: ${words}` : ''}`,
    next: 'Start it again. If it stops again, copy this message and report it.',
  }
}
