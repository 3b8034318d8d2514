import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { nativeBackend, type NativeBackend } from './native-ops'

/** The processor flags (in Linux's names) for each level that set-up compiles (scripts/setup/kernels.mjs), best first. */
const levels = [
  { name: 'x86-64-v4', flags: ['avx512f', 'avx512bw', 'avx512cd', 'avx512dq', 'avx512vl'] },
  { name: 'x86-64-v3', flags: ['avx2', 'fma', 'bmi1', 'bmi2', 'f16c', 'movbe', 'abm'] },
]

/** The sources that set-up compiles. */
const sources = import.meta.glob<string>('../../../resources/native/*', {
  query: '?raw',
  import: 'default',
  eager: true,
})

let loaded = false
let absent = 'TensorFlow has not been loaded'
let wanted = true

/** The native backend if our own kernels (resources/native) are loaded, else null: then TensorFlow's ops are used instead. */
export function kernelBackend(): NativeBackend | null {
  const backend = loaded && wanted ? nativeBackend() : null
  return backend?.isUsingGpuDevice ? null : backend
}

/** The level of the processor that our own kernels in use were compiled for; empty if they are not used. */
export const kernelLevel = (): string => (kernelBackend() === null ? '' : (bestLevel() ?? ''))

/** Why our own kernels are not used; empty if they are. */
export const kernelsAbsent = (): string => (loaded ? '' : absent)

/** Lets tests and benchmarks run the composed ops on a machine that has the kernels. */
export function useKernels(on: boolean): void {
  wanted = on
}

/** Registers our own kernels with TensorFlow, which must be loaded. If that fails, `kernelsAbsent` gives the reason. */
export function loadKernels(runtime: string): void {
  const file = kernelFile(runtime)
  if (file === null) absent = 'the processor has no AVX2'
  else if (!existsSync(file)) absent = 'they are not set up'
  else if (statSync(file).size === 0) absent = 'they did not compile'
  else
    try {
      const load = createRequire(import.meta.url)
      loaded = (load(file) as { registered: boolean }).registered
      absent = 'TensorFlow refused them'
    } catch (error) {
      absent = error instanceof Error ? error.message : String(error)
    }
}

/** Path of the kernels that set-up compiles from these sources for this processor; null if it compiles none for it. */
export function kernelFile(runtime: string): string | null {
  const level = bestLevel()
  const hash = createHash('sha256')
  for (const [, source] of Object.entries(sources).sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(source)
  return level === null ? null : join(runtime, 'kernels', `${hash.digest('hex').slice(0, 16)}-${level}.node`)
}

function bestLevel(): string | null {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.trim().split(' '))
  return levels.find((level) => level.flags.every((flag) => flags.has(flag)))?.name ?? null
}
